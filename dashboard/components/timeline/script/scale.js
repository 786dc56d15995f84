// The colours that values are painted in, from the low to the high end of a fixed domain.

import { css, gradient, inkOn } from "../../shared/colour.js";

export const STEPS = 256;

// STEPS colours, each with the ink that can be read on it: as canvas styles, and as bytes for pixels.
export function makeScale(stops) {
  const colours = gradient(stops, STEPS);
  return {
    styles: colours.map(css),
    inks: colours.map((colour) => css(inkOn(colour))),
    bytes: colours.map((colour) => colour.map(Math.round)),
  };
}
