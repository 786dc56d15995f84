// Small multiples: the same text once more for every unit, small, in the order of how much the unit varies.

const THUMB_COLUMNS = 44;
const THUMB_ROWS = 20;

class StripView {
  constructor(words, cells, order, spread, choose) {
    Object.assign(this, { words, cells, order });
    this.layout = layOut(cells, THUMB_COLUMNS);
    const columns = clamp(this.layout.longest, 24, THUMB_COLUMNS);
    this.root = element("div", "window strip");
    this.root.setAttribute("role", "radiogroup");
    this.root.setAttribute("aria-label", words.strip);
    this.thumbs = order.map((unit) => {
      const thumb = element("button", "thumb");
      thumb.type = "button";
      thumb.setAttribute("role", "radio");
      thumb.setAttribute("aria-label", fill(words.thumb, { unit, spread: spread[unit].toFixed(3) }));
      const picture = element("canvas");
      picture.width = columns;
      picture.height = Math.min(this.layout.rows, THUMB_ROWS);
      thumb.append(picture, element("span", "", String(unit)));
      thumb.onclick = () => choose(unit);
      this.root.append(thumb);
      return { thumb, picture, unit };
    });
    // One stop for the Tab key; the arrow keys walk inside, as in any group of radio buttons.
    this.root.onkeydown = (event) => {
      const moves = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
      const at = this.thumbs.findIndex(({ thumb }) => thumb === event.target);
      let next = null;
      if (event.key in moves) next = (at + moves[event.key] + this.thumbs.length) % this.thumbs.length;
      if (event.key === "Home") next = 0;
      if (event.key === "End") next = this.thumbs.length - 1;
      if (next === null || at < 0) return;
      event.preventDefault();
      event.stopPropagation();
      choose(this.thumbs[next].unit);
      this.thumbs[next].thumb.focus();
    };
  }

  draw(track, scale, unit) {
    for (const { thumb, unit: shown } of this.thumbs) {
      const chosen = shown === unit;
      thumb.setAttribute("aria-checked", String(chosen));
      thumb.tabIndex = chosen || (unit === null && shown === this.order[0]) ? 0 : -1;
    }
    if (this.drawn?.track === track && this.drawn.scale === scale) return;
    this.drawn = { track, scale };
    for (const { picture, unit: shown } of this.thumbs) {
      const pixels = new ImageData(picture.width, picture.height);
      for (let time = 0; time < this.cells.count && this.layout.row[time] < picture.height; time++) {
        const colour = scale.bytes[track.step(shown, time)];
        for (let at = 0; at < this.layout.span[time]; at++)
          pixels.data.set([...colour, 255], (this.layout.row[time] * picture.width + Math.min(picture.width - 1, this.layout.column[time] + at)) * 4);
      }
      picture.getContext("2d").putImageData(pixels, 0, 0);
    }
  }

  reveal(unit) {
    const chosen = this.thumbs.find(({ unit: shown }) => shown === unit)?.thumb;
    if (!chosen) return;
    const [inner, outer] = [chosen.getBoundingClientRect(), this.root.getBoundingClientRect()];
    if (inner.top < outer.top) this.root.scrollTop += inner.top - outer.top - 4;
    else if (inner.bottom > outer.bottom) this.root.scrollTop += inner.bottom - outer.bottom + 4;
  }
}
