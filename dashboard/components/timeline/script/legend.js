// What the colours of the text mean: the scale with its ends, and what is shown.

class LegendView {
  constructor(words) {
    this.words = words;
    this.surface = new Surface("legend", words.legend);
  }

  draw(look, track, scale, unit, time) {
    const context = this.surface.resize(320, 30, look.ratio);
    const [left, width] = [0, 120];
    for (let at = 0; at < width; at++) {
      context.fillStyle = scale.styles[Math.round((at / (width - 1)) * (STEPS - 1))];
      context.fillRect(left + at, 4, 1.5, 9);
    }
    context.fillStyle = look.faint;
    context.font = `10px ${look.font}`;
    const ends = track.low < 0 ? [[track.low, 0], [0, 0.5], [track.high, 1]] : [[track.low, 0], [track.high, 1]];
    for (const [value, share] of ends) {
      context.textAlign = share === 0 ? "left" : share === 1 ? "right" : "center";
      context.fillText(number(value, 0), left + width * share, 23);
    }
    const value = track.value(unit, time);
    context.fillStyle = look.text;
    context.beginPath();
    const x = left + ((value - track.low) / (track.high - track.low)) * width;
    context.moveTo(x, 12);
    context.lineTo(x - 4, 18);
    context.lineTo(x + 4, 18);
    context.fill();
    context.textAlign = "left";
    context.font = `600 13px ${look.font}`;
    const name = unit === null ? fill(this.words.mean_of, { signal: track.mark }) : fill(this.words.of_unit, { signal: track.mark, unit });
    context.fillText(name, left + width + 14, 9);
    const after = context.measureText(name).width;
    context.font = `600 13px ${look.mono}`;
    context.fillText(number(value), left + width + 24 + after, 9);
  }
}
