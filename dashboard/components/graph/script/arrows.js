// Arrows: along points with rounded corners, and those that stand for a weight.

import { draw, tidy } from "./svg.js";

const RADIUS = 8;

// The head is part of the arrow's own group, so that a saved picture needs no marker.
export function arrow(points, className = "") {
  const [end, before] = [points.at(-1), points.at(-2)];
  const length = Math.hypot(end[0] - before[0], end[1] - before[1]) || 1;
  const along = [(end[0] - before[0]) / length, (end[1] - before[1]) / length];
  const [long, wide] = [Math.min(7, length * 0.7), 3.6];
  const foot = [end[0] - along[0] * long, end[1] - along[1] * long];
  const head = [end, [foot[0] - along[1] * wide, foot[1] + along[0] * wide], [foot[0] + along[1] * wide, foot[1] - along[0] * wide]];
  const shaft = rounded([...points.slice(0, -1), foot], RADIUS);
  return draw(
    "g",
    { class: `arrow ${className}` },
    draw("path", { d: shaft, class: "hit" }),
    draw("path", { d: shaft, class: "shaft" }),
    draw("path", { d: `M${head.map((one) => one.map(tidy).join(" ")).join("L")}Z`, class: "head" }),
  );
}

// A way without a head, as a part of an arrow that goes on elsewhere.
export function lineOf(points, className, key) {
  const d = rounded(points, RADIUS);
  const made = draw("g", { class: `arrow ${className}` }, draw("path", { d, class: "hit" }), draw("path", { d, class: "shaft" }));
  if (key) made.dataset.weight = key;
  return made;
}

// An arrow that lights together with all others of the same key.
export function weightArrow(points, kind, key = kind, className = "") {
  const made = arrow(points, `weight ${kind} ${className}`);
  made.dataset.weight = key;
  return made;
}

// The path through points, with each corner between two of them cut by a curve.
export function rounded(points, radius) {
  let path = `M${points[0].map(tidy).join(" ")}`;
  for (let at = 1; at < points.length - 1; at++) {
    const [from, corner, to] = [points[at - 1], points[at], points[at + 1]];
    const toward = (target) => {
      const far = Math.hypot(target[0] - corner[0], target[1] - corner[1]) || 1;
      const step = Math.min(radius, far / 2) / far;
      return [corner[0] + (target[0] - corner[0]) * step, corner[1] + (target[1] - corner[1]) * step];
    };
    path += `L${toward(from).map(tidy).join(" ")}Q${corner.map(tidy).join(" ")} ${toward(to).map(tidy).join(" ")}`;
  }
  return `${path}L${points.at(-1).map(tidy).join(" ")}`;
}
