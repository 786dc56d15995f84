// Colours as three numbers from 0 to 255, red, green and blue.

const DARK_INK = [23, 28, 38];
const LIGHT_INK = [255, 255, 255];

export const parseHex = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
export const css = (colour) => `rgb(${colour.map(Math.round).join(" ")})`;
export const mix = (from, to, share) => from.map((part, at) => part + (to[at] - part) * share);

// The colour at a share of the way from the first stop to the last, each as far from the next as any other.
export function along(stops, share) {
  const place = share * (stops.length - 1);
  const at = Math.min(Math.floor(place), stops.length - 2);
  return mix(stops[at], stops[at + 1], place - at);
}

// So many colours, from the first stop to the last.
export const gradient = (stops, count) => Array.from({ length: count }, (_, step) => along(stops, step / (count - 1)));

// Relative luminance and contrast as the Web Content Accessibility Guidelines define them.
export function luminance(colour) {
  const linear = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}

export function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

// The ink that stands out more on a colour.
export const inkOn = (colour) => (contrast(colour, DARK_INK) >= contrast(colour, LIGHT_INK) ? DARK_INK : LIGHT_INK);

// Whether a page of this colour is a dark one.
export const isDark = (colour) => luminance(colour) < 0.2;

// Any CSS colour as three numbers: the browser is asked, since a theme may name it in any notation.
export function resolveColour(style) {
  const context = new OffscreenCanvas(1, 1).getContext("2d");
  context.fillStyle = style;
  context.fillRect(0, 0, 1, 1);
  return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}
