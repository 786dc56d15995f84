// Small multiples: the same text once more for every unit, small, in the order of how much the unit varies.

import { button, element } from "../../shared/elements.js";
import { take } from "../../shared/keys.js";
import { clamp } from "../../shared/numbers.js";
import { fill } from "../../shared/words.js";
import { layOut } from "./layout.js";

const [LEAST_COLUMNS, THUMB_COLUMNS] = [24, 44];
const THUMB_ROWS = 20;

export class StripView {
  constructor(words, cells, order, spread, choose) {
    Object.assign(this, { words, cells, order, choose });
    this.layout = layOut(cells, THUMB_COLUMNS);
    this.root = element("div", "window strip");
    this.root.setAttribute("role", "radiogroup");
    this.root.setAttribute("aria-label", words.strip);
    this.thumbs = order.map((unit) => this.makeThumb(unit, spread[unit]));
    this.root.append(...this.thumbs.map(({ thumb }) => thumb));
    this.root.onkeydown = (event) => this.press(event);
  }

  makeThumb(unit, spread) {
    const thumb = button("thumb", "", () => this.choose(unit));
    thumb.setAttribute("role", "radio");
    thumb.setAttribute("aria-label", fill(this.words.thumb, { unit, spread: spread.toFixed(3) }));
    const picture = element("canvas");
    picture.width = clamp(this.layout.longest, LEAST_COLUMNS, THUMB_COLUMNS);
    picture.height = Math.min(this.layout.rows, THUMB_ROWS);
    thumb.append(picture, element("span", "", String(unit)));
    return { thumb, picture, unit };
  }

  // One stop for the Tab key; the arrow keys walk inside, as in any group of radio buttons.
  press(event) {
    const at = this.thumbs.findIndex(({ thumb }) => thumb === event.target);
    if (at < 0) return;
    const next = take(event, radioKeys(at, this.thumbs.length));
    if (next === null) return;
    event.stopPropagation();
    this.choose(this.thumbs[next].unit);
    this.thumbs[next].thumb.focus();
  }

  draw(track, scale, unit) {
    for (const { thumb, unit: shown } of this.thumbs) {
      const chosen = shown === unit;
      thumb.setAttribute("aria-checked", String(chosen));
      thumb.tabIndex = chosen || (unit === null && shown === this.order[0]) ? 0 : -1;
    }
    if (this.drawn?.track === track && this.drawn.scale === scale) return;
    this.drawn = { track, scale };
    for (const { picture, unit: shown } of this.thumbs) this.paint(picture, track, scale, shown);
  }

  // One pixel for each column of the grid.
  paint(picture, track, scale, unit) {
    const { row, column, span } = this.layout;
    const pixels = new ImageData(picture.width, picture.height);
    for (let time = 0; time < this.cells.count && row[time] < picture.height; time++) {
      const colour = scale.bytes[track.step(unit, time)];
      for (let at = column[time]; at < column[time] + span[time]; at++)
        pixels.data.set([...colour, 255], (row[time] * picture.width + Math.min(picture.width - 1, at)) * 4);
    }
    picture.getContext("2d").putImageData(pixels, 0, 0);
  }

  reveal(unit) {
    const chosen = this.thumbs.find(({ unit: shown }) => shown === unit)?.thumb;
    if (!chosen) return;
    const [inner, outer] = [chosen.getBoundingClientRect(), this.root.getBoundingClientRect()];
    if (inner.top < outer.top) this.root.scrollTop += inner.top - outer.top - 4;
    else if (inner.bottom > outer.bottom) this.root.scrollTop += inner.bottom - outer.bottom + 4;
  }
}

// Where each key leads from one of `count` in a ring.
export function radioKeys(at, count) {
  const [next, previous] = [(at + 1) % count, (at - 1 + count) % count];
  return { ArrowRight: next, ArrowDown: next, ArrowLeft: previous, ArrowUp: previous, Home: 0, End: count - 1 };
}
