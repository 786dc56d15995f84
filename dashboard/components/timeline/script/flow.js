// Where the characters of a text stand in a window, in pixels, and what of it is in sight.
//
// Short lines run down one column and on at the top of the next, as in a newspaper, so that more of the text is in sight;
// then the window scrolls sideways. Long lines take the whole width, and it scrolls down.

import { clamp } from "../../shared/numbers.js";
import { layOut, timeAt } from "./layout.js";

const GAP = 3; // characters between two columns
const COMFORTABLE = 44; // characters; prose in narrower columns is hard to read
const EDGE = 2; // pixels around the text, for the frame of the current character

export class Flow {
  // rows : that the window shows at once
  constructor(cells, rows) {
    Object.assign(this, { cells, rows });
  }

  // room : characters that fit side by side;  across, down : pixels from one to the next
  measure(room, across, down) {
    Object.assign(this, { across, down });
    if (room === this.room) return;
    this.room = room;
    const { longest, wraps } = layOut(this.cells, room);
    const half = Math.floor(room / 2) - GAP;
    const columns = wraps && half >= COMFORTABLE ? half : longest;
    this.layout = layOut(this.cells, columns);
    this.pitch = columns + GAP;
    this.beside = room >= 2 * this.pitch - GAP && this.layout.rows > this.rows;
  }

  // Of the whole text; a width only where it scrolls sideways.
  get height() {
    return (this.beside ? this.rows : this.layout.rows) * this.down + 2 * EDGE;
  }

  get width() {
    return this.beside ? Math.ceil(this.layout.rows / this.rows) * this.pitch * this.across + 2 * EDGE : null;
  }

  // Of the window.
  get windowHeight() {
    return Math.min(this.layout.rows, this.rows) * this.down + 2 * EDGE;
  }

  place(time) {
    const row = this.layout.row[time];
    const [column, line] = this.beside ? [Math.floor(row / this.rows), row % this.rows] : [0, row];
    return {
      x: EDGE + (column * this.pitch + this.layout.column[time]) * this.across,
      y: EDGE + line * this.down,
      width: this.layout.span[time] * this.across,
      height: this.down - 2,
    };
  }

  // The time step at a place of the text, or the nearest one in its row.
  timeAt(x, y) {
    const across = (x - EDGE) / this.across;
    const line = Math.floor((y - EDGE) / this.down);
    if (!this.beside) return timeAt(this.layout, this.cells, line, Math.floor(across));
    const column = Math.max(0, Math.floor(across / this.pitch));
    const row = column * this.rows + clamp(line, 0, this.rows - 1);
    return timeAt(this.layout, this.cells, row, Math.floor(across - column * this.pitch));
  }

  // The time step straight above (-1) or below (1).
  neighbour(time, direction) {
    const row = this.layout.row[time] + direction;
    if (row < 0) return 0;
    if (row >= this.layout.rows) return this.cells.count - 1;
    return timeAt(this.layout, this.cells, row, this.layout.column[time]);
  }

  // The first and the last row in sight of a window.
  sight({ left, top, width, height }) {
    const pitch = this.beside ? this.pitch * this.across : this.down;
    const [from, to] = this.beside ? [left, left + width] : [top, top + height];
    const rows = this.beside ? this.rows : 1;
    return [Math.floor(from / pitch) * rows, Math.min(this.layout.rows - 1, Math.ceil(to / pitch) * rows)];
  }

  // Where a window has to be scrolled to, so that a time step is in sight.
  reveal(time, { left, top, width, height }) {
    const { x, y } = this.place(time);
    if (this.beside) {
      const pitch = this.pitch * this.across;
      const start = Math.floor(this.layout.row[time] / this.rows) * pitch;
      if (x < left) return { left: start, top };
      return { left: start + pitch > left + width + GAP * this.across ? start + pitch - width : left, top };
    }
    const margin = Math.min(this.down, height / 3);
    if (y < top + margin) return { left, top: y - margin };
    return { left, top: y + this.down > top + height - margin ? y + this.down - height + margin : top };
  }
}
