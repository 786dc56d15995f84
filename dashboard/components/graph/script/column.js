// One time step, drawn around x = 0: loss, prediction, state and input, and the arrows between them.

import { weightArrow } from "./arrows.js";
import { drawCharacter, drawNumbers } from "./inputs.js";
import { drawOutput } from "./outputs.js";
import { describeStep } from "./sentences.js";
import { stripPicture } from "./states.js";
import { draw, tidy, write } from "./svg.js";

export function drawColumn(model, place, time) {
  const { graph } = model;
  const step = graph.steps[time];
  const group = draw("g", { class: "column", role: "option", tabindex: -1, "data-time": time, "aria-selected": "false" });
  group.setAttribute("aria-label", describeStep(model, time));
  const wide = place.column;
  group.append(draw("rect", { class: "band", x: -wide / 2 + 1.5, y: 2, width: wide - 3, height: place.height - 4, rx: 8 }));
  if (time > 0 && graph.pattern === "one_to_many") group.append(drawFeedback(place));
  for (let layer = 0; layer < graph.layers; layer++) group.append(...drawLayer(model, place, time, layer));
  group.append(...(graph.medium === "numbers" ? drawNumbers(place, step) : drawCharacter(model, place, step)));
  if (step.top || step.prediction !== undefined) group.append(...drawOutput(model, place, step));
  group.append(write(0, place.time.middle, String(time + 1), { class: "time" }));
  return group;
}

function drawLayer(model, place, time, layer) {
  const rows = place.layers[layer];
  const half = place.box / 2;
  const below = layer ? place.layers[layer - 1].top : place.input.top;
  return [
    drawIncoming(place, time, rows.hidden_state, (points) => weightArrow(points, "hh", `hh${layer}`)),
    ...(rows.cell_state ? [drawIncoming(place, time, rows.cell_state, (points) => weightArrow(points, "cell"))] : []),
    weightArrow([[0, below], [0, rows.bottom + 1]], "xh", `xh${layer}`),
    draw("rect", { class: "box", x: -half, y: rows.top, width: place.box, height: rows.height, rx: 5 }),
    ...["hidden_state", "cell_state"].filter((name) => rows[name]).map((name) => drawStrip(model, place, time, layer, name)),
    draw("path", { class: "unit", "data-layer": layer, d: "" }),
  ];
}

// The state of the time step before, or the zeros that the first one begins with.
function drawIncoming(place, time, row, makeArrow) {
  const half = place.box / 2;
  const start = time ? half - place.column : 17 - place.column / 2 - place.entry;
  const group = draw("g", { class: "between" }, makeArrow([[start, row.middle], [-half - 1, row.middle]]));
  if (time) return group;
  group.append(draw("circle", { class: "nothing", cx: start - 9, cy: row.middle, r: 8 }));
  group.append(write(start - 9, row.middle, "0", { class: "zero" }));
  return group;
}

function drawStrip(model, place, time, layer, name) {
  const row = place.layers[layer][name];
  return draw("image", {
    class: "strip", x: -place.box / 2 + 4, y: row.top, width: place.box - 8, height: row.height,
    preserveAspectRatio: "none", "data-layer": layer, "data-state": name,
    href: stripPicture(model.levels[name][layer], model.graph.units, time, model.colours),
  });
}

// What was drawn one step earlier becomes the input of this one: up there, down between the two columns, in here.
function drawFeedback({ result, character, column }) {
  const start = -column + Math.min(column / 2 - 4, 28);
  const points = [[start, result.middle], [-column / 2, result.middle], [-column / 2, character.middle], [-17, character.middle]];
  return weightArrow(points, "feedback", "feedback", "between");
}

// The path of the small triangles beside the strips of a layer, which point at the chosen unit.
export function unitMark(graph, chosen, place, layer) {
  if (layer !== chosen.layer) return "";
  const rows = place.layers[layer];
  const half = place.box / 2;
  return ["hidden_state", "cell_state"]
    .filter((name) => rows[name])
    .map((name) => {
      const y = rows[name].top + ((chosen.unit + 0.5) / graph.units) * rows[name].height;
      return `M${tidy(-half - 5)} ${tidy(y - 4)}l7 4l-7 4ZM${tidy(half + 5)} ${tidy(y - 4)}l-7 4l7 4Z`;
    })
    .join("");
}
