// Where everything stands: how many columns there is room for, and the rows of a column from the loss down to the time.

import { clamp } from "../../shared/numbers.js";

export const LONGEST_WINDOW = 24;
const NARROW = 560;
const TIGHT = 53; // the least width of a column
const LOOSE = 60; // the least width where the sequence is cut off anyway
const WIDEST = 92;
const ENTRY = 22; // for the arrow that comes in from the left
const STRIP_HEIGHTS = [0, 128, 144, 168, 192, 0, 216]; // of all strips of a column together, by how many there are

export function measure(graph, width) {
  return { width, ...measureColumns(graph.length, width), ...measureRows(graph) };
}

function measureColumns(length, width) {
  const narrow = width < NARROW;
  const gutter = narrow ? 64 : 132;
  const space = width - gutter - ENTRY - 4;
  const least = narrow || length * TIGHT <= space ? TIGHT : LOOSE; // tighter where that shows the whole sequence
  const room = Math.max(least, space);
  const count = clamp(Math.floor(room / least), 1, Math.min(LONGEST_WINDOW, length));
  const column = Math.min(room / count, WIDEST);
  return { narrow, gutter, entry: ENTRY, count, column, box: clamp(column * 0.46, 26, 40) };
}

const row = (top, height) => ({ top, height, middle: top + height / 2, bottom: top + height });

function measureRows({ pattern, medium, marked, layers, units, states }) {
  const numbers = medium === "numbers";
  const result = row(8, pattern === "one_to_many" ? 30 : 36);
  const output = row(result.bottom + 17, numbers ? 44 : 79);
  const boxes = measureLayers(output.bottom + 31, layers, units, Boolean(states.cell_state));
  const input = row(boxes[0].bottom + 34, numbers ? (marked ? 54 : 27) : 46);
  const character = numbers ? null : row(input.bottom + 6, 30);
  const time = row((character ?? input).bottom + 4, 20);
  return { result, output, layers: boxes, input, character, time, height: time.bottom + 4 };
}

// A box for each layer with its strips, the last layer on top.
function measureLayers(top, count, units, gated) {
  const strips = count * (gated ? 2 : 1);
  const strip = stripHeight(units, STRIP_HEIGHTS[strips] / strips);
  const boxes = Array(count);
  let y = top;
  for (let layer = count - 1; layer >= 0; layer--) {
    const hidden = row(y + 4, strip);
    const cell = gated ? row(hidden.bottom + 4, strip) : null;
    boxes[layer] = { hidden_state: hidden, cell_state: cell, ...row(y, (cell ?? hidden).bottom + 4 - y) };
    y = boxes[layer].bottom + 32;
  }
  return boxes;
}

// As near to a wish as whole pixels per unit allow; several units share a pixel where there are too many.
export function stripHeight(units, wish) {
  return units <= wish ? units * Math.floor(wish / units) : Math.round(wish);
}
