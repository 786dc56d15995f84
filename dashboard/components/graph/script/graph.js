// The computation graph of a run: unrolled over time or folded, with one current time step and one chosen unit.

import { isDark, resolveColour } from "../../shared/colour.js";
import { element } from "../../shared/elements.js";
import { followWidth, mount } from "../../shared/mounting.js";
import { clamp } from "../../shared/numbers.js";
import { WHITE, themeAt } from "../../shared/theme.js";
import { Player, Rest } from "../../shared/timing.js";
import { measure } from "./geometry.js";
import { LookMap } from "./looks.js";
import { listen } from "./pointing.js";
import { Scene } from "./scene.js";
import { describeCurrent, describeUnit } from "./sentences.js";
import { decodeStates, levelColours } from "./states.js";
import { makeTable } from "./table.js";
import { TimeWindow } from "./time_window.js";
import { makeToolbar } from "./toolbar.js";
import { describeWeight, weightKeys } from "./weights.js";

const STEP_MILLISECONDS = 650;

class Graph {
  constructor(parent) {
    this.root = element("div", "graph");
    parent.append(this.root);
    this.window = new TimeWindow();
    this.player = new Player(STEP_MILLISECONDS, () => (this.window.atEnd ? this.stop() : this.move(this.window.current + 1)));
    // The numbers of where the reader has come to rest are worked out below the graph, and it stands in the link.
    this.rest = new Rest(() => this.report("place", { step: this.window.current, ...this.chosen, folded: this.window.folded }));
    this.lit = null; // the weight whose copies stand out: pointed at, in focus or pressed
    this.pressed = null;
    this.watch = followWidth(this);
  }

  // New words, new numbers or only another place to stand: draw no more than what changed.
  update({ graph, words, start, colours, caption, filename }, report) {
    Object.assign(this, { report, caption, filename });
    const fresh = graph.digest !== this.graph?.digest;
    const reworded = JSON.stringify(words) !== JSON.stringify(this.words);
    const moved = start.turn !== this.turn;
    this.words = words;
    if (fresh) this.read(graph, colours);
    if (moved) this.begin(start);
    if (fresh || reworded) this.build();
    if (fresh || reworded || moved) this.resized();
    else this.tint();
  }

  read(graph, colours) {
    this.stop();
    this.graph = graph;
    this.window.length = graph.length;
    this.levels = decodeStates(graph.chains);
    this.colours = levelColours(colours);
    this.pressed = null;
  }

  begin(start) {
    this.rest.cancel();
    this.turn = start.turn;
    this.chosen = { layer: start.layer, direction: start.direction, unit: start.unit };
    Object.assign(this.window, { current: clamp(start.step, 0, this.graph.length - 1), folded: start.folded });
  }

  build() {
    this.toolbar = makeToolbar(this);
    this.scene = new Scene(this);
    this.readout = element("p", "readout");
    this.readout.id = "readout";
    const frame = element("div", "frame");
    frame.append(this.scene.drawing);
    this.map = this.graph.looks ? new LookMap(this) : null;
    this.root.replaceChildren(this.toolbar.above, frame, this.toolbar.below, this.readout, ...(this.map ? [this.map.root] : []), makeTable(this));
    listen(this, this.scene.drawing);
    this.width = null;
  }

  resized() {
    const width = Math.floor(this.root.clientWidth);
    if (!width || !this.graph) return;
    if (width !== this.width) {
      this.width = width;
      const place = measure(this.graph, width);
      this.window.fit(place.count);
      this.scene.redraw(place);
      this.map?.redraw(width);
    }
    this.tint();
    this.show();
    this.scene.markUnits();
  }

  // The theme of the page may have changed.
  tint() {
    this.root.classList.toggle("dark", isDark(resolveColour(themeAt(this.root)("background-color", WHITE))));
  }

  // Brings everything to the window, the current time step and the weight that is lit.
  show() {
    if (!this.scene?.place) return;
    this.scene.arrange();
    this.root.classList.toggle("folded", this.window.folded);
    this.root.classList.toggle("playing", this.player.playing);
    this.toolbar.show();
    this.map?.show();
    this.light(this.lit);
  }

  // Moving

  move(time) {
    this.window.move(time);
    this.show();
    this.moved();
  }

  // While it plays, nobody has come to rest.
  moved() {
    if (this.player.playing) this.rest.cancel();
    else this.rest.moved();
  }

  choose(unit) {
    this.chosen = { ...unit };
    this.scene.markUnits();
  }

  moveUnit(change) {
    this.choose({ ...this.chosen, unit: clamp(this.chosen.unit + change, 0, this.graph.units - 1) });
    this.say(describeUnit(this, this.window.current, this.chosen));
    this.moved();
  }

  scroll(change) {
    this.window.scroll(change);
    this.show();
  }

  // To the current step, after the window was moved away from it.
  back() {
    this.window.follow();
    this.show();
    this.focus();
  }

  focus() {
    this.scene.focus(this.window.current);
  }

  fold(folded) {
    this.window.fold(folded);
    this.show();
    this.moved();
  }

  play() {
    if (this.player.playing) return this.stop();
    if (this.window.atEnd) this.window.move(0);
    this.player.start();
    this.rest.cancel();
    this.show();
  }

  stop() {
    if (!this.player.stop()) return;
    this.show();
    this.moved();
  }

  // Lighting and saying

  press(weight) {
    this.pressed = this.pressed === weight ? null : weight;
    this.light(this.pressed);
  }

  light(weight) {
    this.lit = weight;
    this.root.classList.toggle("lighting", Boolean(weight));
    this.scene.light(weight, this.pressed);
    this.say(weight ? describeWeight(this, weightKeys(this.graph).find(({ key }) => key === weight)) : undefined);
  }

  say(sentence = describeCurrent(this)) {
    if (this.readout.textContent !== sentence) this.readout.textContent = sentence;
  }

  remove() {
    this.player.stop();
    this.rest.cancel();
    this.watch.disconnect();
    this.root.remove();
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  return mount("unrolled.graph", parentElement, Graph, (graph) => graph.update(data, setTriggerValue));
}
