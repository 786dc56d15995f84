// A text, one cell for each code point, of which the reader marks ranges: by dragging over them, or with Shift and the
// arrow keys and then Enter. Marking is seen at once; the page is told when a range is finished.
const BLANKS = { " ": "·" };
const TAB_STOP = 4;
const SHOWN = 16; // characters of a passage that a button or a line names

const make = (tag, className = "") => Object.assign(document.createElement(tag), { className });
const fill = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
const within = (value, low, high) => Math.max(low, Math.min(high, value));

class Marker {
  constructor(parent) {
    this.root = make("div", "marker");
    this.line = make("div", "line");
    this.beside = make("div", "beside");
    this.text = make("div", "text");
    this.line.append(this.beside, this.text);
    this.bar = make("div", "bar");
    this.everywhere = make("button", "everywhere");
    this.clear = make("button", "clear");
    this.everywhere.type = this.clear.type = "button";
    this.readout = make("span", "readout");
    this.readout.setAttribute("aria-live", "polite");
    this.bar.append(this.everywhere, this.clear, this.readout);
    this.count = make("p", "count");
    this.count.setAttribute("role", "status");
    this.root.append(this.line, this.bar, this.count);
    parent.append(this.root);
    this.text.addEventListener("pointerdown", (event) => this.press(event));
    this.text.addEventListener("pointermove", (event) => this.drag(event));
    this.text.addEventListener("pointerup", () => this.finish());
    this.text.addEventListener("pointercancel", () => this.forget()); // the finger scrolls
    this.text.addEventListener("keydown", (event) => this.key(event));
    this.text.addEventListener("blur", () => this.forget());
    this.everywhere.addEventListener("click", () => this.repeat());
    this.clear.addEventListener("click", () => this.set(this.marks.fill(0)));
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
      this.marks.fill(0);
      for (const [begin, end] of data.ranges) this.marks.fill(1, begin, end);
    }
    this.say();
    this.paint();
  }

  write() {
    const { text, drawn, beside, needed } = this.data;
    this.characters = Array.from(text);
    this.marks = new Uint8Array(this.characters.length);
    this.cursor = 0;
    this.last = this.pending = null;
    this.cells = this.characters.map((character, at) => {
      const [glyph, columns] = character === "\t" ? [drawn[character][0], TAB_STOP] : drawn[character] ?? [character, 1];
      const cell = make("span", BLANKS[character] || character === "\n" || character === "\t" ? "cell faint" : "cell");
      cell.textContent = BLANKS[character] ?? glyph;
      cell.style.width = `${columns}ch`;
      cell.dataset.at = at;
      cell.classList.toggle("part", at > 0 && at === needed?.part);
      return cell;
    });
    const broken = (at) => !beside && this.characters[at] === "\n"; // beside something, a text stays one paragraph
    this.text.replaceChildren(...this.cells.flatMap((cell, at) => (broken(at) ? [cell, make("br")] : [cell])));
  }

  say() {
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

  paint() {
    const [from, to] = this.pending ?? [0, 0];
    this.cells.forEach((cell, at) => {
      cell.classList.toggle("marked", Boolean(this.marks[at]));
      cell.classList.toggle("pending", at >= from && at < to);
      cell.classList.toggle("cursor", at === this.cursor);
    });
    const { mode, words } = this.data;
    if (mode !== "many") return;
    const passage = this.passage();
    const repeats = this.repeats().length > 0;
    this.everywhere.disabled = !repeats;
    const said = repeats ? words.everywhere_of : this.places().length > 1 ? words.already : words.nowhere;
    this.everywhere.textContent = passage ? fill(said, { passage: this.quote(passage) }) : words.everywhere;
    this.clear.disabled = !this.ranges().length;
    this.number();
  }

  number() {
    const { needed, words } = this.data;
    this.count.hidden = !needed;
    if (!needed) return;
    const [first, second] = this.halves(needed.part);
    const enough = Math.min(first, second) >= needed.ranges ? words.enough : words.too_few;
    const said = fill(words.count, { characters: this.marks.filter(Boolean).length, ranges: this.ranges().length, first, second });
    const line = `${said} ${fill(enough, { needed: needed.ranges })}`;
    if (this.count.textContent !== line) this.count.textContent = line;
  }

  // A range counts one where it begins and ends within the half, a half where the middle or an end of the text cuts it.
  halves(part) {
    const changes = [0, 0];
    for (let at = 1; at < this.marks.length; at++)
      if (at !== part && this.marks[at] !== this.marks[at - 1]) changes[at < part ? 0 : 1] += 0.5;
    return changes;
  }

  ranges() {
    const found = [];
    this.marks.forEach((marked, at) => {
      if (marked && !this.marks[at - 1]) found.push([at, at]);
      if (marked) found[found.length - 1][1] = at + 1;
    });
    return found;
  }

  passage() {
    return this.last ?? this.ranges().pop() ?? null;
  }

  quote([begin, end]) {
    const glyphs = this.cells.slice(begin, Math.min(end, begin + SHOWN)).map((cell) => cell.textContent);
    return glyphs.join("") + (end > begin + SHOWN ? "…" : "");
  }

  // Marking

  press(event) {
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

  select() {
    const [from, to] = [Math.min(this.anchor, this.cursor), Math.max(this.anchor, this.cursor) + 1];
    const { longest } = this.data;
    this.pending = this.cursor < this.anchor ? [Math.max(from, to - longest), to] : [from, Math.min(to, from + longest)];
    this.paint();
    this.place();
  }

  // What begins at a marked character is unmarked. The one range of a text cannot be.
  take() {
    const [from, to] = this.pending ?? [this.cursor, this.cursor + 1];
    const { mode, words } = this.data;
    if (mode === "one") this.marks.fill(0);
    const mark = mode === "one" || !this.marks[this.anchor ?? this.cursor];
    this.marks.fill(mark ? 1 : 0, from, to);
    this.last = mark ? [from, to] : null;
    this.anchor = this.pending = null;
    this.set();
    this.readout.textContent = fill(mark ? words.marked : words.unmarked, { passage: this.quote([from, to]), from: from + 1, to });
  }

  // Where the last marked passage stands.
  places() {
    const [begin, end] = this.passage() ?? [0, 0];
    const passage = this.characters.slice(begin, end);
    const places = [];
    for (let at = 0; passage.length && at + passage.length <= this.characters.length; at++)
      if (passage.every((character, along) => this.characters[at + along] === character)) places.push(at);
    return places;
  }

  // Those where it is not marked yet.
  repeats() {
    const [begin, end] = this.passage() ?? [0, 0];
    return this.places().filter((at) => this.marks.subarray(at, at + end - begin).includes(0));
  }

  repeat() {
    const [begin, end] = this.passage();
    const places = this.repeats();
    for (const at of places) this.marks.fill(1, at, at + end - begin);
    this.set();
    this.readout.textContent = fill(this.data.words.repeated, { passage: this.quote([begin, end]), more: places.length });
  }

  set() {
    if (!this.marks.includes(1)) this.last = null;
    this.paint();
    this.sent += 1;
    this.tell("marks", { turn: this.sent, ranges: this.ranges() });
  }

  // Where

  locate(event) {
    const under = this.text.getRootNode().elementFromPoint(event.clientX, event.clientY)?.closest?.(".cell");
    if (under && this.text.contains(under)) return Number(under.dataset.at);
    if (!this.cells.length) return null;
    const away = (cell) => {
      const { left, right, top, bottom } = cell.getBoundingClientRect();
      const [across, down] = [event.clientX, event.clientY].map((at, i) => Math.abs(at - within(at, [left, top][i], [right, bottom][i])));
      return across + 20 * down; // beside a row is nearer than below it
    };
    const distances = this.cells.map(away);
    return distances.indexOf(Math.min(...distances));
  }

  key(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const row = { ArrowUp: -1, ArrowDown: 1, Home: 0, End: 0 }[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey || !this.cells.length) return;
    if (event.key === "Enter" || event.key === " ") this.take();
    else if (event.key === "Escape" && this.pending) this.forget();
    else if (step !== undefined || row !== undefined) {
      const before = this.cursor;
      const next = step ? this.cursor + step : this.across(row, event.key);
      this.cursor = within(next, 0, this.cells.length - 1);
      if (event.shiftKey) this.anchor ??= before;
      else this.anchor = this.pending = null;
      if (event.shiftKey) this.select();
      else this.paint(), this.place();
      this.cells[this.cursor].scrollIntoView({ block: "nearest" });
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // The cell above or below the cursor, or at an end of its own row.
  across(step, key) {
    const rows = [];
    this.cells.forEach((cell, at) => {
      const before = this.cells[at - 1];
      if (!before || cell.offsetTop !== before.offsetTop || cell.offsetLeft < before.offsetLeft) rows.push([]);
      rows[rows.length - 1].push(at);
    });
    const here = rows.findIndex((one) => one.includes(this.cursor));
    const row = rows[within(here + step, 0, rows.length - 1)];
    if (!step) return key === "Home" ? row[0] : row[row.length - 1];
    const along = (at, one) => this.cells[at].offsetLeft - this.cells[one[0]].offsetLeft;
    const wanted = along(this.cursor, rows[here]);
    return row.reduce((best, at) => (Math.abs(along(at, row) - wanted) < Math.abs(along(best, row) - wanted) ? at : best));
  }

  place() {
    const { words } = this.data;
    const [from, to] = this.pending ?? [this.cursor, this.cursor + 1];
    const said = this.marks[this.pending ? this.anchor : this.cursor] ? words.on_marked : words.on_unmarked;
    this.readout.textContent = fill(said, { passage: this.quote([from, to]), place: to > from + 1 ? `${from + 1}–${to}` : `${to}` });
  }

  remove() {
    this.root.remove();
  }
}

export default function ({ data, parentElement, setStateValue }) {
  const key = Symbol.for("unrolled.marker");
  const marker = (parentElement[key] ??= new Marker(parentElement));
  marker.update(data, setStateValue);
  return () => {
    marker.remove();
    delete parentElement[key];
  };
}
