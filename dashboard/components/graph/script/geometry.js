// Where everything stands: how many columns there is room for, and the rows of a column from the loss down to the time.

import { clamp } from "../../shared/numbers.js";
import { isTwofold } from "./chains.js";

export const LONGEST_WINDOW = 24;
const NARROW = 560;
const TIGHT = 53; // the least width of a column
const LOOSE = 60; // the least width where the sequence is cut off anyway
const WIDEST = 92;
const ENTRY = 22; // for the arrow that comes in from an end
const BETWEEN = 36; // from what is read to what is said
const STRIP_HEIGHTS = [0, 128, 144, 168, 192, 0, 216]; // of all strips of a column together, by how many there are
const LONGEST_MARKS = 16; // of a symbol that names its layer and its direction
const ROOMY_STRIP = 56; // has room for its name over a key in the gutter
const LEAST_STRIP = 32;
const GAPS = { direction: 32, layer: 32, joined: 46, segment: 92 }; // from a box to the one above it

export function measure(graph, width) {
  return { width, ...measureColumns(graph, width), ...measureRows(graph) };
}

function measureColumns(graph, width) {
  const { length, segments } = graph;
  const narrow = width < NARROW;
  const marked = graph.layers === 1 ? 0 : graph.chains.some(({ direction }) => direction) ? LONGEST_MARKS : LONGEST_MARKS / 2;
  const gutter = (narrow ? 64 : 132) + marked;
  const exit = isTwofold(graph, segments.length - 1) ? ENTRY : 0;
  const between = segments.length > 1 ? BETWEEN : 0;
  const space = width - gutter - ENTRY - exit - between - 4;
  const least = narrow || length * TIGHT <= space ? TIGHT : LOOSE; // tighter where that shows the whole sequence
  const room = Math.max(least, space);
  const count = clamp(Math.floor(room / least), 1, Math.min(LONGEST_WINDOW, length));
  const column = Math.min(room / count, WIDEST);
  const box = clamp(column * 0.46, 26, 40);
  return { narrow, gutter, marked, entry: ENTRY, between, count, column, box, side: box / 2 + (column - box) * 0.3 };
}

const row = (top, height) => ({ top, height, middle: top + height / 2, bottom: top + height });

function measureRows(graph) {
  const { pattern, medium, marked } = graph;
  const numbers = medium === "numbers";
  const result = row(8, pattern === "one_to_many" ? 30 : 36);
  const output = row(result.bottom + 17, numbers ? 44 : 79);
  const chains = measureChains(output.bottom + 31, graph);
  const input = row(chains[0].bottom + 34, numbers ? (marked ? 54 : 27) : 46);
  const character = numbers ? null : row(input.bottom + 6, 30);
  const time = row((character ?? input).bottom + 4, 20);
  const compact = chains[0].hidden_state.height < ROOMY_STRIP;
  return { result, output, chains, compact, input, character, time, height: time.bottom + 4 };
}

// A box for each row of states with its strips, the last one on top.
function measureChains(top, graph) {
  const { chains, units } = graph;
  const strips = chains.reduce((sum, { states }) => sum + Object.keys(states).length, 0);
  const strip = stripHeight(units, (STRIP_HEIGHTS[strips] ?? 0) / strips);
  const boxes = Array(chains.length);
  let y = top;
  for (let at = chains.length - 1; at >= 0; at--) {
    const hidden = row(y + 4, strip);
    const cell = chains[at].states.cell_state === undefined ? null : row(hidden.bottom + 4, strip);
    boxes[at] = { hidden_state: hidden, cell_state: cell, ...row(y, (cell ?? hidden).bottom + 4 - y) };
    y = boxes[at].bottom + (at ? gapBetween(graph, chains[at - 1], chains[at]) : 0);
  }
  return boxes;
}

function gapBetween(graph, lower, upper) {
  if (lower.segment !== upper.segment) return GAPS.segment;
  if (lower.layer === upper.layer) return GAPS.direction;
  return isTwofold(graph, lower.segment) ? GAPS.joined : GAPS.layer;
}

// As near to a wish as whole pixels per unit allow; several units share a pixel where there are too many.
export function stripHeight(units, wish) {
  const high = Math.max(wish, LEAST_STRIP);
  return units <= high ? units * Math.max(1, Math.floor(high / units)) : Math.round(high);
}
