// What the colours of the text mean: the scale with its ends, and what is shown.

import { decimal } from "../../shared/numbers.js";
import { fill } from "../../shared/words.js";
import { STEPS } from "./scale.js";
import { Surface } from "./surface.js";

const [WIDTH, HEIGHT] = [320, 30];
const SCALE = 120; // pixels of the scale itself

export class LegendView {
  constructor(words) {
    this.words = words;
    this.surface = new Surface("legend", words.legend);
  }

  draw(look, track, scale, unit, time) {
    const context = this.surface.resize(WIDTH, HEIGHT, look.ratio);
    this.drawScale(context, look, track, scale);
    const value = track.value(unit, time);
    context.fillStyle = look.text;
    const x = track.share(value) * SCALE;
    context.beginPath();
    context.moveTo(x, 12);
    context.lineTo(x - 4, 18);
    context.lineTo(x + 4, 18);
    context.fill();
    context.textAlign = "left";
    context.font = `600 13px ${look.font}`;
    const name = unit === null ? fill(this.words.mean_of, { signal: track.mark }) : fill(this.words.of_unit, { signal: track.mark, unit });
    context.fillText(name, SCALE + 14, 9);
    const after = context.measureText(name).width;
    context.font = `600 13px ${look.mono}`;
    context.fillText(decimal(value, 3), SCALE + 24 + after, 9);
  }

  drawScale(context, look, track, scale) {
    for (let at = 0; at < SCALE; at++) {
      context.fillStyle = scale.styles[Math.round((at / (SCALE - 1)) * (STEPS - 1))];
      context.fillRect(at, 4, 1.5, 9);
    }
    context.fillStyle = look.faint;
    context.font = `10px ${look.font}`;
    const ends = track.low < 0 ? [[track.low, "left"], [0, "center"], [track.high, "right"]] : [[track.low, "left"], [track.high, "right"]];
    for (const [value, align] of ends) {
      context.textAlign = align;
      context.fillText(decimal(value, 0), { left: 0, center: SCALE / 2, right: SCALE }[align], 23);
    }
  }
}
