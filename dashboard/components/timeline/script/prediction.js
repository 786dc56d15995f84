// What the network expects next: the likeliest characters, and the one that really came.

import { MARKS } from "../../shared/characters.js";
import { element } from "../../shared/elements.js";
import { fill } from "../../shared/words.js";
import { Surface } from "./surface.js";
import { LEVELS } from "./track.js";

const [TOP, LINE] = [30, 25];
const BAR_LEFT = 36;

export class PredictionView {
  constructor(words, cells, prediction) {
    Object.assign(this, { words, cells, prediction });
    this.root = element("div", "prediction");
    this.surface = new Surface("", words.prediction);
    this.root.append(this.surface.canvas);
  }

  get count() {
    return this.prediction.likeliest.length / this.cells.count;
  }

  likeliest(time) {
    return likeliest(this.prediction, this.count, time);
  }

  draw(look, time) {
    const width = Math.max(180, this.root.clientWidth);
    const context = this.surface.resize(width, TOP + this.count * LINE + 46, look.ratio);
    const came = time + 1 < this.cells.count ? this.cells.characters[time + 1] : null;
    context.fillStyle = look.text;
    context.font = `600 13px ${look.font}`;
    context.textAlign = "left";
    context.fillText(fill(this.words.after, { character: this.name(this.cells.characters[time]) }), 0, 10);
    this.likeliest(time).forEach((guess, place) => this.drawGuess(context, look, guess, width, TOP + place * LINE, came));
    if (came !== null) this.drawCame(context, look, came, this.prediction.came[time]);
  }

  drawGuess(context, look, { symbol, share }, width, y, came) {
    const hit = symbol === came;
    const [quiet, loud] = look.hue(look.accent);
    const bar = Math.max(1, (width - 96) * share);
    context.fillStyle = look.text;
    context.font = `15px ${look.mono}`;
    context.textAlign = "center";
    context.fillText(this.name(symbol), 16, y + 9, 30);
    context.fillStyle = hit ? loud : quiet;
    context.fillRect(BAR_LEFT, y, bar, LINE - 8);
    context.fillStyle = look.text;
    context.textAlign = "left";
    context.font = `${hit ? "600 " : ""}13px ${look.font}`;
    context.fillText(percent(share), BAR_LEFT + bar + 6, y + 9);
  }

  drawCame(context, look, came, share) {
    const y = TOP + this.count * LINE + 8;
    context.fillStyle = look.text;
    context.font = `13px ${look.font}`;
    context.fillText(fill(this.words.came, { character: this.name(came), share: percent(share) }), 0, y);
    context.fillStyle = look.faint;
    context.fillText(fill(this.words.surprise, { bits: (-Math.log2(share)).toFixed(1) }), 0, y + 19);
  }

  name(character) {
    return character === " " ? MARKS[" "] : this.prediction.glyph(character);
  }
}

// The symbols that the network expects most after a time step, the likeliest first, of `count` that were sent.
export function likeliest(prediction, count, time) {
  return Array.from({ length: count }, (_, place) => ({
    symbol: prediction.symbols[prediction.likeliest[time * count + place]],
    share: prediction.likelihood[time * count + place] / LEVELS,
  }));
}

export function percent(share) {
  if (share > 0 && share < 0.001) return "< 0.1 %";
  return `${(share * 100).toFixed(share < 0.0995 ? 1 : 0)} %`;
}
