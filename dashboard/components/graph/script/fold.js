// The loops of the folded network, which carry its states from one time step to the next.

import { weightArrow } from "./arrows.js";
import { isBarred, isLast } from "./chains.js";
import { draw, write, writeSymbol } from "./svg.js";

export function drawLoops(model, place) {
  const { graph } = model;
  const group = draw("g", { class: "loops" });
  graph.segments.forEach((_, segment) => group.append(drawSegment(model, place, segment)));
  return group;
}

// Those of one stretch of time, which are shown while a step of it is.
function drawSegment({ graph, words }, place, segment) {
  const group = draw("g", { "data-segment": segment });
  graph.chains.forEach((chain, at) => {
    if (chain.segment !== segment) return;
    const rows = place.chains[at];
    const names = (base) => ({ base, bar: isBarred(graph, chain), below: `${isLast(graph, segment) ? "t" : "s"}${chain.direction ? "+" : "−"}1` });
    const said = chain.direction ? words.delay_backward : words.delay;
    group.append(...drawLoop(said, place, rows.hidden_state, names("h"), (points) => weightArrow(points, "hh", `hh${at}`)));
    if (rows.cell_state) group.append(...drawLoop(said, place, rows.cell_state, names("c"), (points) => weightArrow(points, "cell")));
  });
  if (graph.free && isLast(graph, segment)) group.append(drawFeedbackLoop(place));
  return group;
}

// Out of the box, through a delay of one time step, and back in.
function drawLoop(said, place, row, symbol, makeArrow) {
  const half = place.box / 2;
  const far = half + (place.narrow ? 52 : 74);
  const [low, high] = [row.top + row.height * 0.72, row.top + row.height * 0.28];
  return [
    makeArrow([[half, high], [far, high], [far, low], [half + 2, low]]),
    draw("rect", { class: "delay", x: far - 9, y: row.middle - 9, width: 18, height: 18, rx: 3 }),
    write(far, row.middle, "1", { class: "zero" }),
    writeSymbol(half + 24, low + 14, symbol, { class: "faint" }),
    write(far + 16, row.middle, said, { class: "fine faint start" }),
  ];
}

function drawFeedbackLoop({ result, character, column }) {
  const left = -Math.max(46, column / 2 + 8);
  return weightArrow([[-28, result.middle], [left, result.middle], [left, character.middle], [-17, character.middle]], "feedback");
}
