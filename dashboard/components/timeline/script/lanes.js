// Lanes: one signal each, a bar per character, on one time axis; under them all units at the same characters.

import { element } from "../../shared/elements.js";
import { clamp } from "../../shared/numbers.js";
import { drawBars } from "./bars.js";
import { drawLaneNames, drawUnitNames } from "./lane_names.js";
import { Surface } from "./surface.js";
import { drawCharacters, drawPlace } from "./time_axis.js";
import { UnitMap } from "./unit_map.js";

const LANE_GAP = 14;
const AXIS = 24;
const TOP = 8;
const [CLOSE, CLOSE_WHERE_WIDE] = [9, 16]; // pixels from one character to the next
const READABLE = 4; // with fewer pixels to a character, its glyph is not drawn

export class LaneView {
  // tracks : one for each lane; null for the one that colours the text
  // mapped : whether all units are drawn under them
  constructor(words, cells, tracks, mapped) {
    Object.assign(this, { words, cells, tracks, mapped });
    this.root = element("div", "lanes");
    this.gutter = new Surface("gutter", words.lanes);
    this.window = element("div", "window time");
    this.window.tabIndex = 0;
    this.window.setAttribute("role", "group");
    this.window.setAttribute("aria-label", words.lanes);
    this.space = element("div", "space");
    this.surface = new Surface("sticky", words.lanes);
    this.space.append(this.surface.canvas);
    this.window.append(this.space);
    this.root.append(this.gutter.canvas, this.window);
    this.wide = cells.widths.some((width) => width > 1);
    this.map = new UnitMap();
    this.hovered = null; // the unit under the pointer
  }

  // whole : whether all of the text is squeezed into the width
  measure(look, whole, unitCount) {
    this.whole = whole;
    this.gutterWidth = look.narrow ? 118 : 140;
    this.laneHeight = look.narrow ? 34 : 38;
    this.width = Math.max(60, this.root.clientWidth - this.gutterWidth);
    this.step = laneStep(this.width, this.cells.count, this.wide, whole);
    this.lanesBottom = TOP + this.tracks.length * (this.laneHeight + LANE_GAP);
    this.unitHeight = this.mapped ? clamp(Math.round(224 / unitCount), 1, 6) : 0;
    this.mapTop = this.lanesBottom + AXIS;
    this.height = this.mapTop + (this.mapped ? this.unitHeight * unitCount + 8 : 0);
    this.root.style.gridTemplateColumns = `${this.gutterWidth}px 1fr`;
    this.space.style.width = `${Math.max(this.width, this.step * this.cells.count)}px`;
    this.space.style.height = `${this.height}px`;
  }

  get axis() {
    return this.lanesBottom + AXIS / 2 - 4;
  }

  // The lanes with what each shows, and where.
  lanes(track) {
    return this.tracks.map((own, place) => ({ track: own ?? track, top: TOP + place * (this.laneHeight + LANE_GAP), height: this.laneHeight }));
  }

  // The part of time that the window shows.
  get sight() {
    const { step, width } = this;
    const left = this.window.scrollLeft;
    return {
      step,
      width,
      readable: step > READABLE,
      first: Math.max(0, Math.floor(left / step)),
      end: Math.min(this.cells.count, Math.ceil((left + width) / step)),
      count: this.cells.count,
      at: (moment) => moment * step - left,
    };
  }

  draw(look, track, scale, unit, time, order) {
    this.drawGutter(look, track, unit, time, order);
    const { sight, mapTop, unitHeight } = this;
    const context = this.surface.resize(this.width, this.height, look.ratio);
    if (sight.readable) {
      context.fillStyle = look.tint;
      context.fillRect(sight.at(time) - 0.5, 0, sight.step, this.height);
    }
    for (const lane of this.lanes(track)) drawBars(context, look, lane, sight, unit, time);
    if (this.mapped) this.map.draw(context, look, track, scale, sight, unit, order, { top: mapTop, unitHeight });
    if (sight.readable) {
      drawCharacters(context, look, this.cells, sight, time, this.axis, this.wide);
      if (this.mapped) this.map.drawMoment(context, look, sight, time, order, { top: mapTop, unitHeight });
    } else drawPlace(context, look, this.cells, sight, time, this.axis, this.height);
    context.lineWidth = 1;
  }

  drawGutter(look, track, unit, time, order) {
    const context = this.gutter.resize(this.gutterWidth, this.height, look.ratio);
    for (const lane of this.lanes(track)) drawLaneNames(context, look, lane, unit, time, this.gutterWidth);
    if (!this.mapped) return;
    const { words, hovered, gutterWidth: width, mapTop: top, unitHeight } = this;
    drawUnitNames(context, look, words, track, hovered ?? unit, time, order, { width, top, unitHeight });
  }

  // The time step under the pointer, and the row of the map if it is over one.
  locate(event) {
    const place = this.surface.canvas.getBoundingClientRect();
    const time = Math.floor((event.clientX - place.left + this.window.scrollLeft) / this.step);
    const row = Math.floor((event.clientY - place.top - this.mapTop) / (this.unitHeight || 1));
    return { time: clamp(time, 0, this.cells.count - 1), row: this.mapped && row >= 0 ? row : null };
  }

  reveal(time) {
    if (this.whole) return;
    const left = scrolledTo(time, this.step, this.window.scrollLeft, this.width);
    if (left !== this.window.scrollLeft) this.window.scrollLeft = left;
  }
}

// Pixels from one character to the next.
export function laneStep(width, count, wide, whole) {
  const close = wide ? CLOSE_WHERE_WIDE : CLOSE;
  return whole ? Math.min(close, width / count) : close;
}

// Where a window has to be scrolled to: a time step that comes near its edge goes into the middle.
export function scrolledTo(time, step, left, width) {
  const x = time * step;
  const margin = 4 * step;
  return x < left + margin || x > left + width - margin ? x - width / 2 : left;
}
