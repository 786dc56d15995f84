// The names of the weights with their shapes, beside the arrows that carry them; each lights all copies of itself.

const SYMBOLS = { xh: "W", hh: "W", hy: "W", cell: "c" };

function weightKeys(graph) {
  const keys = graph.weights.map((weight) => ({ ...weight, key: `${weight.kind}${weight.layer}` }));
  if (graph.states.cell_state) keys.push({ kind: "cell", key: "cell", layer: 0, used: graph.length });
  if (graph.pattern === "one_to_many") keys.push({ kind: "feedback", key: "feedback", layer: 0, used: graph.length - 1 });
  return keys;
}

function weightSymbol(graph, { kind, layer }) {
  if (kind === "cell") return { base: "c", below: "t" };
  const above = graph.layers > 1 && kind !== "hy" ? `(${layer + 1})` : "";
  return { base: "W", below: kind, above };
}

// "W_hh" where there is only text.
function weightName(graph, weight) {
  const { base, below, above } = weightSymbol(graph, weight);
  return `${base}_${below}${above && ` ${above}`}`;
}

const shape = ({ rows, columns, blocks }) => `${rows * blocks}×${columns}`;

function describeWeight(model, weight) {
  const { graph, words } = model;
  if (weight.kind === "cell") return words.cell_sentence;
  if (weight.kind === "feedback") return words.feedback_sentence;
  const { rows, columns, blocks, used } = weight;
  const values = {
    name: weightName(graph, weight),
    shape: shape(weight),
    numbers: (rows * blocks * columns).toLocaleString("en"),
    used: used.toLocaleString("en"),
    blocks,
    block: `${rows}×${columns}`,
  };
  const sentence = fill(used > 1 ? words.weight_sentence : words.once_sentence, values);
  return blocks > 1 ? joined([sentence, fill(words.blocks_sentence, values)]) : sentence;
}

function drawWeightKey(model, place, weight) {
  const { graph } = model;
  const group = draw("g", { class: `key weight ${weight.kind}`, role: "button", tabindex: 0, "aria-pressed": "false" });
  group.dataset.weight = weight.key;
  group.setAttribute("aria-label", describeWeight(model, weight));
  const [width, height] = place.narrow ? [58, 32] : [104, 24];
  group.append(draw("rect", { class: "keybox", x: 0, y: -height / 2, width, height, rx: 6 }));
  if (weight.kind === "feedback") {
    group.append(write(8, 0, place.narrow ? "ŷ → x" : model.words.feedback, { class: "keytext" }));
    return group;
  }
  if (place.narrow) {
    group.append(writeSymbol(6, weight.kind === "cell" ? 0 : -7, weightSymbol(graph, weight), { class: "keytext" }));
    if (weight.kind !== "cell") group.append(write(6, 8, shape(weight), { class: "keyshape" }));
    return group;
  }
  group.append(writeSymbol(8, 0, weightSymbol(graph, weight), { class: "keytext" }));
  const text = weight.kind === "cell" ? model.words.cell_key : shape(weight);
  group.append(write(width - 7, 0, text, { class: "keyshape end" }));
  return group;
}

// Where a key stands: in the gutter, at the height of its arrows.
function keyPlace(model, place, weight) {
  const rows = place.layers[weight.layer];
  switch (weight.kind) {
    case "xh":
      return (rows.bottom + (weight.layer ? place.layers[weight.layer - 1].top : place.input.top)) / 2;
    case "hh":
      return rows.hidden_state.bottom - (place.narrow ? 18 : 14);
    case "hy":
      return (place.output.bottom + rows.top) / 2;
    case "cell":
      return rows.cell_state.bottom - (place.narrow ? 18 : 14);
    default:
      return place.result.bottom + 10;
  }
}
