// Colours: scales fixed to their domain, and a label colour that can be read on any of them.

const STEPS = 256;
const DARK_INK = [23, 28, 38];
const LIGHT_INK = [255, 255, 255];

const parseHex = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
const css = (colour) => `rgb(${colour.map(Math.round).join(" ")})`;
const mix = (from, to, share) => from.map((part, at) => part + (to[at] - part) * share);

function luminance(colour) {
  const linear = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}

function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

// The ink that stands out more on a colour.
const inkOn = (colour) => (contrast(colour, DARK_INK) >= contrast(colour, LIGHT_INK) ? DARK_INK : LIGHT_INK);

// A scale holds STEPS colours from the low to the high end of a domain, each with its ink, as canvas styles and as bytes.
function makeScale(stops) {
  const colours = Array.from({ length: STEPS }, (_, step) => {
    const place = (step / (STEPS - 1)) * (stops.length - 1);
    const at = Math.min(Math.floor(place), stops.length - 2);
    return mix(stops[at], stops[at + 1], place - at);
  });
  return { styles: colours.map(css), inks: colours.map((colour) => css(inkOn(colour))), bytes: colours.map((c) => c.map(Math.round)) };
}

// Any CSS colour as three numbers: the browser is asked, since a theme may name it in any notation.
function resolveColour(style) {
  const context = new OffscreenCanvas(1, 1).getContext("2d");
  context.fillStyle = style;
  context.fillRect(0, 0, 1, 1);
  return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}
