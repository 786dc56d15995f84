// All units x time as one small picture, drawn once and stretched; rows in the order of the strip.

export class UnitMap {
  constructor() {
    this.painted = null;
  }

  draw(context, look, track, scale, { step, first, end, at }, unit, order, { top, unitHeight }) {
    const [left, width, moments] = [at(first), (end - first) * step, end - first];
    context.imageSmoothingEnabled = false;
    context.drawImage(this.paint(track, scale, order), first, 0, moments, order.length, left, top, width, unitHeight * order.length);
    if (unit === null) return;
    context.strokeStyle = look.text;
    context.lineWidth = 1.5;
    context.strokeRect(left - 2, top + order.indexOf(unit) * unitHeight - 1, width + 4, unitHeight + 2);
  }

  drawMoment(context, look, { step, at }, time, order, { top, unitHeight }) {
    context.strokeStyle = look.text;
    context.lineWidth = 1.5;
    context.strokeRect(at(time) - 0.5, top - 1, step, unitHeight * order.length + 2);
  }

  paint(track, scale, order) {
    if (this.painted?.track === track && this.painted.scale === scale) return this.painted.image;
    const pixels = new ImageData(track.steps, order.length);
    order.forEach((unit, row) => {
      for (let time = 0; time < track.steps; time++) pixels.data.set([...scale.bytes[track.step(unit, time)], 255], (row * track.steps + time) * 4);
    });
    const image = new OffscreenCanvas(track.steps, order.length);
    image.getContext("2d").putImageData(pixels, 0, 0);
    this.painted = { track, scale, image };
    return image;
  }
}
