// The same numbers as a table, made when somebody opens it.

import { element } from "../../shared/elements.js";
import { decimal } from "../../shared/numbers.js";
import { looksAt, mostLooked } from "./looks.js";
import { share } from "./printed.js";

export function makeTable(model) {
  const details = element("details", "table");
  details.append(element("summary", "", model.words.table));
  details.ontoggle = () => {
    if (details.open && details.childElementCount === 1) details.append(drawTable(model));
  };
  return details;
}

function drawTable(model) {
  const scroller = element("div", "scroller");
  scroller.tabIndex = 0;
  scroller.setAttribute("role", "region");
  scroller.setAttribute("aria-label", model.words.table);
  const table = element("table");
  const [head, body] = [element("thead"), element("tbody")];
  const [names, ...rows] = tableRows(model);
  head.append(drawRow("th", names));
  body.append(...rows.map((row) => drawRow("td", row)));
  table.append(head, body);
  scroller.append(table);
  return scroller;
}

function drawRow(tag, cells) {
  const row = element("tr");
  row.append(...cells.map((text) => element(tag, "", text)));
  return row;
}

// What stands in the table, row by row: the names of the columns, then one row for each time step.
export function tableRows({ graph, words }) {
  const symbols = () => symbolTable(words, graph);
  const { names, cells } = graph.medium === "numbers" ? numberTable(words, graph.marked) : symbols();
  return [[words.row_time, ...names], ...graph.steps.map((step, time) => [String(time + 1), ...cells(step, time)])];
}

const optional = (value) => (value === undefined ? "" : decimal(value, 3));

function numberTable(words, marked) {
  const mark = (cell) => (marked ? [cell] : []);
  return {
    names: [words.column_number, ...mark(words.column_mark), words.column_prediction, words.column_target, words.column_error],
    cells: (step) => [
      decimal(step.number),
      ...mark(String(step.mark)),
      optional(step.prediction),
      optional(step.target),
      step.loss?.toPrecision(2) ?? "",
    ],
  };
}

function symbolTable(words, graph) {
  const compared = !graph.free;
  const guess = ([glyph, probability]) => `${glyph} ${share(probability, 3)}`;
  const next = compared ? [words.column_next, words.column_loss] : [graph.pattern === "one_to_many" ? words.column_drawn : words.column_said];
  const looked = (time) => mostLooked(looksAt(graph, time) ?? [], 3).map(([place, weight]) => `${place + 1} ${graph.steps[place].glyph} ${share(weight)}`);
  return {
    names: [words.column_input, words.column_top, ...next, ...(graph.looks ? [words.column_looks] : [])],
    cells: (step, time) => [
      step.glyph,
      (step.top ?? []).slice(0, 3).map(guess).join("   "),
      step.next === undefined ? "" : guess([step.next, step.probability]),
      ...(compared ? [optional(step.loss)] : []),
      ...(graph.looks ? [looked(time).join("   ")] : []),
    ],
  };
}
