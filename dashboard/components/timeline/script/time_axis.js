// The time axis of the lanes: the characters themselves, or, where they are too close to be read, the current one alone.

import { MARKS } from "../../shared/characters.js";

export function drawCharacters(context, look, cells, sight, time, y, wide) {
  const { step, first, end, at } = sight;
  context.font = `${wide ? 14 : 13}px ${look.mono}`;
  context.textAlign = "center";
  for (let moment = first; moment < end; moment++) {
    context.fillStyle = moment === time ? look.text : look.faint;
    if (cells.glyphs[moment] !== " ") context.fillText(cells.glyphs[moment], at(moment) + (step - 1) / 2, y);
  }
  context.strokeStyle = look.text;
  context.lineWidth = 1.5;
  context.strokeRect(at(time) - 1.5, y - 10, step + 2, 19);
}

export function drawPlace(context, look, cells, sight, time, y, height) {
  const x = sight.at(time);
  const right = x > sight.width - 60; // no room for the glyph to the right of the line
  context.fillStyle = look.text;
  context.fillRect(x - 0.5, 0, Math.max(1.5, sight.step), height);
  context.font = `12px ${look.font}`;
  context.textAlign = right ? "right" : "left";
  context.fillText(cells.glyphs[time] === " " ? MARKS[" "] : cells.glyphs[time], x + (right ? -5 : 6), y);
}
