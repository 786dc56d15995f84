// States as colour strips: one row of pixels per unit, on a scale that is fixed to [-1, 1].

import { gradient, parseHex } from "../../shared/colour.js";

const LEVELS = 127; // bytes from 0 to 254 stand for [-1, 1]

// By row of states and by name, its bytes: time by time, all units of one time step together.
export function decodeStates(chains) {
  const decode = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return chains.map(({ states }) => Object.fromEntries(Object.entries(states).map(([name, text]) => [name, decode(text)])));
}

export const stateValue = (levels, units, time, unit) => (levels[time * units + unit] - LEVELS) / LEVELS;

// The colour of each byte; the stops are given as CSS names them: #rrggbb.
export const levelColours = (stops) => gradient(stops.map(parseHex), 2 * LEVELS + 1).map((colour) => colour.map(Math.round));

// The units of one time step as the address of a picture one pixel wide.
export function stripPicture(levels, units, time, colours) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [1, units];
  const context = canvas.getContext("2d");
  const image = context.createImageData(1, units);
  for (let unit = 0; unit < units; unit++) image.data.set([...colours[levels[time * units + unit]], 255], unit * 4);
  context.putImageData(image, 0, 0);
  return canvas.toDataURL();
}
