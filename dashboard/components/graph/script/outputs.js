// What a time step answers, and what came of it: the likeliest symbols or a number, then the loss or the symbol drawn.

import { decimal } from "../../shared/numbers.js";
import { fill } from "../../shared/words.js";
import { arrow } from "./arrows.js";
import { lossText, share } from "./printed.js";
import { draw, glyphText, tidy, write } from "./svg.js";

const GUESS = 19; // pixels from one guess to the next

export const outputHalf = (place) => Math.min(place.column / 2 - 4, 40);

export function drawOutput(model, place, step) {
  const { graph } = model;
  const { output } = place;
  const half = outputHalf(place);
  const top = step.top ? output.bottom - GUESS * step.top.length - 3 : output.top; // only a fourth guess fills the row
  const parts = [
    draw("rect", { class: "output", x: -half, y: top, width: 2 * half, height: output.bottom - top, rx: 5 }),
    ...(step.top ? drawGuesses(step, half, top + 11) : drawAnswer(model.words, output, step, half)),
  ];
  const known = graph.free ? step.next !== undefined : step.loss !== undefined;
  return known ? [...parts, ...drawResult(graph, place, step, top)] : parts;
}

const drawGuesses = (step, half, top) => step.top.flatMap((guess, rank) => drawGuess(guess, rank === step.rank, half, top + rank * GUESS));

// A symbol over a bar of its probability, framed where it is the one that came.
function drawGuess([glyph, probability], right, half, y) {
  const inner = 2 * half - 6;
  const said = half < 25 ? share(probability).replace("<0", "<") : share(probability);
  return [
    draw("rect", { class: "share", x: -half + 3, y: y - 8.5, width: Math.max(0.5, inner * probability), height: 17, rx: 2 }),
    ...(right ? [draw("rect", { class: "right", x: -half + 3, y: y - 8.5, width: inner, height: 17, rx: 2 })] : []),
    glyphText(-half + 7, y, glyph, `guess ${right ? "strong" : ""}`),
    write(half - 5, y, said, { class: `guess end ${right ? "strong" : ""}` }),
  ];
}

function drawAnswer(words, output, step, half) {
  const target = fill(half < 34 ? "→ {target}" : words.target_short, { target: decimal(step.target) });
  return [
    write(0, output.middle - 9, decimal(step.prediction), { class: "number strong" }),
    write(0, output.middle + 10, target, { class: "faint fine" }),
  ];
}

function drawResult(graph, place, step, top) {
  const { result } = place;
  const half = Math.min(place.column / 2 - 4, 28);
  const pill = { x: -half, y: result.top, width: 2 * half, height: result.height, rx: result.height / 2 };
  const parts = [arrow([[0, top], [0, result.bottom + 1]], "plain"), draw("rect", { class: "result", ...pill })];
  if (graph.free) return [...parts, glyphText(0, result.middle, step.next, "glyph drawn")];
  const said = (y) => write(0, y, lossText(step.loss), { class: "number strong" });
  if (step.next === undefined) return [...parts, said(result.middle)];
  // The darker, the greater the surprise: most at the loss of a guess at random.
  const surprise = Math.min(1, step.loss / Math.log(graph.vocabulary));
  return [
    ...parts,
    draw("rect", { class: "surprise", ...pill, "fill-opacity": tidy(surprise * 0.22) }),
    said(result.top + 13),
    glyphText(0, result.top + 27, `→ ${step.next}`, "fine"),
  ];
}
