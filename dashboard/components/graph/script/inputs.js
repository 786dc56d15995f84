// What a time step reads: a character as a one-hot column, or a number with its mark.

import { clamp, decimal } from "../../shared/numbers.js";
import { draw, glyphText, write } from "./svg.js";

export function drawCharacter(vocabulary, place, step) {
  const { character } = place;
  return [
    ...drawOneHot(place.input, step.index, vocabulary),
    draw("rect", { class: `glyphbox ${step.known ? "" : "unknown"}`, x: -15, y: character.top, width: 30, height: character.height, rx: 5 }),
    glyphText(0, character.middle, step.glyph, "glyph"),
  ];
}

// Zeros all the way, and one 1: drawn three pixels high where its share of the column is less.
function drawOneHot(row, index, vocabulary) {
  const width = 10;
  const column = draw("rect", { class: "onehot", x: -width / 2, y: row.top, width, height: row.height, rx: 2 });
  if (index < 0) return [column]; // nothing but zeros
  const cell = row.height / vocabulary;
  const height = Math.max(3, cell);
  const y = clamp(row.top + (index + 0.5) * cell - height / 2, row.top, row.bottom - height);
  return [
    column,
    draw("rect", { class: "one", x: -width / 2, y, width, height }),
    write(width / 2 + 3, clamp(y + height / 2, row.top + 5, row.bottom - 5), String(index), { class: "index" }),
  ];
}

export function drawNumbers(place, step) {
  const { input } = place;
  const half = Math.min(place.column * 0.4, 24);
  const alone = step.mark === undefined;
  const cell = alone ? input.height : input.height / 2;
  const marked = step.mark === 1;
  const box = { class: `vector ${marked ? "marked" : ""}`, x: -half, width: 2 * half, height: cell };
  const parts = [
    draw("rect", { ...box, y: input.top }),
    draw("rect", { class: "amount", x: -half, y: input.top, width: 2 * half * step.amount, height: cell }),
    write(0, input.top + cell / 2, decimal(step.number), { class: "number" }),
  ];
  if (alone) return parts;
  parts.push(
    draw("rect", { ...box, y: input.top + cell }),
    write(0, input.top + cell * 1.5, String(step.mark), { class: `number ${marked ? "strong" : "faint"}` }),
  );
  if (marked) parts.push(draw("rect", { class: "mark", x: -half - 2.5, y: input.top - 2.5, width: 2 * half + 5, height: input.height + 5, rx: 4 }));
  return parts;
}
