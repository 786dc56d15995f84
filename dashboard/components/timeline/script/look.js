// The theme of the page, as canvas needs it.

import { css, isDark, mix, parseHex, resolveColour } from "../../shared/colour.js";
import { INK, WHITE, themeAt } from "../../shared/theme.js";
import { makeScale } from "./scale.js";

const NARROW = 560;
const ACCENT = "#475569";
const scales = new Map(); // by their colours; a view keeps what it has painted as long as its scale is the same

export const isNarrow = (width) => width < NARROW;

export function makeLook(root) {
  const theme = themeAt(root);
  const background = theme("background-color", WHITE);
  const ground = resolveColour(background);
  const ink = resolveColour(theme("text-color", INK));
  return {
    narrow: isNarrow(root.clientWidth),
    background,
    text: css(ink),
    faint: css(mix(ink, ground, 0.34)),
    line: css(mix(ink, ground, 0.75)),
    tint: css(mix(ink, ground, 0.92)),
    font: theme("font", "sans-serif"),
    mono: theme("code-font", "monospace"),
    accent: ACCENT,
    hue: (hex) => shades(parseHex(hex), ground),
    scale: scaleOf,
  };
}

// A role keeps its hue; how light it is follows the page. Quiet for bars, loud for the moment, the last for words.
export function shades(hue, ground) {
  const white = [255, 255, 255];
  return isDark(ground)
    ? [css(mix(hue, white, 0.12)), css(mix(hue, white, 0.65)), css(mix(hue, white, 0.5))]
    : [css(mix(hue, ground, 0.45)), css(hue), css(hue)];
}

function scaleOf({ colours }) {
  const key = colours.join();
  if (!scales.has(key)) scales.set(key, makeScale(colours.map(parseHex)));
  return scales.get(key);
}
