// One time step, drawn around x = 0: loss, prediction, states and input, and the arrows between them.

import { weightArrow } from "./arrows.js";
import { chainsOf, endOf, isLast, segmentAt } from "./chains.js";
import { drawCharacter, drawNumbers } from "./inputs.js";
import { drawOutput, outputHalf } from "./outputs.js";
import { describeStep } from "./sentences.js";
import { stripPicture } from "./states.js";
import { draw, tidy, write } from "./svg.js";
import { bridgeEdge, drawJoins, drawRail, drawReadout, drawWayIn } from "./ways.js";

const STATES = ["hidden_state", "cell_state"];

export function drawColumn(model, place, time) {
  const { graph } = model;
  const step = graph.steps[time];
  const segment = segmentAt(graph, time);
  const group = draw("g", { class: "column", role: "option", tabindex: -1, "data-time": time, "aria-selected": "false" });
  group.setAttribute("aria-label", describeStep(model, time));
  const wide = place.column;
  group.append(draw("rect", { class: "band", x: -wide / 2 + 1.5, y: 2, width: wide - 3, height: place.height - 4, rx: 8 }));
  if (graph.free && isLast(graph, segment) && time > graph.segments[segment].first) group.append(drawFeedback(place));
  group.append(...drawRail(graph, place, time, outputHalf(place)), ...drawJoins(graph, place, segment));
  for (const chain of chainsOf(graph, segment)) group.append(...drawChain(model, place, time, chain));
  group.append(...(graph.medium === "numbers" ? drawNumbers(place, step) : drawCharacter(graph.segments[segment].vocabulary, place, step)));
  if (step.top || step.prediction !== undefined) group.append(drawReadout(graph, place), ...drawOutput(model, place, step));
  group.append(write(0, place.time.middle, String(time + 1), { class: "time" }));
  return group;
}

function drawChain(model, place, time, chain) {
  const rows = place.chains[chain.at];
  const half = place.box / 2;
  return [
    ...drawIncoming(model.graph, place, time, chain),
    drawWayIn(model.graph, place, chain),
    draw("rect", { class: "box", x: -half, y: rows.top, width: place.box, height: rows.height, rx: 5 }),
    ...STATES.filter((name) => rows[name]).map((name) => drawStrip(model, place, time, chain.at, name)),
    draw("path", { class: "unit", "data-chain": chain.at, d: "" }),
  ];
}

const stateArrow = (points, name, at) => (name === "cell_state" ? weightArrow(points, "cell") : weightArrow(points, "hh", `hh${at}`));

// The state of the time step that was read before: the one to the left, or to the right where a row reads backward.
function drawIncoming(graph, place, time, chain) {
  const begins = time === (chain.direction ? endOf(graph, chain.segment) - 1 : graph.segments[chain.segment].first);
  if (begins && chain.segment) return drawBridge(graph, place, chain);
  const rows = place.chains[chain.at];
  return STATES.filter((name) => rows[name]).map((name) => {
    const points = incoming(place, rows[name].middle, chain.direction, begins);
    const group = draw("g", { class: "between" }, stateArrow(points, name, chain.at));
    if (begins) group.append(...drawNothing(points[0], chain.direction));
    return group;
  });
}

export function incoming(place, y, direction, begins) {
  const away = direction ? 1 : -1;
  const half = place.box / 2;
  const start = begins ? place.column / 2 + place.entry - 17 : place.column - half;
  return [[away * start, y], [away * (half + 1), y]];
}

// The zeros that a row begins with.
function drawNothing([start, y], direction) {
  const x = start + (direction ? 9 : -9);
  return [draw("circle", { class: "nothing", cx: x, cy: y, r: 8 }), write(x, y, "0", { class: "zero" })];
}

// From the last states of what is read to the first of what is said.
function drawBridge(graph, place, chain) {
  const [before] = chainsOf(graph, chain.segment - 1, graph.layers - 1);
  const [from, to] = [place.chains[before.at], place.chains[chain.at]];
  const half = place.box / 2;
  const start = half - place.column - place.between;
  const ways = STATES.filter((name) => to[name]).map((name, at) => {
    const edge = bridgeEdge(place) + 5 * at;
    const y = (from[name] ?? from.hidden_state).middle;
    return weightArrow([[start, y], [edge, y], [edge, to[name].middle], [-half - 1, to[name].middle]], "bridge");
  });
  return [draw("g", { class: "between" }, ...ways)];
}

function drawStrip(model, place, time, at, name) {
  const row = place.chains[at][name];
  const { graph } = model;
  const { segment } = graph.chains[at];
  return draw("image", {
    class: "strip", x: -place.box / 2 + 4, y: row.top, width: place.box - 8, height: row.height,
    preserveAspectRatio: "none", "data-chain": at, "data-state": name,
    href: stripPicture(model.levels[at][name], graph.units, time - graph.segments[segment].first, model.colours),
  });
}

// What was said one step earlier becomes the input of this one: up there, down between the two columns, in here.
function drawFeedback({ result, character, column }) {
  const start = -column + Math.min(column / 2 - 4, 28);
  const points = [[start, result.middle], [-column / 2, result.middle], [-column / 2, character.middle], [-17, character.middle]];
  return weightArrow(points, "feedback", "feedback", "between");
}

// The path of the small triangles beside the strips of a row of states, which point at the chosen unit.
export function unitMark(graph, chosen, place, at) {
  const { segment, layer, direction } = graph.chains[at];
  const wanted = chainsOf(graph, segment, chosen.layer).find((one) => one.direction === chosen.direction) ?? { direction: 0 };
  if (layer !== chosen.layer || direction !== wanted.direction) return "";
  const rows = place.chains[at];
  const half = place.box / 2;
  return STATES
    .filter((name) => rows[name])
    .map((name) => {
      const y = rows[name].top + ((chosen.unit + 0.5) / graph.units) * rows[name].height;
      return `M${tidy(-half - 5)} ${tidy(y - 4)}l7 4l-7 4ZM${tidy(half + 5)} ${tidy(y - 4)}l-7 4l7 4Z`;
    })
    .join("");
}
