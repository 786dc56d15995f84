// The same numbers as a table, made when somebody opens it.

function makeTable(graph) {
  const { words } = graph;
  const details = element("details", "table");
  details.append(element("summary", "", words.table));
  details.ontoggle = () => {
    if (details.open && details.childElementCount === 1) details.append(fillTable(graph));
  };
  return details;
}

function fillTable(model) {
  const { graph, words } = model;
  const scroller = element("div", "scroller");
  scroller.tabIndex = 0;
  scroller.setAttribute("role", "region");
  scroller.setAttribute("aria-label", words.table);
  const table = element("table");
  const row = (tag, cells) => {
    const made = element("tr");
    made.append(...cells.map((text) => element(tag, "", text)));
    return made;
  };
  const head = element("thead");
  const body = element("tbody");
  const numbers = graph.pattern === "many_to_one";
  const free = graph.pattern === "one_to_many";
  const guess = ([glyph, probability]) => `${glyph} ${share(probability, 3)}`;
  head.append(
    row("th", numbers
      ? [words.row_time, words.column_number, words.column_mark, words.column_prediction, words.column_target, words.column_error]
      : [words.row_time, words.column_input, words.column_top, free ? words.column_drawn : words.column_next, ...(free ? [] : [words.column_loss])]),
  );
  const optional = (value) => (value === undefined ? "" : decimal(value, 3));
  body.append(
    ...graph.steps.map((step, time) =>
      row("td", numbers
        ? [String(time + 1), decimal(step.number), String(step.mark), optional(step.prediction), optional(step.target), step.loss?.toPrecision(2) ?? ""]
        : [String(time + 1), step.glyph, step.top.slice(0, 3).map(guess).join("   "), step.next === undefined ? "" : guess([step.next, step.probability]),
            ...(free ? [] : [optional(step.loss)])]),
    ),
  );
  table.append(head, body);
  scroller.append(table);
  return scroller;
}
