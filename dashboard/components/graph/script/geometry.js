// Where everything stands: the rows of a column from the loss down to the time, and how many columns there is room for.

const LONGEST_WINDOW = 24;
const NARROW = 560;
const TIGHT = 53; // the least width of a column

function measure(graph, width) {
  const narrow = width < NARROW;
  const gutter = narrow ? 64 : 132;
  const entry = 22; // for the arrow that comes in from the left
  const space = width - gutter - entry - 4;
  const least = narrow || graph.length * TIGHT <= space ? TIGHT : 60; // tighter where that shows the whole sequence
  const room = Math.max(least, space);
  const count = clamp(Math.floor(room / least), 1, Math.min(LONGEST_WINDOW, graph.length));
  const column = Math.min(room / count, 92);
  const gated = Boolean(graph.states.cell_state);
  const box = clamp(column * 0.46, 26, 40);
  const row = (top, height) => ({ top, height, middle: top + height / 2, bottom: top + height });

  let y = 8;
  const result = row(y, graph.pattern === "one_to_many" ? 30 : 36);
  y = result.bottom + 17;
  const output = row(y, graph.pattern === "many_to_one" ? 44 : 79);
  y = output.bottom + 31;
  const strips = graph.layers * (gated ? 2 : 1);
  const strip = stripHeight(graph.units, [0, 128, 144, 168, 192, 0, 216][strips] / strips);
  const layers = Array(graph.layers);
  for (let layer = graph.layers - 1; layer >= 0; layer--) {
    const hidden = row(y + 4, strip);
    const cell = gated ? row(hidden.bottom + 4, strip) : null;
    layers[layer] = { hidden_state: hidden, cell_state: cell, ...row(y, (cell ?? hidden).bottom + 4 - y) };
    y = layers[layer].bottom + (layer ? 32 : 34);
  }
  const input = row(y, graph.pattern === "many_to_one" ? 54 : 46);
  y = input.bottom + (graph.pattern === "many_to_one" ? 2 : 6);
  const character = graph.pattern === "many_to_one" ? null : row(y, 30);
  const time = row((character ?? input).bottom + 4, 20);
  return { width, narrow, gutter, entry, column, count, box, result, output, layers, input, character, time, height: time.bottom + 4 };
}

// As near to a wish as whole pixels per unit allow; several units share a pixel where there are too many.
function stripHeight(units, wish) {
  return units <= wish ? units * Math.floor(wish / units) : Math.round(wish);
}
