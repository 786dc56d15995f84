// The graph on screen: which window of time is drawn, which time step is the current one, folded or unrolled.

const STEP_MILLISECONDS = 650;
const REST_MILLISECONDS = 250; // without a move, and the page is told
const FOLDED_GAP = 64; // from the gutter to the middle of the only column

class Graph {
  constructor(parent) {
    this.root = element("div", "graph");
    parent.append(this.root);
    this.first = 0;
    this.lit = null;
    this.pressed = null;
    this.columns = new Map();
    this.watch = new ResizeObserver(() => this.root.clientWidth !== this.width && requestAnimationFrame(() => this.resized()));
    this.watch.observe(this.root);
  }

  // New words, new numbers or only another place to stand: draw no more than what changed.
  update({ graph, words, start, colours, caption, filename }, report) {
    this.report = report;
    Object.assign(this, { caption, filename });
    const fresh = graph.digest !== this.graph?.digest;
    const reworded = JSON.stringify(words) !== JSON.stringify(this.words);
    const moved = start.turn !== this.turn;
    this.words = words;
    if (fresh) {
      this.stop();
      this.graph = graph;
      this.levels = decodeStates(graph.states);
      this.scale = makeScale(colours);
      this.pressed = null;
    }
    if (moved) {
      clearTimeout(this.resting);
      this.turn = start.turn;
      this.current = clamp(start.step, 0, graph.length - 1);
      this.chosen = { layer: start.layer, unit: start.unit };
      this.folded = start.folded;
    }
    if (fresh || reworded) this.build();
    if (fresh || reworded || moved) this.resized();
    else this.tint();
  }

  build() {
    const { words } = this;
    this.toolbar = makeToolbar(this);
    this.drawing = draw("svg", { role: "group", class: "drawing" });
    this.drawing.setAttribute("aria-label", words.title);
    this.readout = element("p", "readout");
    this.readout.id = "readout";
    this.table = makeTable(this);
    const frame = element("div", "frame");
    frame.append(this.drawing);
    this.root.replaceChildren(this.toolbar.above, frame, this.toolbar.below, this.readout, this.table);
    this.listen();
    this.width = null;
  }

  listen() {
    const on = (name, act) => this.drawing.addEventListener(name, act);
    const columnOf = (event) => event.target.closest?.(".column");
    const weightOf = (event) => event.target.closest?.("[data-weight]")?.dataset.weight ?? null;
    on("pointerover", (event) => {
      this.light(weightOf(event) ?? this.pressed);
      const column = columnOf(event);
      if (column && !weightOf(event)) this.say(this.describe(Number(column.dataset.time)));
    });
    on("pointermove", (event) => this.pointed(event));
    on("pointerleave", () => {
      this.light(this.pressed);
      this.say();
    });
    on("focusin", (event) => this.light(weightOf(event) ?? this.pressed));
    on("focusout", () => this.light(this.pressed));
    on("click", (event) => {
      const weight = weightOf(event);
      if (weight) return this.press(weight);
      const column = columnOf(event);
      if (!column) return;
      this.stop();
      const pointed = this.unitAt(event);
      if (pointed) Object.assign(this.chosen, pointed);
      this.markUnits();
      this.move(Number(column.dataset.time));
    });
    on("keydown", (event) => this.typed(event));
  }

  // Only the keys that a row of choices is known to answer; Tab and everything with a modifier stay the browser's.
  typed(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const acts = event.target.closest(".column")
      ? {
          ArrowRight: () => this.move(this.current + 1),
          ArrowLeft: () => this.move(this.current - 1),
          PageDown: () => this.move(this.current + this.place.count),
          PageUp: () => this.move(this.current - this.place.count),
          Home: () => this.move(0),
          End: () => this.move(this.graph.length - 1),
          ArrowUp: () => this.moveUnit(-1),
          ArrowDown: () => this.moveUnit(1),
        }
      : { Enter: () => this.press(event.target.dataset.weight), " ": () => this.press(event.target.dataset.weight) };
    if (!Object.hasOwn(acts, event.key)) return;
    event.preventDefault();
    this.stop();
    acts[event.key]();
    if (event.target.closest(".column")) this.columns.get(this.current)?.focus({ preventScroll: true });
  }

  move(time) {
    this.current = clamp(time, 0, this.graph.length - 1);
    this.follow();
    this.arrange();
    this.rest();
  }

  moveUnit(change) {
    this.chosen.unit = clamp(this.chosen.unit + change, 0, this.graph.units - 1);
    this.markUnits();
    this.say(this.describeUnit(this.current, this.chosen));
    this.rest();
  }

  // Tell the page where the reader has come to rest: its numbers are worked out below, and it stands in the link.
  rest() {
    clearTimeout(this.resting);
    if (this.playing) return;
    this.resting = setTimeout(() => this.report("place", { step: this.current, ...this.chosen, folded: this.folded }), REST_MILLISECONDS);
  }

  press(weight) {
    this.pressed = this.pressed === weight ? null : weight;
    this.light(this.pressed);
  }

  follow() {
    if (this.folded) return;
    if (this.current < this.first) this.first = this.current;
    if (this.current >= this.first + this.place.count) this.first = this.current - this.place.count + 1;
  }

  scroll(change) {
    this.first = clamp(this.first + change, 0, Math.max(0, this.graph.length - this.place.count));
    this.arrange();
  }

  // To the current step, after the window was moved away from it.
  back() {
    this.follow();
    this.arrange();
    this.columns.get(this.current).focus({ preventScroll: true });
  }

  get inView() {
    return this.folded || (this.current >= this.first && this.current < this.first + this.place.count);
  }

  fold(folded) {
    this.folded = folded;
    if (!folded) this.follow();
    this.arrange();
    this.rest();
  }

  play() {
    if (this.playing) return this.stop();
    if (this.current === this.graph.length - 1) this.move(0);
    clearTimeout(this.resting);
    this.root.classList.add("playing");
    this.playing = setInterval(() => {
      if (this.current === this.graph.length - 1) return this.stop();
      this.move(this.current + 1);
    }, STEP_MILLISECONDS);
    this.arrange();
  }

  stop() {
    if (!this.playing) return;
    clearInterval(this.playing);
    this.playing = null;
    this.root.classList.remove("playing");
    this.arrange();
    this.rest();
  }

  resized() {
    const width = Math.floor(this.root.clientWidth);
    if (!width || !this.graph) return;
    if (width !== this.width) {
      this.width = width;
      this.place = measure(this.graph, width);
      this.first = clamp(this.first, 0, Math.max(0, this.graph.length - this.place.count));
      this.follow();
      this.redraw();
    }
    this.tint();
    this.arrange();
    this.markUnits();
  }

  // The theme of the page may have changed.
  tint() {
    const ground = getComputedStyle(this.root).getPropertyValue("--st-background-color");
    this.root.classList.toggle("dark", isDark(ground));
  }

  redraw() {
    const { place } = this;
    this.columns.clear();
    this.drawing.replaceChildren();
    setAll(this.drawing, { width: place.width, height: place.height, viewBox: `0 0 ${place.width} ${place.height}` });
    this.loops = drawLoops(this, place);
    this.row = draw("g", { class: "row", role: "listbox", "aria-orientation": "horizontal" });
    this.row.setAttribute("aria-label", this.words.steps);
    this.gutter = draw("g", { class: "gutter" }, ...drawRowLabels(this, place));
    this.keys = draw("g", { class: "keys", role: "group" });
    this.keys.setAttribute("aria-label", this.words.weights);
    for (const weight of weightKeys(this.graph)) {
      const key = drawWeightKey(this, place, weight);
      key.style.transform = `translate(2px, ${tidy(keyPlace(this, place, weight))}px)`;
      this.keys.append(key);
    }
    const clip = draw("clipPath", { id: "window" }, draw("rect", { x: place.gutter - 4, y: 0, width: place.width - place.gutter + 4, height: place.height }));
    const window = draw("g", { "clip-path": "url(#window)" }, this.row, this.loops);
    this.drawing.append(draw("title"), clip, window, this.gutter, this.keys);
    this.drawing.firstChild.textContent = this.words.title;
  }

  // Columns come and go with the window; one that stays is moved, not drawn again.
  arrange() {
    const { place, graph } = this;
    if (!place) return;
    const last = Math.min(graph.length, this.first + place.count);
    const shown = this.folded ? [this.current] : Array.from({ length: last - this.first }, (_, at) => this.first + at);
    const wanted = new Set([...shown, ...(this.folded ? this.columns.keys() : [])]);
    for (const [time, column] of this.columns)
      if (!wanted.has(time) || Math.abs(time - this.current) > LONGEST_WINDOW) {
        column.remove();
        this.columns.delete(time);
      }
    for (const time of [...wanted].sort((one, other) => one - other)) {
      if (this.columns.has(time)) continue;
      const column = drawColumn(this, place, time);
      this.columns.set(time, column);
      const after = [...this.columns.keys()].filter((other) => other > time).sort((one, other) => one - other)[0];
      this.row.insertBefore(column, after === undefined ? null : this.columns.get(after));
      this.markUnit(column);
    }
    const focus = this.columns.has(this.current) && shown.includes(this.current) ? this.current : shown[0];
    for (const [time, column] of this.columns) {
      const x = this.folded ? this.foldedAt : place.gutter + place.entry + (time - this.first + 0.5) * place.column;
      column.style.transform = `translate(${tidy(x)}px, 0)`;
      column.setAttribute("aria-selected", String(time === this.current));
      column.setAttribute("tabindex", time === focus ? 0 : -1);
      column.toggleAttribute("aria-hidden", this.folded && time !== this.current);
      column.classList.toggle("current", time === this.current);
      column.classList.toggle("later", time > this.current);
    }
    this.loops.style.transform = `translate(${tidy(this.foldedAt)}px, 0)`;
    const aside = this.folded ? this.foldedAt - FOLDED_GAP - place.gutter : 0;
    for (const part of [this.gutter, this.keys]) part.style.transform = `translate(${tidy(aside)}px, 0)`;
    this.root.classList.toggle("folded", this.folded);
    this.toolbar.show();
    this.light(this.lit);
  }

  get foldedAt() {
    const { place } = this;
    const whole = place.gutter + 2 * FOLDED_GAP + 190;
    return place.gutter + FOLDED_GAP + Math.max(0, (place.width - whole) / 2);
  }

  markUnit(column) {
    for (const mark of column.querySelectorAll(".unit")) mark.setAttribute("d", unitMark(this, this.place, Number(mark.dataset.layer)));
  }

  markUnits() {
    for (const column of this.columns.values()) this.markUnit(column);
  }

  light(weight) {
    this.lit = weight;
    this.root.classList.toggle("lighting", Boolean(weight));
    for (const one of this.drawing.querySelectorAll("[data-weight]")) {
      one.classList.toggle("lit", one.dataset.weight === weight);
      if (one.classList.contains("key")) one.setAttribute("aria-pressed", String(one.dataset.weight === this.pressed));
    }
    if (!weight) return this.say();
    this.say(describeWeight(this, weightKeys(this.graph).find((one) => one.key === weight)));
  }

  say(sentence = this.describeCurrent()) {
    if (this.readout.textContent !== sentence) this.readout.textContent = sentence;
  }

  // The layer and unit under the pointer, if it is over a strip.
  unitAt(event) {
    const strip = event.target.closest?.(".strip");
    if (!strip) return null;
    const { top, height } = strip.getBoundingClientRect();
    const unit = clamp(Math.floor(((event.clientY - top) / height) * this.graph.units), 0, this.graph.units - 1);
    return { layer: Number(strip.dataset.layer), unit };
  }

  pointed(event) {
    const pointed = this.unitAt(event);
    if (!pointed) return;
    const time = Number(event.target.closest(".column").dataset.time);
    this.say(this.describeUnit(time, pointed, event.target.dataset.state));
  }

  describeUnit(time, { layer, unit }, state = "hidden_state") {
    const { graph, words, levels } = this;
    const value = stateValue(levels[state][layer], graph.units, time, unit);
    const values = { step: time + 1, unit, layer: layer + 1, value: decimal(value) };
    const words_key = state === "cell_state" ? words.cell_unit : words.hidden_unit;
    return fill(graph.layers > 1 ? words.layered_unit : "{sentence}", { ...values, sentence: fill(words_key, values) });
  }

  // One time step in one sentence: for the line under the graph and for a screen reader.
  describe(time) {
    const { graph, words } = this;
    const step = graph.steps[time];
    const values = { step: time + 1, length: graph.length, units: graph.units, vocabulary: graph.vocabulary };
    if (graph.pattern === "many_to_one") {
      const read = fill(step.mark ? words.reads_marked : words.reads_number, { ...values, number: decimal(step.number) });
      if (step.prediction === undefined) return joined([read, words.no_output]);
      const ends = { prediction: decimal(step.prediction, 3), target: decimal(step.target, 3), loss: step.loss.toPrecision(2) };
      return joined([read, fill(words.ends, ends)]);
    }
    const [glyph, probability] = step.top[0];
    const sentences = [
      fill(step.known ? words.reads : words.reads_unknown, { ...values, symbol: this.spoken(step.glyph), index: step.index }),
      fill(words.predicts, { symbol: this.spoken(glyph), probability: share(probability) }),
    ];
    const following = { symbol: this.spoken(step.next), probability: share(step.probability ?? 0) };
    if (step.loss !== undefined) sentences.push(fill(words.follows, { ...following, loss: lossText(step.loss) }));
    else if (step.next !== undefined) sentences.push(fill(words.draws, following));
    else sentences.push(words.no_target);
    return joined(sentences);
  }

  describeCurrent() {
    const sentence = this.describe(this.current);
    return this.inView ? sentence : joined([fill(this.words.aside, { step: this.current + 1 }), sentence]);
  }

  spoken(glyph) {
    const { words } = this;
    return { "␣": words.space, "⏎": words.newline, "⇥": words.tab }[glyph] ?? fill(words.quoted, { symbol: glyph });
  }

  remove() {
    clearInterval(this.playing);
    clearTimeout(this.resting);
    this.watch.disconnect();
    this.root.remove();
  }
}

// Sentences of a language that puts no space between them already end in a wide full stop.
const joined = (sentences) => sentences.join(sentences[0].endsWith("。") ? "" : " ");

function setAll(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
}

function isDark(colour) {
  const context = new OffscreenCanvas(1, 1).getContext("2d");
  context.fillStyle = colour.trim() || "#ffffff";
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  return 0.299 * red + 0.587 * green + 0.114 * blue < 110;
}

// What each row is, in the gutter to the left of it.
function drawRowLabels(model, place) {
  const { graph, words } = model;
  const parts = [];
  const name = (y, base, below, text) => {
    if (place.narrow || !text) return parts.push(writeSymbol(6, y, { base, below }, { class: "rowname" }));
    parts.push(writeSymbol(6, y - 7, { base, below }, { class: "rowname" }));
    parts.push(write(6, y + 10, text, { class: "fine faint start" }));
  };
  const single = graph.pattern === "many_to_one";
  const free = graph.pattern === "one_to_many";
  if (free) parts.push(write(6, place.result.middle, words.row_drawn, { class: "fine faint start" }));
  else name(place.result.middle, "L", single ? "T" : "t", single ? words.row_error : words.row_loss);
  name(place.output.middle + (free ? 8 : -2), "y", single ? "T" : "t", single ? words.row_answer : words.row_output);
  const units = { units: graph.units };
  place.layers.forEach((rows, layer) => {
    const level = graph.layers > 1 ? ` ${layer + 1}` : "";
    name(rows.hidden_state.top + 12, "h", `t${level && `,${level}`}`, fill(words.row_hidden, units));
    if (rows.cell_state) name(rows.cell_state.top + 12, "c", `t${level && `,${level}`}`, words.row_cell);
  });
  const read = single ? words.row_numbers : fill(words.row_onehot, { vocabulary: graph.vocabulary });
  name(place.input.middle, "x", "t", read);
  if (place.character && !place.narrow) parts.push(write(6, place.character.middle, words.row_character, { class: "fine faint start" }));
  parts.push(write(6, place.time.middle, place.narrow ? "t" : words.row_time, { class: "fine faint start" }));
  return parts;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const key = Symbol.for("unrolled.graph");
  const graph = (parentElement[key] ??= new Graph(parentElement));
  graph.update(data, setTriggerValue);
  return () => {
    graph.remove();
    delete parentElement[key];
  };
}
