// The text and the hidden states as a picture: one column for each character, one row for each unit.

import { MARKS, SPACE_DOT } from "../../shared/characters.js";
import { along, css } from "../../shared/colour.js";
import { themeAt } from "../../shared/theme.js";

const TEXT_ROW = 30;
const UNIT_ROW = 6;
const LARGEST_FONT = 17;

export function drawReading({ root, canvas, data, stops, time, sight, player }) {
  const tall = TEXT_ROW + data.states[0].length * UNIT_ROW + 2;
  const brush = prepare(canvas, root.clientWidth, tall);
  const ink = getComputedStyle(root).color;
  const font = `${Math.min(LARGEST_FONT, sight.width + 2)}px ${themeAt(root)("code-font", "monospace")}`;
  for (let column = 0; column < sight.shown; column++) {
    const at = sight.first + column;
    const left = column * sight.width;
    const unread = at > time;
    // What comes later is faint, and while it plays there is nothing of it yet.
    brush.globalAlpha = unread ? (player.playing ? 0 : 0.3) : 1;
    drawStates(brush, stops, data.states[at], left, sight.width);
    brush.globalAlpha = unread ? 0.55 : 1;
    brush.fillStyle = ink;
    brush.font = at === time ? `700 ${font}` : font;
    brush.fillText(data.text[at] === " " ? SPACE_DOT : (MARKS[data.text[at]] ?? data.text[at]), left + sight.width / 2, 14);
    brush.globalAlpha = 1;
    if (at !== time) continue;
    brush.strokeStyle = ink;
    brush.lineWidth = 1.6;
    brush.strokeRect(left - 0.2, 1, sight.width - 0.6, tall - 2);
  }
}

function prepare(canvas, across, tall) {
  const scale = window.devicePixelRatio || 1;
  Object.assign(canvas, { width: across * scale, height: tall * scale });
  canvas.style.height = `${tall}px`;
  const brush = canvas.getContext("2d");
  brush.scale(scale, scale);
  brush.textAlign = "center";
  brush.textBaseline = "middle";
  return brush;
}

// states : in hundredths, from -100 to 100
function drawStates(brush, stops, states, left, width) {
  states.forEach((value, unit) => {
    brush.fillStyle = css(along(stops, (value + 100) / 200));
    brush.fillRect(left, TEXT_ROW + unit * UNIT_ROW, width - 1, UNIT_ROW - 0.6);
  });
}
