// The drawing as a file of its own: every style that the page gives it is written into it.

const INHERENT = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin", "opacity", "visibility",
  "font-family", "font-size", "font-weight", "font-style", "text-anchor", "dominant-baseline", "image-rendering",
];
const MARGIN = 20;

function makePicture(graph) {
  const { drawing, place } = graph;
  const copy = drawing.cloneNode(true);
  const originals = [drawing, ...drawing.querySelectorAll("*")];
  const copies = [copy, ...copy.querySelectorAll("*")];
  originals.forEach((original, at) => {
    const made = copies[at];
    const style = getComputedStyle(original);
    for (const name of ["class", "tabindex", "style", "role", "aria-selected", "aria-pressed", "aria-orientation"]) made.removeAttribute(name);
    for (const name of INHERENT) {
      const value = style.getPropertyValue(name);
      if (value && original.parentNode && value !== getComputedStyle(original.parentNode.host ?? original.parentNode).getPropertyValue(name))
        made.setAttribute(name, value.replaceAll('"', "'"));
    }
    if (style.transform !== "none") made.setAttribute("transform", style.transform);
  });
  const style = getComputedStyle(graph.root);
  const [ink, ground] = [style.color, style.getPropertyValue("--st-background-color").trim() || "#ffffff"];
  const family = style.fontFamily.replaceAll('"', "'");
  const [width, height] = [place.width + 2 * MARGIN, place.height + 78];
  setAll(copy, { x: MARGIN, y: 44, fill: ink, "font-family": family });
  const text = (y, size, weight, words) => write(MARGIN, y, words, { "font-size": size, "font-weight": weight, fill: ink, "font-family": family });
  const picture = draw(
    "svg",
    { xmlns: SVG, width, height, viewBox: `0 0 ${width} ${height}` },
    draw("rect", { width, height, fill: ground }),
    text(28, 17, 600, graph.words.title),
    copy,
    text(height - 14, 12, 400, graph.caption),
  );
  return new XMLSerializer().serializeToString(picture);
}

function savePicture(graph) {
  const link = element("a");
  link.href = URL.createObjectURL(new Blob([makePicture(graph)], { type: "image/svg+xml" }));
  link.download = `${graph.filename}.svg`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
