// A text of which the reader marks ranges: by dragging over them, or with Shift and the arrow keys and then Enter.
// Marking is seen at once; the page is told when a range is finished.

import { button, element } from "../../shared/elements.js";
import { modified } from "../../shared/keys.js";
import { mount } from "../../shared/mounting.js";
import { clamp } from "../../shared/numbers.js";
import { fill } from "../../shared/words.js";
import { drawCells } from "./cells.js";
import { Marks, selection } from "./marks.js";
import { endsOfRow, nearest, neighbour } from "./rows.js";

const QUOTED = 16; // characters of a passage that a button or a line names

class Marker {
  constructor(parent) {
    this.beside = element("div", "beside");
    this.text = element("div", "text");
    const line = element("div", "line");
    line.append(this.beside, this.text);
    this.everywhere = button("everywhere", "", () => this.repeat());
    this.clear = button("clear", "", () => {
      this.marks.clear();
      this.changed();
    });
    this.readout = element("span", "readout");
    this.readout.setAttribute("aria-live", "polite");
    this.bar = element("div", "bar");
    this.bar.append(this.everywhere, this.clear, this.readout);
    this.count = element("p", "count");
    this.count.setAttribute("role", "status");
    this.root = element("div", "marker");
    this.root.append(line, this.bar, this.count);
    parent.append(this.root);
    this.listen();
  }

  listen() {
    const on = (name, act) => this.text.addEventListener(name, act);
    on("pointerdown", (event) => this.begin(event));
    on("pointermove", (event) => this.drag(event));
    on("pointerup", () => this.finish());
    on("pointercancel", () => this.forget()); // the finger scrolls
    on("blur", () => this.forget());
    on("keydown", (event) => this.press(event));
  }

  update(data, tell) {
    this.tell = tell;
    const before = this.data;
    this.data = data;
    if (before?.text !== data.text || before.mode !== data.mode) {
      this.write();
      this.sent = data.heard;
    }
    // What the page draws may be older than what it has been told since.
    if (data.heard >= this.sent) {
      this.sent = data.heard;
      this.marks.replace(data.ranges);
    }
    this.name();
    this.paint();
  }

  write() {
    this.marks = new Marks(Array.from(this.data.text));
    const { cells, nodes } = drawCells(this.marks.characters, this.data);
    this.cells = cells;
    this.text.replaceChildren(...nodes);
    this.cursor = 0;
    this.last = null; // the range that was marked last
    this.pending = null; // the range that is being dragged over
  }

  name() {
    const { mode, name, words, beside } = this.data;
    const open = mode !== "none";
    this.root.classList.toggle("open", open);
    this.text.setAttribute("role", open ? "application" : "img");
    this.text.setAttribute("aria-label", open ? `${name} ${words.keys}` : name);
    if (open) this.text.tabIndex = 0;
    else this.text.removeAttribute("tabindex");
    this.beside.textContent = beside;
    this.beside.hidden = !beside;
    this.bar.hidden = !open;
    this.everywhere.hidden = this.clear.hidden = mode !== "many";
    this.clear.textContent = words.clear;
  }

  // Showing

  paint() {
    const [from, to] = this.pending ?? [0, 0];
    this.cells.forEach((cell, at) => {
      cell.classList.toggle("marked", this.marks.has(at));
      cell.classList.toggle("pending", at >= from && at < to);
      cell.classList.toggle("cursor", at === this.cursor);
    });
    if (this.data.mode !== "many") return;
    this.offer();
    this.report();
  }

  // What the buttons would do now.
  offer() {
    const { words } = this.data;
    const { passage } = this;
    const repeats = this.marks.repeats(passage ?? [0, 0]).length > 0;
    const several = this.marks.places(passage ?? [0, 0]).length > 1;
    this.everywhere.disabled = !repeats;
    const said = repeats ? words.everywhere_of : several ? words.already : words.nowhere;
    this.everywhere.textContent = passage ? fill(said, { passage: this.quote(passage) }) : words.everywhere;
    this.clear.disabled = this.marks.empty;
  }

  // How much is marked, and whether that is enough.
  report() {
    const { needed, words } = this.data;
    this.count.hidden = !needed;
    if (!needed) return;
    const [first, second] = this.marks.halves(needed.part);
    const enough = Math.min(first, second) >= needed.ranges ? words.enough : words.too_few;
    const said = fill(words.count, { characters: this.marks.count, ranges: this.marks.ranges.length, first, second });
    const line = `${said} ${fill(enough, { needed: needed.ranges })}`;
    if (this.count.textContent !== line) this.count.textContent = line; // else a screen reader reads it out again
  }

  // The passage whose like can be marked: the last one, or null.
  get passage() {
    return this.last ?? this.marks.ranges.at(-1) ?? null;
  }

  quote([begin, end]) {
    const glyphs = this.cells.slice(begin, Math.min(end, begin + QUOTED)).map((cell) => cell.textContent);
    return glyphs.join("") + (end > begin + QUOTED ? "…" : "");
  }

  tellPlace() {
    const { words } = this.data;
    const [from, to] = this.pending ?? [this.cursor, this.cursor + 1];
    const said = this.marks.has(this.pending ? this.anchor : this.cursor) ? words.on_marked : words.on_unmarked;
    this.readout.textContent = fill(said, { passage: this.quote([from, to]), place: to > from + 1 ? `${from + 1}–${to}` : `${to}` });
  }

  // With the pointer

  begin(event) {
    if (event.button || this.data.mode === "none") return;
    const at = this.locate(event);
    if (at === null) return;
    this.text.setPointerCapture(event.pointerId);
    this.text.focus({ preventScroll: true });
    this.anchor = this.cursor = at;
    this.dragging = true;
    this.select();
    event.preventDefault();
  }

  drag(event) {
    if (!this.dragging) return;
    this.cursor = this.locate(event) ?? this.cursor;
    this.select();
  }

  finish() {
    if (!this.dragging) return;
    this.dragging = false;
    this.take();
  }

  forget() {
    this.dragging = false;
    this.anchor = this.pending = null;
    this.paint();
  }

  locate(event) {
    const under = this.text.getRootNode().elementFromPoint(event.clientX, event.clientY)?.closest?.(".cell");
    if (under && this.text.contains(under)) return Number(under.dataset.at);
    return nearest(this.cells.map((cell) => cell.getBoundingClientRect()), event.clientX, event.clientY);
  }

  // With the keyboard

  press(event) {
    if (modified(event) || !this.cells.length) return;
    const act = this.actionOf(event);
    if (!act) return;
    act();
    event.preventDefault();
    event.stopPropagation();
  }

  actionOf({ key, shiftKey }) {
    if (key === "Enter" || key === " ") return () => this.take();
    if (key === "Escape") return this.pending && (() => this.forget());
    const to = this.moves[key];
    return to && (() => this.step(to(), shiftKey));
  }

  // The cell that each key leads to.
  get moves() {
    const { cursor } = this;
    const places = () => this.cells.map((cell) => ({ left: cell.offsetLeft, top: cell.offsetTop }));
    return {
      ArrowLeft: () => cursor - 1,
      ArrowRight: () => cursor + 1,
      ArrowUp: () => neighbour(places(), cursor, -1),
      ArrowDown: () => neighbour(places(), cursor, 1),
      Home: () => endsOfRow(places(), cursor)[0],
      End: () => endsOfRow(places(), cursor)[1],
    };
  }

  step(to, selecting) {
    const from = this.cursor;
    this.cursor = clamp(to, 0, this.cells.length - 1);
    if (selecting) {
      this.anchor ??= from;
      this.select();
    } else {
      this.anchor = this.pending = null;
      this.paint();
      this.tellPlace();
    }
    this.cells[this.cursor].scrollIntoView({ block: "nearest" });
  }

  // Marking

  select() {
    this.pending = selection(this.anchor, this.cursor, this.data.longest);
    this.paint();
    this.tellPlace();
  }

  // What begins at a marked character is unmarked. The one range of a text cannot be.
  take() {
    const { mode, words } = this.data;
    const range = this.pending ?? [this.cursor, this.cursor + 1];
    if (mode === "one") this.marks.clear();
    const marked = mode === "one" || !this.marks.has(this.anchor ?? this.cursor);
    this.marks.mark(range, marked);
    this.last = marked ? range : null;
    this.anchor = this.pending = null;
    this.changed();
    const [from, to] = range;
    this.readout.textContent = fill(marked ? words.marked : words.unmarked, { passage: this.quote(range), from: from + 1, to });
  }

  repeat() {
    const { passage } = this;
    const repeats = this.marks.repeats(passage);
    for (const range of repeats) this.marks.mark(range);
    this.changed();
    this.readout.textContent = fill(this.data.words.repeated, { passage: this.quote(passage), more: repeats.length });
  }

  changed() {
    if (this.marks.empty) this.last = null;
    this.paint();
    this.sent += 1;
    this.tell("marks", { turn: this.sent, ranges: this.marks.ranges });
  }

  remove() {
    this.root.remove();
  }
}

export default function ({ data, parentElement, setStateValue }) {
  return mount("unrolled.marker", parentElement, Marker, (marker) => marker.update(data, setStateValue));
}
