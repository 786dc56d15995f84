// What each row is, in the gutter to the left of it.

import { fill } from "../../shared/words.js";
import { isBarred, isLast, marksOf } from "./chains.js";
import { write, writeSymbol } from "./svg.js";

const LEFT = 6;
const aside = { class: "fine faint start" };

// The names are left out where there is no room for more than symbols.
export function drawRowLabels({ graph, words }, place) {
  const numbers = graph.medium === "numbers";
  const at = graph.pattern === "many_to_one" ? "T" : "t";
  const name = (y, symbol, text) => drawName(y, symbol, place.narrow ? "" : text);
  const drawn = graph.pattern === "one_to_many";
  const said = drawn ? words.row_drawn : words.row_said;
  return [
    ...(graph.free
      ? [write(LEFT, place.result.middle, said, aside)]
      : name(place.result.middle, { base: "L", below: at }, numbers ? words.row_error : words.row_loss)),
    ...name(place.output.middle + (drawn ? 8 : -2), { base: "y", below: at }, numbers ? words.row_answer : words.row_output),
    ...graph.chains.flatMap((chain, number) => {
      const rows = place.chains[number];
      const step = isLast(graph, chain.segment) ? "t" : "s";
      const symbol = (base) => ({ base, bar: isBarred(graph, chain), below: step, above: marksOf(graph, chain) });
      const state = (row, base, text) => (place.compact ? nameBeside(place, row, symbol(base)) : name(row.top + 12, symbol(base), text));
      const hidden = state(rows.hidden_state, "h", unitsOf(graph, words, chain));
      return rows.cell_state ? [...hidden, ...state(rows.cell_state, "c", words.row_cell)] : hidden;
    }),
    ...drawRead({ graph, words }, place, name),
    ...(place.character && !place.narrow ? [write(LEFT, place.character.middle, words.row_character, aside)] : []),
    write(LEFT, place.time.middle, place.narrow ? "t" : words.row_time, aside),
  ];
}

const unitsOf = (graph, words, { segment }) =>
  graph.segments.length > 1 ? (isLast(graph, segment) ? words.row_decoder : words.row_encoder) : fill(words.row_hidden, { units: graph.units });

function drawRead({ graph, words }, place, name) {
  if (graph.segments.length > 1) return name(place.input.middle, { base: "x", below: "s" }, words.row_read_said);
  const numbers = graph.marked ? words.row_numbers : words.row_value;
  const read = graph.medium === "numbers" ? numbers : fill(words.row_onehot, { vocabulary: graph.vocabulary });
  return name(place.input.middle, { base: "x", below: "t" }, read);
}

// To the right of the key, where a row is too low for both.
const nameBeside = (place, row, symbol) => [writeSymbol(place.gutter - place.marked - (place.narrow ? 21 : 27), row.middle, symbol, { class: place.narrow ? "" : "rowname" })];

function drawName(y, symbol, text) {
  if (!text) return [writeSymbol(LEFT, y, symbol, { class: "rowname" })];
  return [writeSymbol(LEFT, y - 7, symbol, { class: "rowname" }), write(LEFT, y + 10, text, aside)];
}
