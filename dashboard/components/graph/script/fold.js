// The folded network: the same column once, and the loops that carry its state from one time step to the next.

function drawLoops(model, place) {
  const group = draw("g", { class: "loops" });
  const half = place.box / 2;
  const reach = place.narrow ? 52 : 74;
  const loop = (row, base, make) => {
    const far = reach;
    const [low, high] = [row.top + row.height * 0.72, row.top + row.height * 0.28];
    const path = make([[half, high], [half + far, high], [half + far, low], [half + 2, low]]);
    const name = { base, below: "t−1" };
    const delay = draw("rect", { class: "delay", x: half + far - 9, y: row.middle - 9, width: 18, height: 18, rx: 3 });
    const label = writeSymbol(half + 24, low + 14, name, { class: "faint" });
    const said = write(half + far + 16, row.middle, model.words.delay, { class: "fine faint start" });
    return [path, delay, write(half + far, row.middle, "1", { class: "zero" }), label, said];
  };
  place.layers.forEach((rows, layer) => {
    group.append(...loop(rows.hidden_state, "h", (points) => weightArrow(points, "hh", layer)));
    if (rows.cell_state) group.append(...loop(rows.cell_state, "c", cellArrow));
  });
  if (model.graph.pattern === "one_to_many") {
    const { result, character } = place;
    const left = -Math.max(46, place.column / 2 + 8);
    const path = arrow([[-28, result.middle], [left, result.middle], [left, character.middle], [-17, character.middle]], "weight feedback");
    path.dataset.weight = "feedback";
    group.append(path);
  }
  return group;
}
