// The drawing as a file of its own: every style that the page gives it is written into it.

import { saveFile } from "../../shared/saving.js";
import { WHITE, themeAt } from "../../shared/theme.js";
import { SVG, draw, setAll, write } from "./svg.js";

const KEPT = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin", "opacity", "visibility",
  "font-family", "font-size", "font-weight", "font-style", "text-anchor", "dominant-baseline", "image-rendering",
];
const LEFT_OUT = ["class", "tabindex", "style", "role", "aria-selected", "aria-pressed", "aria-orientation"]; // of no use in a picture
const MARGIN = 20;

export function savePicture(view) {
  saveFile(new Blob([makePicture(view)], { type: "image/svg+xml" }), `${view.filename}.svg`);
}

// The drawing under its title and above the line that says where the run comes from.
function makePicture({ root, scene, words, caption }) {
  const { color: ink, fontFamily } = getComputedStyle(root);
  const ground = themeAt(root)("background-color", WHITE);
  const family = unquoted(fontFamily);
  const [width, height] = [scene.place.width + 2 * MARGIN, scene.place.height + 78];
  const text = (y, size, weight, said) => write(MARGIN, y, said, { "font-size": size, "font-weight": weight, fill: ink, "font-family": family });
  const picture = draw(
    "svg",
    { xmlns: SVG, width, height, viewBox: `0 0 ${width} ${height}` },
    draw("rect", { width, height, fill: ground }),
    text(28, 17, 600, words.title),
    setAll(styledCopy(scene.drawing), { x: MARGIN, y: 44, fill: ink, "font-family": family }),
    text(height - 14, 12, 400, caption),
  );
  return new XMLSerializer().serializeToString(picture);
}

const unquoted = (value) => value.replaceAll('"', "'");

// A copy that needs no style sheet: what differs from its parent stands at the element itself.
function styledCopy(drawing) {
  const copy = drawing.cloneNode(true);
  const originals = [drawing, ...drawing.querySelectorAll("*")];
  [copy, ...copy.querySelectorAll("*")].forEach((made, at) => {
    const original = originals[at];
    const style = getComputedStyle(original);
    const around = getComputedStyle(original.parentNode.host ?? original.parentNode);
    for (const name of LEFT_OUT) made.removeAttribute(name);
    for (const name of KEPT) {
      const value = style.getPropertyValue(name);
      if (value && value !== around.getPropertyValue(name)) made.setAttribute(name, unquoted(value));
    }
    if (style.transform !== "none") made.setAttribute("transform", style.transform);
  });
  return copy;
}
