// The gutter to the left of the lanes: what each shows, its value at this moment, its domain; and where a unit stands.

import { clamp, decimal } from "../../shared/numbers.js";
import { fill } from "../../shared/words.js";

const DOMAIN = 30; // pixels to the right, for the ends of the domain

export function drawLaneNames(context, look, { track, top, height }, unit, time, width) {
  const right = width - DOMAIN;
  context.textAlign = "right";
  context.font = `${look.narrow ? 12 : 13}px ${look.font}`;
  context.fillStyle = look.hue(track.hue)[2];
  const name = `${track.label} ${track.mark}`.trim();
  context.fillText(context.measureText(name).width <= right ? name : track.mark || track.label, right, top + height / 2 - 9);
  context.font = `600 14px ${look.mono}`;
  context.fillStyle = look.text;
  context.fillText(decimal(track.value(unit, time), track.digits), right, top + height / 2 + 9);
  context.font = `10px ${look.font}`;
  context.fillStyle = look.faint;
  context.fillText(decimal(track.high, 0), width - 6, top + 4);
  if (track.low < 0) context.fillText("0", width - 6, top + height / 2);
  context.fillText(decimal(track.low, 0), width - 6, top + height - 3);
}

// Beside the map of all units: what it shows, one end of its order, and the unit that is pointed at or chosen (or null).
export function drawUnitNames(context, look, words, track, unit, time, order, { width, top, unitHeight }) {
  const bottom = top + unitHeight * order.length;
  const y = unit === null ? null : top + (order.indexOf(unit) + 0.5) * unitHeight;
  const high = y !== null && y < top + 52; // the unit's name stands where the name of the first end would
  context.textAlign = "right";
  context.font = `${look.narrow ? 12 : 13}px ${look.font}`;
  context.fillStyle = look.text;
  context.fillText(fill(words.all_units, { signal: track.mark, count: order.length }), width - 6, top - 17, width - 8);
  context.font = `11px ${look.font}`;
  context.fillStyle = look.faint;
  context.fillText(high ? words.least_varying : words.most_varying, width - 14, high ? bottom - 8 : top + 8, width - 16);
  if (y === null) return;
  const label = clamp(y, top + 8, bottom - 24);
  context.fillStyle = look.text;
  context.font = `600 12px ${look.font}`;
  context.fillText(fill(words.unit_number, { unit }), width - 14, label);
  context.font = `600 12px ${look.mono}`;
  context.fillText(decimal(track.value(unit, time), 3), width - 14, label + 16);
  context.beginPath();
  context.moveTo(width - 2, y);
  context.lineTo(width - 9, y - 4);
  context.lineTo(width - 9, y + 4);
  context.fill();
}
