// The text as a monospace grid, each character on the colour of what the network holds there.

import { element } from "../../shared/elements.js";
import { Flow } from "./flow.js";
import { Surface } from "./surface.js";

const SCROLL_BAR = 12;
const LEAST_ROOM = 12; // characters

export class TextView {
  constructor(words, cells, unknown, rows) {
    this.cells = cells;
    this.unknown = new Set(unknown);
    this.flow = new Flow(cells, rows);
    this.root = element("div", "window text");
    this.root.tabIndex = 0;
    this.root.setAttribute("role", "group");
    this.root.setAttribute("aria-label", words.text);
    this.space = element("div", "space");
    this.surface = new Surface("sticky", words.text);
    this.space.append(this.surface.canvas);
    this.root.append(this.space);
  }

  measure(look) {
    const { flow, root, space } = this;
    this.font = `${look.narrow ? 13 : 15}px ${look.mono}`;
    this.surface.context.font = this.font;
    const across = this.surface.context.measureText("0").width;
    flow.measure(Math.max(LEAST_ROOM, Math.floor((root.clientWidth - 4) / across)), across, look.narrow ? 20 : 22);
    this.width = root.clientWidth;
    root.style.height = `${flow.windowHeight + (flow.beside ? SCROLL_BAR : 0)}px`;
    space.style.height = `${flow.height}px`;
    space.style.width = flow.beside ? `${flow.width}px` : "100%";
  }

  // The part of the text that the window shows.
  get sight() {
    const { scrollLeft, scrollTop } = this.root;
    return { left: scrollLeft, top: scrollTop, width: this.width, height: this.flow.windowHeight };
  }

  draw(look, track, scale, unit, time) {
    const { flow, cells, sight } = this;
    const { row, rows, starts } = flow.layout;
    const context = this.surface.resize(sight.width, sight.height, look.ratio);
    context.font = this.font;
    context.textAlign = "center";
    context.save();
    context.translate(-sight.left, -sight.top);
    const [first, last] = flow.sight(sight);
    const end = last + 1 < rows ? starts[last + 1] : cells.count;
    for (let at = starts[first]; at < end; at++) this.drawCell(context, scale, track.step(unit, at), at);
    if (row[time] >= first && row[time] <= last) this.drawCursor(context, look, time);
    context.restore();
  }

  drawCell(context, scale, step, at) {
    const { x, y, width, height } = this.flow.place(at);
    const character = this.cells.characters[at];
    context.fillStyle = scale.styles[step];
    // Half a pixel of overlap, so that no seam shows between neighbours.
    context.fillRect(x, y, width + 0.5, height);
    if (this.cells.glyphs[at] !== " ") {
      context.fillStyle = scale.inks[step];
      context.globalAlpha = character === "\n" || character === "\t" ? 0.45 : 1;
      context.fillText(this.cells.glyphs[at], x + width / 2, y + height / 2 + 1);
      context.globalAlpha = 1;
    }
    if (this.unknown.has(at)) {
      context.strokeStyle = scale.inks[step];
      context.setLineDash([2, 2]);
      context.strokeRect(x + 1, y + 1, width - 2, height - 2);
      context.setLineDash([]);
    }
  }

  // Dark on light, so that it stands out on every colour.
  drawCursor(context, look, time) {
    const { x, y, width, height } = this.flow.place(time);
    for (const [thickness, colour] of [[4, look.background], [2, look.text]]) {
      context.lineWidth = thickness;
      context.strokeStyle = colour;
      context.strokeRect(x - 0.5, y - 0.5, width + 1, height + 1);
    }
    context.lineWidth = 1;
  }

  locate(event) {
    const place = this.surface.canvas.getBoundingClientRect();
    return this.flow.timeAt(event.clientX - place.left + this.root.scrollLeft, event.clientY - place.top + this.root.scrollTop);
  }

  reveal(time) {
    const { left, top } = this.flow.reveal(time, this.sight);
    if (left !== this.root.scrollLeft) this.root.scrollLeft = left;
    if (top !== this.root.scrollTop) this.root.scrollTop = top;
  }
}
