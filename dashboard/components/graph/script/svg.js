// Pieces of a drawing. Whatever a reader wrote only ever becomes textContent.

export const SVG = "http://www.w3.org/2000/svg";

// Hundredths of a pixel are enough.
export const tidy = (value) => Math.round(value * 100) / 100;

export function setAll(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined && value !== null) node.setAttribute(name, value);
  return node;
}

export function draw(tag, attributes = {}, ...children) {
  const made = setAll(document.createElementNS(SVG, tag), attributes);
  made.append(...children);
  return made;
}

export function write(x, y, text, attributes = {}) {
  const made = draw("text", { x, y, ...attributes });
  made.textContent = text;
  return made;
}

// A symbol with a subscript and a superscript: W_hh, h_t, W_xh (2).
export function writeSymbol(x, y, { base, below = "", above = "" }, attributes = {}) {
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

// One glyph of a text, which is written from left to right whatever it is.
export function glyphText(x, y, glyph, className) {
  return write(x, y, glyph, { class: `mono ${className}`, direction: "ltr" });
}
