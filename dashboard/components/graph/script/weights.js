// The weights that the arrows stand for: their names and shapes, and the keys in the gutter that light all copies of one.

import { fill } from "../../shared/words.js";
import { joined } from "./sentences.js";
import { draw, tidy, write, writeSymbol } from "./svg.js";

// Every kind of arrow that carries something, matrix or not, with the key that its copies share.
export function weightKeys(graph) {
  const keys = graph.weights.map((weight) => ({ ...weight, key: `${weight.kind}${weight.layer}` }));
  if (graph.states.cell_state) keys.push({ kind: "cell", key: "cell", layer: 0, used: graph.length });
  if (graph.pattern === "one_to_many") keys.push({ kind: "feedback", key: "feedback", layer: 0, used: graph.length - 1 });
  return keys;
}

export function weightSymbol(graph, { kind, layer }) {
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

export function describeWeight({ graph, words }, weight) {
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

export function drawWeightKey(model, place, weight) {
  const group = draw("g", { class: `key weight ${weight.kind}`, role: "button", tabindex: 0, "aria-pressed": "false" });
  group.dataset.weight = weight.key;
  group.setAttribute("aria-label", describeWeight(model, weight));
  group.style.transform = `translate(2px, ${tidy(keyPlace(place, weight))}px)`;
  const [width, height] = place.narrow ? [58, 32] : [104, 24];
  group.append(draw("rect", { class: "keybox", x: 0, y: -height / 2, width, height, rx: 6 }));
  group.append(...keyText(model, place, weight, width));
  return group;
}

function keyText({ graph, words }, place, weight, width) {
  const matrix = weight.kind !== "cell";
  if (weight.kind === "feedback") return [write(8, 0, place.narrow ? "ŷ → x" : words.feedback, { class: "keytext" })];
  if (!place.narrow)
    return [
      writeSymbol(8, 0, weightSymbol(graph, weight), { class: "keytext" }),
      write(width - 7, 0, matrix ? shape(weight) : words.cell_key, { class: "keyshape end" }),
    ];
  const symbol = writeSymbol(6, matrix ? -7 : 0, weightSymbol(graph, weight), { class: "keytext" });
  return matrix ? [symbol, write(6, 8, shape(weight), { class: "keyshape" })] : [symbol];
}

// Where a key stands: in the gutter, at the height of its arrows.
function keyPlace(place, { kind, layer }) {
  const rows = place.layers[layer];
  const above = place.narrow ? 18 : 14;
  switch (kind) {
    case "xh":
      return (rows.bottom + (layer ? place.layers[layer - 1].top : place.input.top)) / 2;
    case "hh":
      return rows.hidden_state.bottom - above;
    case "hy":
      return (place.output.bottom + rows.top) / 2;
    case "cell":
      return rows.cell_state.bottom - above;
    default:
      return place.result.bottom + 10;
  }
}
