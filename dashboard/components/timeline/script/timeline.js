// One moment, shown everywhere at once. Streamlit calls the function at the end again whenever it has run the page.

import { makeCells } from "../../shared/characters.js";
import { element } from "../../shared/elements.js";
import { take, timeKeys } from "../../shared/keys.js";
import { followWidth, mount } from "../../shared/mounting.js";
import { clamp } from "../../shared/numbers.js";
import { Player, Rest } from "../../shared/timing.js";
import { spoken } from "../../shared/words.js";
import { Bar } from "./bar.js";
import { makeLook } from "./look.js";
import { Panel } from "./panel.js";
import { unpack } from "./payload.js";

const STEP_MILLISECONDS = 140;
const PAGE = 10; // time steps

class Timeline {
  constructor(parent) {
    this.root = element("div", "timeline");
    parent.append(this.root);
    this.time = 0;
    this.hovered = null;
    this.mean = false;
    this.whole = false;
    this.panels = [];
    this.player = new Player(STEP_MILLISECONDS, () => this.advance());
    this.rest = new Rest(() => this.report("moment", this.moment()));
    this.watch = followWidth(this);
  }

  update(bytes, report) {
    this.report = report;
    const { header, arrays } = unpack(bytes);
    if (header.digest === this.header?.digest) {
      // Only the theme may have changed; where the reader has scrolled to stays.
      this.look = makeLook(this.root);
      return this.draw();
    }
    this.read(header, arrays);
    this.resized();
    // The first time a font is named on a canvas it may still be on its way.
    if (this.look) document.fonts.load(`15px ${this.look.mono}`).then(() => this.resized());
  }

  // Where the reader stands stays, unless they are to begin elsewhere: then the header has another stamp.
  read(header, arrays) {
    const fresh = header.stamp !== this.header?.stamp;
    const kept = this.chosen();
    this.stop();
    this.header = header;
    this.build(arrays);
    if (fresh) Object.assign(this, { time: header.start.time, mean: header.start.mean, whole: header.start.whole });
    this.time = clamp(this.time, 0, this.cells.count - 1);
    for (const panel of this.panels) panel.begin((!fresh && kept[panel.name]) || header.start.networks[panel.name]);
  }

  build(arrays) {
    const { header } = this;
    this.cells = makeCells(header.text, header.drawn);
    this.panels = header.networks.map((network) => new Panel(this, header, network, arrays));
    this.bar = new Bar(this);
    this.bar.whole.hidden = !this.panels.some((panel) => panel.lanes);
    this.frame = element("div", this.panels.length > 1 ? "panels beside" : "panels");
    this.frame.append(...this.panels.map((panel) => panel.root));
    const notes = element("div", "notes");
    if (header.networks.some(({ unknown }) => unknown.length)) notes.append(element("p", "", header.words.unknown));
    this.root.replaceChildren(this.bar.root, this.frame, notes);
  }

  resized() {
    this.width = this.root.clientWidth;
    if (!this.header || !this.width) return;
    this.look = makeLook(this.root);
    this.root.classList.toggle("narrow", this.look.narrow);
    for (const panel of this.panels) panel.measure(this.look, this.whole);
    this.reveal(this.time);
    this.paint();
    for (const panel of this.panels) panel.strip?.reveal(panel.unit);
  }

  // Drawing

  // The time step that is looked at.
  get shown() {
    return this.hovered ?? this.time;
  }

  // Once for each frame of the screen, however much has changed.
  draw() {
    this.awaiting ??= requestAnimationFrame(() => {
      this.awaiting = null;
      this.paint();
    });
  }

  paint(ratio = devicePixelRatio || 1) {
    for (const panel of this.panels) panel.draw({ ...this.look, ratio }, this.shown, this.mean);
    this.bar.show();
  }

  reveal(time) {
    for (const panel of this.panels) panel.reveal(time);
  }

  glyph(character) {
    return this.header.drawn[character]?.[0] ?? character;
  }

  spoken(character) {
    return spoken(this.header.words, character, this.glyph(character));
  }

  // Moving

  hover(time) {
    if (time === this.hovered && time === null) return;
    this.hovered = time;
    if (time !== null) this.reveal(time);
    this.draw();
  }

  move(time) {
    this.stop();
    this.time = clamp(time, 0, this.cells.count - 1);
    this.hovered = null;
    this.reveal(this.time);
    this.changed();
  }

  // more : keys of one view, beside those of all
  press(event, more = {}) {
    const to = take(event, { ...timeKeys(this.cells.count, PAGE), ...more });
    if (to) this.move(to(this.time));
  }

  get atEnd() {
    return this.time === this.cells.count - 1;
  }

  start() {
    if (this.atEnd) this.time = 0;
    this.player.start();
    this.draw();
  }

  advance() {
    if (this.atEnd) return this.stop();
    this.time += 1;
    if (this.hovered === null) this.reveal(this.time);
    this.draw();
  }

  stop() {
    if (this.player.stop()) this.changed();
  }

  showMean(mean) {
    this.mean = mean;
    this.changed();
  }

  showWhole(whole) {
    this.whole = whole;
    this.resized();
    this.changed();
  }

  // Draw at once; tell the page when the reader has come to rest.
  changed() {
    this.bar.slider.value = this.time;
    this.draw();
    this.rest.moved();
  }

  // The unit and the signal of each network.
  chosen() {
    return Object.fromEntries(this.panels.map(({ name, unit, signal }) => [name, { unit, signal }]));
  }

  moment() {
    const { time, mean, whole } = this;
    return { stamp: this.header.stamp, time, mean, whole, networks: this.chosen() };
  }

  remove() {
    this.player.stop();
    this.rest.cancel();
    this.watch.disconnect();
    this.root.remove();
  }
}

export default function ({ data, parentElement, setStateValue }) {
  return mount("unrolled.timeline", parentElement, Timeline, (timeline) => timeline.update(data, setStateValue));
}
