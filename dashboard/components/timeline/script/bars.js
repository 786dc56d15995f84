// The bars of one lane, from the centre of its domain: louder at the moment that is looked at.

export function drawBars(context, look, { track, top, height }, sight, unit, time) {
  const toY = (value) => top + height * (1 - track.share(value));
  const zero = toY(track.centre);
  context.fillStyle = look.line;
  context.fillRect(0, zero - 0.5, Math.min(sight.width, sight.at(sight.count)), 1);
  const [quiet, loud] = look.hue(track.hue);
  for (let moment = sight.first; moment < sight.end; moment++) {
    const y = toY(track.value(unit, moment));
    const [left, width] = barAcross(sight, moment, look.ratio);
    context.fillStyle = moment === time ? loud : quiet;
    context.fillRect(left, Math.min(y, zero), width, Math.max(0.75, Math.abs(y - zero)));
  }
}

// Left edge and width of a bar. Where bars stand closer than pixels do, their edges are set on pixels: half-covered ones
// would make a pattern.
export function barAcross({ step, readable, at }, moment, ratio) {
  if (readable) return [at(moment), step - 1];
  const edge = (one) => Math.round(at(one) * ratio) / ratio;
  return [edge(moment), Math.max(1 / ratio, edge(moment + 1) - edge(moment))];
}
