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

// About how wide small letters are, in pixels.
const widthOf = (text) => [...text].reduce((sum, letter) => sum + ("←→".includes(letter) ? 10.5 : "()".includes(letter) ? 3.8 : 5.4), 0);

// A symbol with a subscript and a superscript, and a bar where it has one: W_hh, h_t, W_xh (2).
export function writeSymbol(x, y, { base, below = "", above = "", bar = false }, attributes = {}) {
  const made = draw("text", { x, y, ...attributes, class: `symbol ${attributes.class ?? ""}` });
  const part = (text, shift, small, more = {}) => {
    const span = draw("tspan", { dy: shift, ...(small ? { class: "small" } : {}), ...more });
    span.textContent = text;
    made.append(span);
  };
  part(base, 0, false, bar ? { "text-decoration": "overline" } : {});
  if (above) part(above, "-0.55em", true, { dx: bar ? 2 : undefined });
  if (below) part(below, above ? "0.95em" : "0.4em", true, { dx: above ? -widthOf(above) - (bar ? 2 : 0) : undefined }); // one under the other
  return made;
}

// One glyph of a text, which is written from left to right whatever it is.
export function glyphText(x, y, glyph, className) {
  return write(x, y, glyph, { class: `mono ${className}`, direction: "ltr" });
}
