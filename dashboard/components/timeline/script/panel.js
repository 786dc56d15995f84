// One network: its text, its lanes, its units. Several panels share the moment that the timeline holds.

import { element } from "../../shared/elements.js";
import { modified } from "../../shared/keys.js";
import { clamp, decimal } from "../../shared/numbers.js";
import { fill } from "../../shared/words.js";
import { LaneView } from "./lanes.js";
import { LegendView } from "./legend.js";
import { isNarrow } from "./look.js";
import { PredictionView, percent } from "./prediction.js";
import { StripView } from "./strip.js";
import { TextView } from "./text.js";
import { Track } from "./track.js";

export class Panel {
  constructor(timeline, header, network, arrays) {
    Object.assign(this, { timeline, words: header.words, name: network.name, title: network.title, order: network.order });
    this.tracks = network.signals.map((signal) => new Track(signal, arrays[signal.array], timeline.cells.count));
    this.choosable = this.tracks.filter((track) => track.units > 1);
    this.unit = this.order[0];
    this.signal = this.choosable[0].name;
    this.makeViews(header, network, arrays);
    this.makeChoices();
    this.root = element("section", "panel");
    this.root.setAttribute("aria-label", network.title);
    this.root.append(this.arrangeHead());
    if (this.text) this.root.append(this.arrangeReading());
    if (this.strip) this.root.append(element("div", "caption", this.words.strip), this.strip.root);
    if (this.lanes) this.root.append(this.lanes.root);
    this.listen();
  }

  makeViews({ parts, rows }, network, arrays) {
    const { words, timeline } = this;
    const { cells } = timeline;
    const has = (part) => parts.includes(part);
    this.text = has("text") ? new TextView(words, cells, network.unknown, rows) : null;
    this.legend = new LegendView(words);
    this.prediction = has("prediction") ? new PredictionView(words, cells, this.predicted(network, arrays)) : null;
    this.strip = has("strip") ? new StripView(words, cells, this.order, arrays[network.spread], (unit) => this.choose(unit)) : null;
    const tracks = has("lanes") ? network.lanes.map((name) => this.track(name) ?? null) : [];
    this.lanes = has("lanes") || has("units") ? new LaneView(words, cells, tracks, has("units")) : null;
  }

  predicted({ symbols, likeliest, likelihood, came }, arrays) {
    return {
      symbols,
      glyph: (symbol) => this.timeline.glyph(symbol),
      likeliest: arrays[likeliest],
      likelihood: arrays[likelihood],
      came: arrays[came],
    };
  }

  makeChoices() {
    const units = this.order.map((unit) => [unit, String(unit)]);
    const signals = this.choosable.map((track) => [track.name, `${track.label} ${track.mark}`]);
    this.unitChoice = this.makeChoice(this.words.unit, units, (value) => this.choose(Number(value)));
    this.signalChoice = this.makeChoice(this.words.coloured_by, signals, (value) => {
      this.signal = value;
      this.timeline.changed();
    });
  }

  makeChoice(text, options, changed) {
    const label = element("label", "choice", text);
    const list = element("select");
    list.setAttribute("aria-label", `${text}, ${this.title}`);
    for (const [value, shown] of options) {
      const option = element("option", "", shown);
      option.value = value;
      list.append(option);
    }
    list.onchange = () => changed(list.value);
    label.append(list);
    return { label, list };
  }

  arrangeHead() {
    const head = element("div", "head");
    head.append(element("div", "title", this.title));
    if (this.text) head.append(this.legend.surface.canvas);
    const choices = element("div", "choices");
    choices.append(this.unitChoice.label);
    if (this.choosable.length > 1) choices.append(this.signalChoice.label);
    head.append(choices);
    return head;
  }

  arrangeReading() {
    const reading = element("div", this.prediction ? "reading wide" : "reading");
    const column = element("div", "column");
    column.append(this.text.root);
    reading.append(column);
    if (this.prediction) reading.append(this.prediction.root);
    return reading;
  }

  listen() {
    if (this.text) this.listenToText();
    if (this.lanes) this.listenToLanes();
  }

  listenToText() {
    const { timeline, text } = this;
    const { canvas } = text.surface;
    canvas.onpointermove = (event) => event.pointerType === "mouse" && timeline.hover(text.locate(event));
    canvas.onpointerleave = () => timeline.hover(null);
    canvas.onclick = (event) => timeline.move(text.locate(event));
    text.root.onscroll = () => timeline.draw();
    text.root.onkeydown = (event) =>
      timeline.press(event, {
        ArrowUp: (time) => text.flow.neighbour(time, -1),
        ArrowDown: (time) => text.flow.neighbour(time, 1),
      });
  }

  listenToLanes() {
    const { timeline, lanes, order } = this;
    const { canvas } = lanes.surface;
    canvas.onpointermove = (event) => {
      if (event.pointerType !== "mouse") return;
      const { time, row } = lanes.locate(event);
      lanes.hovered = row === null ? null : (order[row] ?? null);
      timeline.hover(time);
    };
    canvas.onpointerleave = () => {
      lanes.hovered = null;
      timeline.hover(null);
    };
    canvas.onclick = (event) => {
      const { time, row } = lanes.locate(event);
      if (row !== null && order[row] !== undefined) this.choose(order[row]);
      timeline.move(time);
    };
    lanes.window.onscroll = () => timeline.draw();
    // Along time with the left and right keys, through the units with the others.
    lanes.window.onkeydown = (event) => {
      const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (step === undefined || modified(event)) return timeline.press(event);
      event.preventDefault();
      this.choose(order[clamp(order.indexOf(this.unit) + step, 0, order.length - 1)]);
    };
  }

  track(name) {
    return this.tracks.find((track) => track.name === name);
  }

  // Begins with another unit and signal, if it has them.
  begin({ unit, signal }) {
    if (this.order.includes(unit)) this.unit = unit;
    if (this.track(signal)) this.signal = signal;
  }

  choose(unit) {
    this.unit = unit;
    this.timeline.mean = false;
    this.strip?.reveal(unit);
    this.timeline.changed();
  }

  // Two panels side by side are narrow before the page is.
  own(look) {
    return { ...look, narrow: look.narrow || isNarrow(this.root.clientWidth) };
  }

  measure(look, whole) {
    this.text?.measure(this.own(look));
    this.lanes?.measure(this.own(look), whole, this.order.length);
  }

  reveal(time) {
    this.text?.reveal(time);
    this.lanes?.reveal(time);
  }

  draw(look, time, mean) {
    const own = this.own(look);
    const track = this.track(this.signal);
    const scale = look.scale(track);
    const unit = mean ? null : this.unit;
    this.unitChoice.list.value = String(this.unit);
    this.unitChoice.list.disabled = mean;
    this.signalChoice.list.value = this.signal;
    this.text?.draw(own, track, scale, unit, time);
    if (this.text) this.legend.draw(own, track, scale, unit, time);
    this.prediction?.draw(own, time);
    this.strip?.draw(track, scale, unit);
    this.lanes?.draw(own, track, scale, unit, time, this.order);
  }

  // The moment in words, for the slider.
  describe(time, mean) {
    const { words } = this;
    const track = this.track(this.signal);
    const unit = mean ? null : this.unit;
    const signal = unit === null ? fill(words.mean_of, { signal: track.label }) : fill(words.of_unit, { signal: track.label, unit });
    const value = fill(words.value, { signal, value: decimal(track.value(unit, time), 2) });
    const next = this.prediction?.likeliest(time)[0];
    return next ? `${value}; ${fill(words.next, { character: this.timeline.spoken(next.symbol), share: percent(next.share) })}` : value;
  }
}
