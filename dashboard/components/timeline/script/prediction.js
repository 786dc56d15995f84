// What the network expects next: the likeliest characters, and the one that really came.

class PredictionView {
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
    return Array.from({ length: this.count }, (_, place) => ({
      symbol: this.prediction.symbols[this.prediction.likeliest[time * this.count + place]],
      share: this.prediction.likelihood[time * this.count + place] / LEVELS,
    }));
  }

  draw(look, time) {
    const width = Math.max(180, this.root.clientWidth);
    const [top, line] = [30, 25];
    const context = this.surface.resize(width, top + this.count * line + 46, look.ratio);
    const came = time + 1 < this.cells.count ? this.cells.characters[time + 1] : null;
    context.fillStyle = look.text;
    context.font = `600 13px ${look.font}`;
    context.textAlign = "left";
    context.fillText(fill(this.words.after, { character: this.name(this.cells.characters[time]) }), 0, 10);
    this.likeliest(time).forEach(({ symbol, share }, place) => {
      const y = top + place * line;
      const hit = symbol === came;
      const [quiet, loud] = look.hue(look.accent);
      context.fillStyle = look.text;
      context.font = `15px ${look.mono}`;
      context.textAlign = "center";
      context.fillText(this.name(symbol), 16, y + 9, 30);
      context.fillStyle = hit ? loud : quiet;
      context.fillRect(36, y, Math.max(1, (width - 96) * share), line - 8);
      context.fillStyle = look.text;
      context.textAlign = "left";
      context.font = `${hit ? "600 " : ""}13px ${look.font}`;
      context.fillText(percent(share), 36 + Math.max(1, (width - 96) * share) + 6, y + 9);
    });
    if (came === null) return;
    const share = this.prediction.came[time];
    const y = top + this.count * line + 8;
    context.fillStyle = look.text;
    context.font = `13px ${look.font}`;
    context.fillText(fill(this.words.came, { character: this.name(came), share: percent(share) }), 0, y);
    context.fillStyle = look.faint;
    context.fillText(fill(this.words.surprise, { bits: (-Math.log2(share)).toFixed(1) }), 0, y + 19);
  }

  name(character) {
    return character === " " ? "␣" : this.prediction.glyph(character);
  }
}

function percent(share) {
  if (share > 0 && share < 0.001) return "< 0.1 %";
  return `${(share * 100).toFixed(share < 0.0995 ? 1 : 0)} %`;
}
