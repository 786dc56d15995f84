// Lanes: one signal each, a bar per character, on one time axis; under them all units at the same characters.

const LANE_GAP = 14;
const AXIS = 24;

class LaneView {
  constructor(words, cells, tracks, mapped) {
    Object.assign(this, { words, cells, tracks, mapped }); // tracks may hold null, for the one that colours the text
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
    this.map = null;
    this.hovered = null;
  }

  measure(look, whole, unitCount) {
    this.whole = whole;
    this.gutterWidth = look.narrow ? 118 : 140;
    this.laneHeight = look.narrow ? 34 : 38;
    this.width = Math.max(60, this.root.clientWidth - this.gutterWidth);
    const close = this.wide ? 16 : 9;
    this.step = whole ? Math.min(close, this.width / this.cells.count) : close;
    this.lanesHeight = this.tracks.length * (this.laneHeight + LANE_GAP);
    this.unitHeight = this.mapped ? Math.max(1, Math.min(6, Math.round(224 / unitCount))) : 0;
    this.mapTop = 8 + this.lanesHeight + AXIS;
    this.height = this.mapTop + (this.mapped ? this.unitHeight * unitCount + 8 : 0);
    this.root.style.gridTemplateColumns = `${this.gutterWidth}px 1fr`;
    this.space.style.width = `${Math.max(this.width, this.step * this.cells.count)}px`;
    this.space.style.height = `${this.height}px`;
  }

  // All units x time as one small picture, drawn once and stretched; rows in the order of the strip.
  paintMap(track, scale, order) {
    if (this.map?.track === track && this.map.scale === scale) return this.map.image;
    const pixels = new ImageData(track.steps, order.length);
    order.forEach((unit, row) => {
      for (let time = 0; time < track.steps; time++) pixels.data.set([...scale.bytes[track.step(unit, time)], 255], (row * track.steps + time) * 4);
    });
    const image = new OffscreenCanvas(track.steps, order.length);
    image.getContext("2d").putImageData(pixels, 0, 0);
    this.map = { track, scale, image };
    return image;
  }

  draw(look, track, scale, unit, time, order) {
    this.drawGutter(look, track, unit, time, order);
    const { step, cells } = this;
    const context = this.surface.resize(this.width, this.height, look.ratio);
    const left = this.window.scrollLeft;
    const first = Math.max(0, Math.floor(left / step));
    const end = Math.min(cells.count, Math.ceil((left + this.width) / step));
    const at = (moment) => moment * step - left;
    const bar = step - 1;
    // Where bars stand closer than pixels do, their edges are set on pixels: half-covered ones would make a pattern.
    const edge = (moment) => (step > 4 ? at(moment) : Math.round(at(moment) * look.ratio) / look.ratio);
    const across = (moment) => (step > 4 ? bar : Math.max(1 / look.ratio, edge(moment + 1) - edge(moment)));

    if (step > 4) {
      context.fillStyle = look.tint;
      context.fillRect(at(time) - 0.5, 0, step, this.height);
    }
    this.tracks.forEach((own, place) => {
      const lane = own ?? track;
      const top = 8 + place * (this.laneHeight + LANE_GAP);
      const toY = (value) => top + this.laneHeight * (1 - (value - lane.low) / (lane.high - lane.low));
      const zero = toY(lane.centre);
      context.fillStyle = look.line;
      context.fillRect(0, zero - 0.5, Math.min(this.width, at(cells.count)), 1);
      const [quiet, loud] = look.hue(lane.hue);
      for (let moment = first; moment < end; moment++) {
        const y = toY(lane.value(unit, moment));
        context.fillStyle = moment === time ? loud : quiet;
        context.fillRect(edge(moment), Math.min(y, zero), across(moment), Math.max(0.75, Math.abs(y - zero)));
      }
    });

    if (this.mapped) {
      context.imageSmoothingEnabled = false;
      const height = this.unitHeight * order.length;
      context.drawImage(this.paintMap(track, scale, order), first, 0, end - first, order.length, at(first), this.mapTop, (end - first) * step, height);
      if (unit !== null) {
        const y = this.mapTop + order.indexOf(unit) * this.unitHeight;
        context.strokeStyle = look.text;
        context.lineWidth = 1.5;
        context.strokeRect(at(first) - 2, y - 1, (end - first) * step + 4, this.unitHeight + 2);
      }
    }

    // The characters themselves are the time axis.
    const axis = 8 + this.lanesHeight + AXIS / 2 - 4;
    if (step > 4) {
      context.font = `${this.wide ? 14 : 13}px ${look.mono}`;
      context.textAlign = "center";
      for (let moment = first; moment < end; moment++) {
        context.fillStyle = moment === time ? look.text : look.faint;
        if (cells.glyphs[moment] !== " ") context.fillText(cells.glyphs[moment], at(moment) + bar / 2, axis);
      }
      context.strokeStyle = look.text;
      context.lineWidth = 1.5;
      context.strokeRect(at(time) - 1.5, axis - 10, step + 2, 19);
      if (this.mapped) context.strokeRect(at(time) - 0.5, this.mapTop - 1, step, this.unitHeight * order.length + 2);
    } else {
      context.fillStyle = look.text;
      context.fillRect(at(time) - 0.5, 0, Math.max(1.5, step), this.height);
      context.font = `12px ${look.font}`;
      context.textAlign = at(time) > this.width - 60 ? "right" : "left";
      context.fillText(cells.glyphs[time] === " " ? "␣" : cells.glyphs[time], at(time) + (context.textAlign === "right" ? -5 : 6), axis);
    }
    context.lineWidth = 1;
  }

  drawGutter(look, track, unit, time, order) {
    const context = this.gutter.resize(this.gutterWidth, this.height, look.ratio);
    const right = this.gutterWidth - 30;
    this.tracks.forEach((own, place) => {
      const lane = own ?? track;
      const top = 8 + place * (this.laneHeight + LANE_GAP);
      context.textAlign = "right";
      context.font = `${look.narrow ? 12 : 13}px ${look.font}`;
      context.fillStyle = look.hue(lane.hue)[2];
      const name = `${lane.label} ${lane.mark}`.trim();
      context.fillText(context.measureText(name).width <= right ? name : lane.mark || lane.label, right, top + this.laneHeight / 2 - 9);
      context.font = `600 14px ${look.mono}`;
      context.fillStyle = look.text;
      context.fillText(number(lane.value(unit, time), lane.digits), right, top + this.laneHeight / 2 + 9);
      context.font = `10px ${look.font}`;
      context.fillStyle = look.faint;
      context.fillText(number(lane.high, 0), this.gutterWidth - 6, top + 4);
      if (lane.low < 0) context.fillText("0", this.gutterWidth - 6, top + this.laneHeight / 2);
      context.fillText(number(lane.low, 0), this.gutterWidth - 6, top + this.laneHeight - 3);
    });
    if (this.mapped) this.drawMapGutter(look, context, track, unit, time, order);
  }

  drawMapGutter(look, context, track, unit, time, order) {
    const bottom = this.mapTop + this.unitHeight * order.length;
    context.textAlign = "right";
    context.font = `${look.narrow ? 12 : 13}px ${look.font}`;
    context.fillStyle = look.text;
    context.fillText(fill(this.words.all_units, { signal: track.mark, count: order.length }), this.gutterWidth - 6, this.mapTop - 17, this.gutterWidth - 8);
    const pointed = this.hovered ?? unit;
    const y = pointed === null ? null : this.mapTop + (order.indexOf(pointed) + 0.5) * this.unitHeight;
    const high = y !== null && y < this.mapTop + 52;
    context.font = `11px ${look.font}`;
    context.fillStyle = look.faint;
    const [end, place] = high ? [this.words.least_varying, bottom - 8] : [this.words.most_varying, this.mapTop + 8];
    context.fillText(end, this.gutterWidth - 14, place, this.gutterWidth - 16);
    if (y === null) return;
    const label = clamp(y, this.mapTop + 8, bottom - 24);
    context.fillStyle = look.text;
    context.font = `600 12px ${look.font}`;
    context.fillText(fill(this.words.unit_number, { unit: pointed }), this.gutterWidth - 14, label);
    context.font = `600 12px ${look.mono}`;
    context.fillText(number(track.value(pointed, time)), this.gutterWidth - 14, label + 16);
    context.beginPath();
    context.moveTo(this.gutterWidth - 2, y);
    context.lineTo(this.gutterWidth - 9, y - 4);
    context.lineTo(this.gutterWidth - 9, y + 4);
    context.fill();
  }

  locate(event) {
    const place = this.surface.canvas.getBoundingClientRect();
    const time = clamp(Math.floor((event.clientX - place.left + this.window.scrollLeft) / this.step), 0, this.cells.count - 1);
    const row = Math.floor((event.clientY - place.top - this.mapTop) / (this.unitHeight || 1));
    return { time, row: this.mapped && row >= 0 ? row : null };
  }

  reveal(time) {
    if (this.whole) return;
    const x = time * this.step;
    const margin = this.step * 4;
    if (x < this.window.scrollLeft + margin || x > this.window.scrollLeft + this.width - margin)
      this.window.scrollLeft = x - this.width / 2;
  }
}

// A true minus sign, and digits that keep their place.
function number(value, digits = 3) {
  const written = Math.abs(value).toFixed(digits);
  return value < 0 && Number(written) !== 0 ? `\u2212${written}` : written;
}
