// One time step, drawn around x = 0: loss, prediction, state and input, and the arrows between them.

const GUESS = 19; // pixels from one guess to the next

function drawColumn(model, place, time) {
  const { graph, words } = model;
  const step = graph.steps[time];
  const group = draw("g", { class: "column", role: "option", tabindex: -1, "data-time": time, "aria-selected": "false" });
  group.setAttribute("aria-label", model.describe(time));
  const wide = place.column;
  group.append(draw("rect", { class: "band", x: -wide / 2 + 1.5, y: 2, width: wide - 3, height: place.height - 4, rx: 8 }));
  if (time > 0 && graph.pattern === "one_to_many") group.append(feedback(place));
  graph.layers && place.layers.forEach((_, layer) => group.append(...drawLayer(model, place, time, layer)));
  group.append(...(graph.pattern === "many_to_one" ? drawNumbers(place, step, words) : drawCharacter(model, place, step)));
  if (step.top || step.prediction !== undefined) group.append(...drawOutput(model, place, step));
  group.append(write(0, place.time.middle, String(time + 1), { class: "time" }));
  return group;
}

function weightArrow(points, kind, layer, className = "") {
  const made = arrow(points, `weight ${kind} ${className}`);
  made.dataset.weight = `${kind}${layer}`;
  return made;
}

function drawLayer(model, place, time, layer) {
  const { graph } = model;
  const rows = place.layers[layer];
  const half = place.box / 2;
  const parts = [];
  const from = -place.column + half;
  const incoming = (row, make) => {
    const start = time ? from : -place.column / 2 - place.entry + 17;
    const arrows = [make([[start, row.middle], [-half - 1, row.middle]])];
    if (!time) {
      arrows.push(draw("circle", { class: "nothing", cx: start - 9, cy: row.middle, r: 8 }));
      arrows.push(write(start - 9, row.middle, "0", { class: "zero" }));
    }
    return arrows;
  };
  parts.push(draw("g", { class: "between" }, ...incoming(rows.hidden_state, (points) => weightArrow(points, "hh", layer))));
  if (rows.cell_state) parts.push(draw("g", { class: "between" }, ...incoming(rows.cell_state, cellArrow)));
  const below = layer ? place.layers[layer - 1].top : place.input.top;
  parts.push(weightArrow([[0, below], [0, rows.bottom + 1]], "xh", layer));
  parts.push(draw("rect", { class: "box", x: -half, y: rows.top, width: place.box, height: rows.height, rx: 5 }));
  for (const name of ["hidden_state", "cell_state"]) {
    if (!rows[name]) continue;
    const strip = draw("image", {
      class: "strip", x: -half + 4, y: rows[name].top, width: place.box - 8, height: rows[name].height,
      preserveAspectRatio: "none", "data-layer": layer, "data-state": name,
      href: stripPicture(model.levels[name][layer], graph.units, time, model.scale),
    });
    parts.push(strip);
  }
  parts.push(draw("path", { class: "unit", "data-layer": layer, d: "" }));
  return parts;
}

function cellArrow(points) {
  const made = arrow(points, "weight cell");
  made.dataset.weight = "cell";
  return made;
}

// The small triangles beside a box that point at the chosen unit.
function unitMark(model, place, layer) {
  const { graph } = model;
  if (layer !== model.chosen.layer) return "";
  const rows = place.layers[layer];
  const half = place.box / 2;
  return ["hidden_state", "cell_state"]
    .filter((name) => rows[name])
    .map((name) => {
      const y = rows[name].top + ((model.chosen.unit + 0.5) / graph.units) * rows[name].height;
      return `M${tidy(-half - 5)} ${tidy(y - 4)}l7 4l-7 4ZM${tidy(half + 5)} ${tidy(y - 4)}l-7 4l7 4Z`;
    })
    .join("");
}

function drawCharacter(model, place, step) {
  const { input, character } = place;
  const parts = [];
  // The one-hot column: zeros all the way, and one 1.
  const width = 10;
  parts.push(draw("rect", { class: "onehot", x: -width / 2, y: input.top, width, height: input.height, rx: 2 }));
  const cell = input.height / model.graph.vocabulary;
  const height = Math.max(3, cell);
  const y = clamp(input.top + (step.index + 0.5) * cell - height / 2, input.top, input.bottom - height);
  parts.push(draw("rect", { class: "one", x: -width / 2, y, width, height }));
  parts.push(write(width / 2 + 3, clamp(y + height / 2, input.top + 5, input.bottom - 5), String(step.index), { class: "index" }));
  parts.push(draw("rect", { class: `glyphbox ${step.known ? "" : "unknown"}`, x: -15, y: character.top, width: 30, height: character.height, rx: 5 }));
  parts.push(glyphText(0, character.middle, step.glyph, "glyph"));
  return parts;
}

function glyphText(x, y, glyph, className, attributes = {}) {
  return write(x, y, glyph, { class: `mono ${className}`, direction: "ltr", ...attributes });
}

function drawNumbers(place, step, words) {
  const { input } = place;
  const half = Math.min(place.column * 0.4, 24);
  const cell = input.height / 2;
  const marked = step.mark === 1;
  const parts = [
    draw("rect", { class: `vector ${marked ? "marked" : ""}`, x: -half, y: input.top, width: 2 * half, height: cell }),
    draw("rect", { class: "amount", x: -half, y: input.top, width: 2 * half * step.number, height: cell }),
    write(0, input.top + cell / 2, decimal(step.number), { class: "number" }),
    draw("rect", { class: `vector ${marked ? "marked" : ""}`, x: -half, y: input.top + cell, width: 2 * half, height: cell }),
    write(0, input.top + cell * 1.5, String(step.mark), { class: `number ${marked ? "strong" : "faint"}` }),
  ];
  if (marked) parts.push(draw("rect", { class: "mark", x: -half - 2.5, y: input.top - 2.5, width: 2 * half + 5, height: input.height + 5, rx: 4 }));
  return parts;
}

function drawOutput(model, place, step) {
  const { graph } = model;
  const { output, result } = place;
  const half = Math.min(place.column / 2 - 4, 40);
  const top = step.top ? output.bottom - GUESS * step.top.length - 3 : output.top; // only a fourth guess fills the row
  const parts = [weightArrow([[0, place.layers.at(-1).top], [0, output.bottom + 1]], "hy", graph.layers - 1)];
  parts.push(draw("rect", { class: "output", x: -half, y: top, width: 2 * half, height: output.bottom - top, rx: 5 }));
  if (step.top) step.top.forEach((guess, rank) => parts.push(...drawGuess(guess, rank === step.rank, half, top + 11 + rank * GUESS)));
  else {
    parts.push(write(0, output.middle - 9, decimal(step.prediction), { class: "number strong" }));
    parts.push(write(0, output.middle + 10, fill(half < 34 ? "→ {target}" : model.words.target_short, { target: decimal(step.target) }), { class: "faint fine" }));
  }
  const missing = graph.pattern === "one_to_many" ? step.next === undefined : step.loss === undefined;
  if (missing) return parts;
  parts.push(arrow([[0, top], [0, result.bottom + 1]], "plain"));
  const node = Math.min(half, 28);
  const pill = { x: -node, y: result.top, width: 2 * node, height: result.height, rx: result.height / 2 };
  parts.push(draw("rect", { class: "result", ...pill }));
  // The darker, the greater the surprise: most at the loss of a guess at random.
  if (step.next !== undefined && step.loss !== undefined)
    parts.push(draw("rect", { class: "surprise", ...pill, "fill-opacity": tidy(Math.min(1, step.loss / Math.log(graph.vocabulary)) * 0.22) }));
  if (graph.pattern === "one_to_many") parts.push(glyphText(0, result.middle, step.next, "glyph drawn"));
  else {
    parts.push(write(0, step.next === undefined ? result.middle : result.top + 13, lossText(step.loss), { class: "number strong" }));
    if (step.next !== undefined) parts.push(glyphText(0, result.top + 27, `→ ${step.next}`, "fine"));
  }
  return parts;
}

// Short enough for its pill on a phone: 0.004, 3e−5.
function lossText(loss) {
  if (loss >= 0.005) return decimal(loss);
  return loss < 0.0005 && loss > 0 ? loss.toExponential(0).replace("-", "−") : String(Number(loss.toPrecision(1)));
}

function drawGuess([glyph, probability], right, half, y) {
  const inner = 2 * half - 6;
  const said = half < 25 ? share(probability).replace("<0", "<") : share(probability);
  return [
    draw("rect", { class: "share", x: -half + 3, y: y - 8.5, width: Math.max(0.5, inner * probability), height: 17, rx: 2 }),
    ...(right ? [draw("rect", { class: "right", x: -half + 3, y: y - 8.5, width: inner, height: 17, rx: 2 })] : []),
    glyphText(-half + 7, y, glyph, `guess ${right ? "strong" : ""}`),
    write(half - 5, y, said, { class: `guess end ${right ? "strong" : ""}` }),
  ];
}

// What was drawn one step earlier becomes the input of this one: up there, down between the two columns, in here.
function feedback(place) {
  const { result, character, column } = place;
  const start = -column + Math.min(column / 2 - 4, 28);
  const made = arrow(
    [[start, result.middle], [-column / 2, result.middle], [-column / 2, character.middle], [-17, character.middle]],
    "weight feedback between",
  );
  made.dataset.weight = "feedback";
  return made;
}
