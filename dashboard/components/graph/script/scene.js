// The drawing on screen: its columns, the names and keys beside them, and what of it is lit or marked.

import { drawColumn, unitMark } from "./column.js";
import { drawLoops } from "./fold.js";
import { segmentAt } from "./chains.js";
import { LONGEST_WINDOW } from "./geometry.js";
import { drawRowLabels } from "./gutter.js";
import { drawLooks } from "./looks.js";
import { draw, setAll, tidy } from "./svg.js";
import { drawWeightKey, weightKeys } from "./weights.js";

const FOLDED_GAP = 64; // from the gutter to the middle of the only column
const FOLDED_WIDTH = 190; // of the loops to the right of it

const ascending = (one, other) => one - other;

export class Scene {
  constructor(model) {
    this.model = model;
    this.columns = new Map(); // by time step
    this.drawing = draw("svg", { role: "group", class: "drawing" });
    this.drawing.setAttribute("aria-label", model.words.title);
  }

  // Draws all of it anew, for another width.
  redraw(place) {
    const { model } = this;
    this.place = place;
    this.columns.clear();
    setAll(this.drawing, { width: place.width, height: place.height, viewBox: `0 0 ${place.width} ${place.height}` });
    this.loops = drawLoops(model, place);
    this.row = draw("g", { class: "row", role: "listbox", "aria-orientation": "horizontal", "aria-label": model.words.steps });
    this.gutter = draw("g", { class: "gutter" }, ...drawRowLabels(model, place));
    const keys = weightKeys(model.graph).map((weight) => drawWeightKey(model, place, weight));
    this.keys = draw("g", { class: "keys", role: "group", "aria-label": model.words.weights }, ...keys);
    const title = draw("title");
    title.textContent = model.words.title;
    const opening = draw("rect", { x: place.gutter - 4, y: 0, width: place.width - place.gutter + 4, height: place.height });
    const clip = draw("clipPath", { id: "window" }, opening);
    this.looks = draw("g", { class: "lookinglines" });
    const window = draw("g", { "clip-path": "url(#window)" }, this.looks, this.row, this.loops);
    this.drawing.replaceChildren(title, clip, window, this.gutter, this.keys);
  }

  // Columns come and go with the window; one that stays is moved, not drawn again.
  arrange() {
    if (!this.place) return;
    const { folded, shown } = this.model.window;
    this.keepColumns(new Set([...shown, ...(folded ? this.columns.keys() : [])]));
    for (const [time, column] of this.columns) this.placeColumn(time, column);
    this.looks.replaceChildren(...drawLooks(this.model, this.place, (time) => this.columnAt(time)));
    const now = segmentAt(this.model.graph, this.model.window.current);
    for (const one of this.loops.children) one.setAttribute("visibility", Number(one.dataset.segment) === now ? "visible" : "hidden");
    this.loops.style.transform = `translate(${tidy(this.foldedAt)}px, 0)`;
    const aside = folded ? this.foldedAt - FOLDED_GAP - this.place.gutter : 0;
    for (const part of [this.gutter, this.keys]) part.style.transform = `translate(${tidy(aside)}px, 0)`;
  }

  keepColumns(wanted) {
    const { current } = this.model.window;
    for (const [time, column] of this.columns)
      if (!wanted.has(time) || Math.abs(time - current) > LONGEST_WINDOW) {
        column.remove();
        this.columns.delete(time);
      }
    for (const time of [...wanted].sort(ascending)) if (!this.columns.has(time)) this.addColumn(time);
  }

  // In the order of time, which a screen reader follows.
  addColumn(time) {
    const column = drawColumn(this.model, this.place, time);
    const [after] = [...this.columns.keys()].filter((other) => other > time).sort(ascending);
    this.row.insertBefore(column, after === undefined ? null : this.columns.get(after));
    this.columns.set(time, column);
    this.markColumn(column);
  }

  // One stop for the Tab key: the current column, or the first where that one is out of view.
  placeColumn(time, column) {
    const { current, folded, shown } = this.model.window;
    const stop = shown.includes(current) ? current : shown[0];
    const x = folded ? this.foldedAt : this.columnAt(time);
    column.style.transform = `translate(${tidy(x)}px, 0)`;
    setAll(column, { "aria-selected": String(time === current), tabindex: time === stop ? 0 : -1 });
    column.toggleAttribute("aria-hidden", folded && time !== current);
    column.classList.toggle("current", time === current);
    column.classList.toggle("later", time > current);
  }

  // Where a column of the window stands. What is said stands apart from what is read.
  columnAt(time) {
    const { gutter, entry, column, between } = this.place;
    const { first } = this.model.window;
    const apart = this.model.graph.segments.filter((one) => one.first > first && one.first <= time).length;
    return gutter + entry + (time - first + 0.5) * column + apart * between;
  }

  // Where the only column stands: in the middle, with its loops.
  get foldedAt() {
    const { gutter, width } = this.place;
    return gutter + FOLDED_GAP + Math.max(0, (width - gutter - 2 * FOLDED_GAP - FOLDED_WIDTH) / 2);
  }

  markColumn(column) {
    const { graph, chosen } = this.model;
    for (const mark of column.querySelectorAll(".unit")) mark.setAttribute("d", unitMark(graph, chosen, this.place, Number(mark.dataset.chain)));
  }

  markUnits() {
    for (const column of this.columns.values()) this.markColumn(column);
  }

  // Lights all copies of a weight; a key stays pressed while another one is only pointed at.
  light(lit, pressed) {
    for (const one of this.drawing.querySelectorAll("[data-weight]")) {
      one.classList.toggle("lit", one.dataset.weight === lit);
      if (one.classList.contains("key")) one.setAttribute("aria-pressed", String(one.dataset.weight === pressed));
    }
  }

  focus(time) {
    this.columns.get(time)?.focus({ preventScroll: true });
  }
}
