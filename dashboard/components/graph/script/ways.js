// The ways that lead up in a column: into each box, past the boxes under it, and out to what reads the states.

import { lineOf, weightArrow } from "./arrows.js";
import { chainsOf, endOf, isLast, isTwofold, saysAlways, segmentAt } from "./chains.js";
import { draw } from "./svg.js";

const JOIN = 14; // above the upper one of two boxes, where their states are put together
const BEND = 10; // from the end of a way to its first corner

// From where the layer above is fed: the input, a box, or the place where two directions are put together.
function sourceOf(graph, place, segment, layer) {
  if (layer < 0) return place.input.top;
  const top = place.chains[chainsOf(graph, segment, layer).at(-1).at].top;
  return isTwofold(graph, segment) ? top - JOIN : top;
}

// Straight up, or round the box in between: on the right from the input, on the left to the output.
export const past = (from, to, side) => [[0, from], [0, from - BEND], [side, from - BEND], [side, to + BEND + 1], [0, to + BEND + 1], [0, to + 1]];

export function drawWayIn(graph, place, chain) {
  const from = sourceOf(graph, place, chain.segment, chain.layer - 1);
  const to = place.chains[chain.at].bottom;
  const points = chain.direction ? past(from, to, place.side) : [[0, from], [0, to + 1]];
  return weightArrow(points, "xh", `xh${chain.at}`);
}

// The two states of a time step, put together for the layer above.
export function drawJoins(graph, place, segment) {
  if (!isTwofold(graph, segment)) return [];
  const layers = Array.from({ length: graph.layers }, (_, layer) => layer);
  return layers.filter((layer) => layer < graph.layers - 1 || saysAlways(graph, segment)).flatMap((layer) => drawJoin(graph, place, segment, layer));
}

function drawJoin(graph, place, segment, layer) {
  const [forward, backward] = chainsOf(graph, segment, layer).map(({ at }) => place.chains[at].top);
  const join = backward - JOIN;
  const around = [[0, forward], [0, forward - BEND], [-place.side, forward - BEND], [-place.side, join], [0, join]];
  return [lineOf(around, "plain"), lineOf([[0, backward], [0, join]], "plain"), draw("circle", { class: "join", cx: 0, cy: join, r: 3 })];
}

export function drawReadout(graph, place) {
  const segment = graph.segments.length - 1;
  const to = place.output.bottom;
  if (!isTwofold(graph, segment) || saysAlways(graph, segment)) {
    return weightArrow([[0, sourceOf(graph, place, segment, graph.layers - 1)], [0, to + 1]], "hy");
  }
  const [forward] = chainsOf(graph, segment, graph.layers - 1);
  return weightArrow(past(place.chains[forward.at].top, to, -place.side), "hy");
}

// Where only the ends are read, the state in which the backward direction ends, at the first time step, has a way to go.
export function drawRail(graph, place, time, half) {
  const segment = segmentAt(graph, time);
  if (!isTwofold(graph, segment) || saysAlways(graph, segment)) return [];
  const [first, last] = [graph.segments[segment].first, endOf(graph, segment) - 1];
  const { top } = place.chains[chainsOf(graph, segment, graph.layers - 1).at(-1).at];
  const answered = isLast(graph, segment);
  const height = answered ? place.output.middle : top - JOIN;
  const edge = place.column / 2;
  const start = time === first ? [[0, top], [0, height]] : [[time < last ? -edge : -edge - BEND, height]]; // the last one has room for its head
  const kind = answered ? "hy" : "bridge";
  const className = time === first || time === last ? "" : "between";
  if (time < last) return [lineOf([...start, [edge, height]], `weight ${kind} ${className}`, kind)];
  if (answered) return [weightArrow([...start, [-half - 1, height]], kind)];
  return [lineOf([...start, [bridgeEdge(place) + place.column + place.between, height]], `weight ${kind} between`, kind)];
}

// Where the way from what is read to what is said climbs, seen from the first column that says something.
export const bridgeEdge = (place) => -place.column / 2 - 8;
