// What each row is, in the gutter to the left of it.

import { fill } from "../../shared/words.js";
import { write, writeSymbol } from "./svg.js";

const LEFT = 6;
const aside = { class: "fine faint start" };

// The names are left out where there is no room for more than symbols.
export function drawRowLabels({ graph, words }, place) {
  const numbers = graph.medium === "numbers";
  const free = graph.pattern === "one_to_many";
  const at = graph.pattern === "many_to_one" ? "T" : "t";
  const name = (y, base, below, text) => drawName(y, base, below, place.narrow ? "" : text);
  const read = numbers ? (graph.marked ? words.row_numbers : words.row_value) : fill(words.row_onehot, { vocabulary: graph.vocabulary });
  return [
    ...(free
      ? [write(LEFT, place.result.middle, words.row_drawn, aside)]
      : name(place.result.middle, "L", at, numbers ? words.row_error : words.row_loss)),
    ...name(place.output.middle + (free ? 8 : -2), "y", at, numbers ? words.row_answer : words.row_output),
    ...place.layers.flatMap((rows, layer) => {
      const step = graph.layers > 1 ? `t, ${layer + 1}` : "t";
      const hidden = name(rows.hidden_state.top + 12, "h", step, fill(words.row_hidden, { units: graph.units }));
      return rows.cell_state ? [...hidden, ...name(rows.cell_state.top + 12, "c", step, words.row_cell)] : hidden;
    }),
    ...name(place.input.middle, "x", "t", read),
    ...(place.character && !place.narrow ? [write(LEFT, place.character.middle, words.row_character, aside)] : []),
    write(LEFT, place.time.middle, place.narrow ? "t" : words.row_time, aside),
  ];
}

function drawName(y, base, below, text) {
  if (!text) return [writeSymbol(LEFT, y, { base, below }, { class: "rowname" })];
  return [writeSymbol(LEFT, y - 7, { base, below }, { class: "rowname" }), write(LEFT, y + 10, text, aside)];
}
