// Where each character stands in a monospace grid of a given number of columns.

import { TAB_STOP } from "../../shared/characters.js";
import { clamp } from "../../shared/numbers.js";

// For each character its row, its first column and how many columns it spans; for each row where it starts.
export function layOut(cells, columns) {
  const row = new Uint32Array(cells.count);
  const column = new Uint32Array(cells.count);
  const span = new Uint8Array(cells.count);
  const starts = [0];
  let at = 0;
  let longest = 0;
  let wraps = false;
  const startRow = (time) => {
    starts.push(time);
    at = 0;
  };
  for (let time = 0; time < cells.count; time++) {
    const tab = cells.characters[time] === "\t";
    let width = tab ? TAB_STOP - (at % TAB_STOP) : cells.widths[time];
    if (at + width > columns && at > 0) {
      wraps = true;
      const word = startOfWord(cells, column, columns, starts.at(-1), time);
      startRow(word);
      for (let moved = word; moved < time; moved++) {
        row[moved] = starts.length - 1;
        column[moved] = at;
        at += span[moved];
      }
      if (tab) width = TAB_STOP;
    }
    row[time] = starts.length - 1;
    column[time] = at;
    span[time] = width;
    at += width;
    longest = Math.max(longest, at);
    if (cells.characters[time] === "\n" && time + 1 < cells.count) startRow(time + 1);
  }
  return { row, column, span, starts, rows: starts.length, longest, wraps };
}

// Where the row that has become too long at `time` breaks: after the last space, unless that would leave it nearly empty.
function startOfWord({ characters }, column, columns, first, time) {
  let space = time - 1;
  while (space > first && characters[space] !== " ") space--;
  return characters[time] !== " " && space > first && column[space] > columns / 2 ? space + 1 : time;
}

// The time step drawn at a row and column, or the last one of that row.
export function timeAt(layout, cells, row, column) {
  const line = clamp(row, 0, layout.rows - 1);
  const end = line + 1 < layout.rows ? layout.starts[line + 1] : cells.count;
  let time = layout.starts[line];
  while (time + 1 < end && layout.column[time + 1] <= column) time++;
  return time;
}
