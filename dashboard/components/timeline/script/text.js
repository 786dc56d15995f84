// The text as a monospace grid, each character on the colour of what the network holds there.

const COLUMN_GAP = 3;
const COMFORTABLE = 44; // characters; prose in narrower columns is hard to read
const SCROLL_BAR = 12;

class TextView {
  constructor(words, cells, unknown, rows) {
    this.cells = cells;
    this.unknown = new Set(unknown);
    this.shownRows = rows;
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
    const size = look.narrow ? 13 : 15;
    const font = `${size}px ${look.mono}`;
    this.surface.context.font = font;
    const across = this.surface.context.measureText("0").width;
    const down = look.narrow ? 20 : 22;
    const room = Math.max(12, Math.floor((this.root.clientWidth - 4) / across));
    if (room !== this.room) this.flow(room);
    Object.assign(this, { font, across, down, room });
    const rows = this.beside ? this.shownRows : this.layout.rows;
    this.width = this.root.clientWidth;
    this.height = Math.min(this.layout.rows, this.shownRows) * down + 4;
    this.root.style.height = `${this.height + (this.beside ? SCROLL_BAR : 0)}px`;
    this.space.style.height = `${rows * down + 4}px`;
    this.space.style.width = this.beside ? `${Math.ceil(this.layout.rows / this.shownRows) * this.pitch * across + 4}px` : "100%";
  }

  // Short lines run down one column and on at the top of the next, as in a newspaper, so that more of the text is in
  // sight; then the window scrolls sideways. Long lines take the whole width, and it scrolls down.
  flow(room) {
    const { longest, wraps } = layOut(this.cells, room);
    const half = Math.floor(room / 2) - COLUMN_GAP;
    const measure = wraps && half >= COMFORTABLE ? half : longest;
    this.layout = layOut(this.cells, measure);
    this.pitch = measure + COLUMN_GAP;
    this.beside = room >= 2 * this.pitch - COLUMN_GAP && this.layout.rows > this.shownRows;
  }

  place(at) {
    const row = this.layout.row[at];
    const [column, line] = this.beside ? [Math.floor(row / this.shownRows), row % this.shownRows] : [0, row];
    return {
      x: 2 + (column * this.pitch + this.layout.column[at]) * this.across,
      y: 2 + line * this.down,
      width: this.layout.span[at] * this.across,
      height: this.down - 2,
    };
  }

  // The first and the last row in sight.
  sight() {
    const { scrollLeft, scrollTop } = this.root;
    const pitch = this.beside ? this.pitch * this.across : this.down;
    const [from, to] = this.beside ? [scrollLeft, scrollLeft + this.width] : [scrollTop, scrollTop + this.height];
    const rows = this.beside ? this.shownRows : 1;
    return [Math.floor(from / pitch) * rows, Math.min(this.layout.rows - 1, Math.ceil(to / pitch) * rows)];
  }

  draw(look, track, scale, unit, time) {
    const context = this.surface.resize(this.width, this.height, look.ratio);
    const { layout, cells } = this;
    const { scrollLeft, scrollTop } = this.root;
    context.font = this.font;
    context.textAlign = "center";
    context.save();
    context.translate(-scrollLeft, -scrollTop);
    const [first, last] = this.sight();
    const end = last + 1 < layout.rows ? layout.starts[last + 1] : cells.count;
    for (let at = layout.starts[first]; at < end; at++) {
      const { x, y, width, height } = this.place(at);
      const step = track.step(unit, at);
      context.fillStyle = scale.styles[step];
      // Half a pixel of overlap, so that no seam shows between neighbours.
      context.fillRect(x, y, width + 0.5, height);
      if (cells.glyphs[at] !== " ") {
        context.fillStyle = scale.inks[step];
        context.globalAlpha = cells.characters[at] === "\n" || cells.characters[at] === "\t" ? 0.45 : 1;
        context.fillText(cells.glyphs[at], x + width / 2, y + height / 2 + 1);
        context.globalAlpha = 1;
      }
      if (this.unknown.has(at)) {
        context.strokeStyle = scale.inks[step];
        context.setLineDash([2, 2]);
        context.strokeRect(x + 1, y + 1, width - 2, height - 2);
        context.setLineDash([]);
      }
    }
    if (layout.row[time] >= first && layout.row[time] <= last) {
      const { x, y, width, height } = this.place(time);
      for (const [thickness, colour] of [[4, look.background], [2, look.text]]) {
        context.lineWidth = thickness;
        context.strokeStyle = colour;
        context.strokeRect(x - 0.5, y - 0.5, width + 1, height + 1);
      }
      context.lineWidth = 1;
    }
    context.restore();
  }

  locate(event) {
    const place = this.surface.canvas.getBoundingClientRect();
    const across = (event.clientX - place.left + this.root.scrollLeft - 2) / this.across;
    const line = Math.floor((event.clientY - place.top + this.root.scrollTop - 2) / this.down);
    if (!this.beside) return timeAt(this.layout, this.cells, line, Math.floor(across));
    const column = Math.max(0, Math.floor(across / this.pitch));
    const row = column * this.shownRows + clamp(line, 0, this.shownRows - 1);
    return timeAt(this.layout, this.cells, row, Math.floor(across - column * this.pitch));
  }

  // The time step straight above (-1) or below (1).
  neighbour(time, direction) {
    const row = this.layout.row[time] + direction;
    if (row < 0) return 0;
    if (row >= this.layout.rows) return this.cells.count - 1;
    return timeAt(this.layout, this.cells, row, this.layout.column[time]);
  }

  reveal(time) {
    const { x, y } = this.place(time);
    const { root } = this;
    if (this.beside) {
      const start = Math.floor(this.layout.row[time] / this.shownRows) * this.pitch * this.across;
      if (x < root.scrollLeft || start + this.pitch * this.across > root.scrollLeft + this.width + COLUMN_GAP * this.across)
        root.scrollLeft = x < root.scrollLeft ? start : start + this.pitch * this.across - this.width;
      return;
    }
    const margin = Math.min(this.down, this.height / 3);
    if (y < root.scrollTop + margin) root.scrollTop = y - margin;
    else if (y + this.down > root.scrollTop + this.height - margin) root.scrollTop = y + this.down - this.height + margin;
  }
}
