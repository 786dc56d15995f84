// A canvas that keeps the sharpness of the screen, or of the picture that is being saved.

import { element } from "../../shared/elements.js";

export class Surface {
  constructor(className, label) {
    this.canvas = element("canvas", className);
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", label);
    this.context = this.canvas.getContext("2d");
  }

  // An empty canvas of this size in CSS pixels, with so many pixels of the screen to each of them.
  resize(width, height, ratio) {
    const [across, down] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
    if (this.canvas.width !== across) this.canvas.width = across;
    if (this.canvas.height !== down) this.canvas.height = down;
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.context.clearRect(0, 0, width, height);
    this.context.textBaseline = "middle";
    this.context.direction = "ltr";
    return this.context;
  }
}
