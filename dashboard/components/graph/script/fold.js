// The loops of the folded network, which carry its state from one time step to the next.

import { weightArrow } from "./arrows.js";
import { draw, write, writeSymbol } from "./svg.js";

export function drawLoops({ graph, words }, place) {
  const group = draw("g", { class: "loops" });
  place.layers.forEach((rows, layer) => {
    group.append(...drawLoop(words, place, rows.hidden_state, "h", (points) => weightArrow(points, "hh", `hh${layer}`)));
    if (rows.cell_state) group.append(...drawLoop(words, place, rows.cell_state, "c", (points) => weightArrow(points, "cell")));
  });
  if (graph.pattern === "one_to_many") group.append(drawFeedbackLoop(place));
  return group;
}

// Out of the box, through a delay of one time step, and back in.
function drawLoop(words, place, row, base, makeArrow) {
  const half = place.box / 2;
  const far = half + (place.narrow ? 52 : 74);
  const [low, high] = [row.top + row.height * 0.72, row.top + row.height * 0.28];
  return [
    makeArrow([[half, high], [far, high], [far, low], [half + 2, low]]),
    draw("rect", { class: "delay", x: far - 9, y: row.middle - 9, width: 18, height: 18, rx: 3 }),
    write(far, row.middle, "1", { class: "zero" }),
    writeSymbol(half + 24, low + 14, { base, below: "t−1" }, { class: "faint" }),
    write(far + 16, row.middle, words.delay, { class: "fine faint start" }),
  ];
}

function drawFeedbackLoop({ result, character, column }) {
  const left = -Math.max(46, column / 2 + 8);
  return weightArrow([[-28, result.middle], [left, result.middle], [left, character.middle], [-17, character.middle]], "feedback");
}
