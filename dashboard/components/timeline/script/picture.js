// The view as a picture: every canvas where it stands, under a title and above a line that says where it comes from.

import { element } from "../../shared/elements.js";
import { saveFile } from "../../shared/saving.js";

const RATIO = 2; // pixels of the picture to one of the page
const MARGIN = 24;
const [ABOVE, BELOW] = [58, 40]; // for the title and the last line

export function savePicture(timeline) {
  timeline.paint(RATIO);
  const picture = drawPicture(timeline);
  timeline.paint();
  picture.toBlob((blob) => saveFile(blob, `${timeline.header.filename}.png`), "image/png");
}

function drawPicture({ root, frame, header, look }) {
  const [outer, inner] = [root.getBoundingClientRect(), frame.getBoundingClientRect()];
  const height = outer.bottom - inner.top + ABOVE + BELOW;
  const picture = element("canvas");
  picture.width = (outer.width + 2 * MARGIN) * RATIO;
  picture.height = height * RATIO;
  const context = picture.getContext("2d");
  context.scale(RATIO, RATIO);
  context.fillStyle = look.background;
  context.fillRect(0, 0, picture.width, picture.height);
  context.fillStyle = look.text;
  context.font = `600 18px ${look.font}`;
  context.fillText(header.title, MARGIN, 34, outer.width);
  context.fillStyle = look.faint;
  context.font = `12px ${look.font}`;
  context.fillText(header.provenance, MARGIN, height - 18, outer.width);
  // From here on, a place on the page is its place in the picture.
  context.translate(MARGIN - outer.left, ABOVE - inner.top);
  context.strokeStyle = look.text;
  context.lineWidth = 2;
  for (const canvas of frame.querySelectorAll("canvas")) copyCanvas(context, canvas);
  context.textBaseline = "middle";
  for (const label of frame.querySelectorAll(".title, .caption, .thumb span")) copyLabel(context, label);
  return picture;
}

// Through what a reader sees a part of the page.
const windowOf = (part) => (part.closest(".window") ?? part).getBoundingClientRect();

function copyCanvas(context, canvas) {
  const place = canvas.getBoundingClientRect();
  const window = windowOf(canvas);
  context.save();
  context.beginPath();
  context.rect(window.left, window.top, window.width, window.height);
  context.clip();
  context.imageSmoothingEnabled = false;
  context.drawImage(canvas, place.left, place.top, place.width, place.height);
  if (canvas.closest("[aria-checked=true]")) context.strokeRect(place.left - 1, place.top - 1, place.width + 2, place.height + 2);
  context.restore();
}

function copyLabel(context, label) {
  const place = label.getBoundingClientRect();
  const window = windowOf(label);
  if (place.top < window.top || place.bottom > window.bottom) return;
  const style = getComputedStyle(label);
  context.fillStyle = style.color;
  context.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  context.fillText(label.textContent, place.left, place.top + place.height / 2);
}
