// Where the cells of a text stand: in rows, which may run on in a second column.

import { clamp } from "../../shared/numbers.js";

const BESIDE = 20; // so many pixels beside a row are as near as one below it

// The cells of each row, by their places: a row ends where the next cell stands lower, or in another column.
export function rowsOf(places) {
  const rows = [];
  places.forEach(({ left, top }, at) => {
    const before = places[at - 1];
    if (!before || top !== before.top || left < before.left) rows.push([]);
    rows.at(-1).push(at);
  });
  return rows;
}

// The cell straight above (-1) or below (1) another one, in the first or last row that one itself.
export function neighbour(places, cursor, step) {
  const rows = rowsOf(places);
  const here = rows.findIndex((row) => row.includes(cursor));
  const row = rows[clamp(here + step, 0, rows.length - 1)];
  const along = (at, [first]) => places[at].left - places[first].left; // rows may begin in different columns
  const wanted = along(cursor, rows[here]);
  return row.reduce((best, at) => (Math.abs(along(at, row) - wanted) < Math.abs(along(best, row) - wanted) ? at : best));
}

// The first and the last cell of the row of another one.
export function endsOfRow(places, cursor) {
  const row = rowsOf(places).find((one) => one.includes(cursor));
  return [row[0], row.at(-1)];
}

// The cell nearest to a point, or null where there is none.
export function nearest(boxes, x, y) {
  if (!boxes.length) return null;
  const away = boxes.map(({ left, right, top, bottom }) => Math.abs(x - clamp(x, left, right)) + BESIDE * Math.abs(y - clamp(y, top, bottom)));
  return away.indexOf(Math.min(...away));
}
