// The weights that the arrows stand for: their names and shapes, and the keys in the gutter that light all copies of one.

import { fill } from "../../shared/words.js";
import { isBarred, marksOf } from "./chains.js";
import { joined } from "./sentences.js";
import { draw, tidy, write, writeSymbol } from "./svg.js";

const WITHOUT_MATRIX = ["cell", "feedback", "attention"];

// Every kind of arrow that carries something, matrix or not, with the key that its copies share.
export function weightKeys(graph) {
  const keys = graph.weights.map((weight) => ({ ...weight, key: `${weight.kind}${weight.chain ?? ""}` }));
  const others = { cell: graph.chains[0].states.cell_state !== undefined, feedback: graph.free, attention: graph.looks };
  return [...keys, ...WITHOUT_MATRIX.filter((kind) => others[kind]).map((kind) => ({ kind, key: kind }))];
}

export function weightSymbol(graph, { kind, chain: at }) {
  if (kind === "cell") return { base: "c", below: "t" };
  if (kind === "attention") return { base: "a", below: "ts" };
  if (kind === "bridge") return { base: "W", below: "b" };
  const chain = graph.chains[at];
  return chain ? { base: "W", bar: isBarred(graph, chain), below: kind, above: marksOf(graph, chain) } : { base: "W", below: kind };
}

// "W_hh" where there is only text.
function weightName(graph, weight) {
  const { base, below, above = "", bar } = weightSymbol(graph, weight);
  return `${base}${bar ? "\u0304" : ""}_${below}${above && ` ${above}`}`;
}

const shape = ({ rows, columns, blocks }) => `${rows * blocks}×${columns}`;

export function describeWeight({ graph, words }, weight) {
  if (WITHOUT_MATRIX.includes(weight.kind)) return words[`${weight.kind}_sentence`];
  const { rows, columns, blocks, used } = weight;
  const values = {
    name: weightName(graph, weight),
    shape: shape(weight),
    numbers: (rows * blocks * columns).toLocaleString("en"),
    used: used.toLocaleString("en"),
    blocks,
    block: `${rows}×${columns}`,
  };
  if (weight.kind === "bridge") return fill(words.bridge_sentence, values);
  const sentence = fill(used > 1 ? words.weight_sentence : words.once_sentence, values);
  return blocks > 1 ? joined([sentence, fill(words.blocks_sentence, values)]) : sentence;
}

export function drawWeightKey(model, place, weight) {
  const group = draw("g", { class: `key weight ${weight.kind}`, role: "button", tabindex: 0, "aria-pressed": "false" });
  group.dataset.weight = weight.key;
  group.setAttribute("aria-label", describeWeight(model, weight));
  group.style.transform = `translate(2px, ${tidy(keyPlace(model.graph, place, weight))}px)`;
  const [width, height] = place.narrow ? [58, 32] : [104, 24];
  group.append(draw("rect", { class: "keybox", x: 0, y: -height / 2, width, height, rx: 6 }));
  group.append(...keyText(model, place, weight, width));
  return group;
}

function keyText({ graph, words }, place, weight, width) {
  const matrix = !WITHOUT_MATRIX.includes(weight.kind);
  if (weight.kind === "feedback") return [write(8, 0, place.narrow ? "ŷ → x" : words.feedback_key, { class: "keytext" })];
  if (!place.narrow)
    return [
      writeSymbol(8, 0, weightSymbol(graph, weight), { class: "keytext" }),
      write(width - 7, 0, matrix ? shape(weight) : words[`${weight.kind}_key`], { class: "keyshape end" }),
    ];
  const symbol = writeSymbol(6, matrix ? -7 : 0, weightSymbol(graph, weight), { class: "keytext" });
  return matrix ? [symbol, write(6, 8, shape(weight), { class: "keyshape" })] : [symbol];
}

// Where a key stands: in the gutter, at the height of its arrows.
function keyPlace(graph, place, { kind, chain: at }) {
  const rows = place.chains[at];
  const keyIn = (row) => (place.compact ? row.middle : row.bottom - (place.narrow ? 18 : 14));
  const said = place.chains[graph.chains.findIndex(({ segment }) => segment === graph.segments.length - 1)];
  switch (kind) {
    case "xh":
      return at && graph.chains[at - 1].segment !== graph.chains[at].segment
        ? rows.bottom + 16
        : (rows.bottom + (at ? place.chains[at - 1].top : place.input.top)) / 2;
    case "hh":
      return keyIn(rows.hidden_state);
    case "hy":
      return (place.output.bottom + place.chains.at(-1).top) / 2;
    case "cell":
      return keyIn(place.chains[0].cell_state);
    case "attention":
      return said.bottom + 45;
    case "bridge":
      return said.bottom + 73;
    default:
      return place.result.bottom + 10;
  }
}
