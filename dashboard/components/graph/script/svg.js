// Pieces of a drawing. Whatever a reader wrote only ever becomes textContent.

const SVG = "http://www.w3.org/2000/svg";

function draw(tag, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined && value !== null) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function write(x, y, text, attributes = {}) {
  const made = draw("text", { x, y, ...attributes });
  made.textContent = text;
  return made;
}

// A symbol with a subscript and a superscript: W_hh, h_t, W_xh (2).
function writeSymbol(x, y, { base, below = "", above = "" }, attributes = {}) {
  const made = draw("text", { x, y, ...attributes, class: `symbol ${attributes.class ?? ""}` });
  const part = (text, shift, small) => {
    const span = draw("tspan", small ? { class: "small", dy: shift } : { dy: shift });
    span.textContent = text;
    made.append(span);
  };
  part(base, 0, false);
  if (above) part(above, "-0.55em", true);
  if (below) part(below, above ? "0.95em" : "0.4em", true);
  return made;
}

// An arrow along points with rounded corners; the head is part of the path's group, so that a saved picture needs no marker.
function arrow(points, className = "", radius = 8) {
  const [end, before] = [points.at(-1), points.at(-2)];
  const length = Math.hypot(end[0] - before[0], end[1] - before[1]) || 1;
  const along = [(end[0] - before[0]) / length, (end[1] - before[1]) / length];
  const [long, wide] = [Math.min(7, length * 0.7), 3.6];
  const foot = [end[0] - along[0] * long, end[1] - along[1] * long];
  const head = [end, [foot[0] - along[1] * wide, foot[1] + along[0] * wide], [foot[0] + along[1] * wide, foot[1] - along[0] * wide]];
  const shaft = rounded([...points.slice(0, -1), foot], radius);
  return draw(
    "g",
    { class: `arrow ${className}` },
    draw("path", { d: shaft, class: "hit" }),
    draw("path", { d: shaft, class: "shaft" }),
    draw("path", { d: `M${head.map((one) => one.map(tidy).join(" ")).join("L")}Z`, class: "head" }),
  );
}

function rounded(points, radius) {
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

const tidy = (value) => Math.round(value * 100) / 100;
const clamp = (value, low, high) => Math.max(low, Math.min(high, value));
const fill = (words, values) => words.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
const decimal = (value, digits = 2) => value.toFixed(digits).replace("-", "−");

// A probability: never 0, which a softmax does not give.
function share(probability, digits = 2) {
  const least = 10 ** -digits;
  return probability < least / 2 ? `<${decimal(least, digits)}` : decimal(probability, digits);
}
