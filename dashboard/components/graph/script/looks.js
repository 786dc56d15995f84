// Where a decoder looks: lines from what is read to the current step, and all steps together as a map.

import { element } from "../../shared/elements.js";
import { clamp } from "../../shared/numbers.js";
import { fill } from "../../shared/words.js";
import { chainsOf, segmentAt } from "./chains.js";
import { draw, glyphText, tidy } from "./svg.js";

const FAINTEST = 0.01; // of a weight that is drawn as a line

// The weights of a time step, or nothing while it reads.
export function looksAt({ looks, segments }, time) {
  const first = segments.at(-1).first;
  return looks && time >= first ? looks[time - first] : null;
}

// The places that it looks at most: [time step, weight].
export function mostLooked(weights, count) {
  return [...weights.entries()].sort(([, one], [, other]) => other - one).slice(0, count);
}

// Lines to the current step from the columns that are in sight. `xOf` tells where a column stands.
export function drawLooks(model, place, xOf) {
  const { graph, window } = model;
  const weights = looksAt(graph, window.current);
  if (!weights || window.folded || !window.inView) return [];
  const boxOf = (time, top) => place.chains[chainsOf(graph, segmentAt(graph, time), top ? graph.layers - 1 : 0).at(top ? -1 : 0).at];
  const end = [xOf(window.current), boxOf(window.current, false).bottom];
  return window.shown
    .filter((time) => weights[time] >= FAINTEST)
    .map((time) => drawLook([xOf(time), boxOf(time, true).top], end, weights[time]));
}

function drawLook(from, to, weight) {
  const line = `M${from.map(tidy).join(" ")}L${to.map(tidy).join(" ")}`;
  const path = draw("path", { class: "look", d: line, "stroke-opacity": tidy(0.15 + 0.85 * weight), "stroke-width": tidy(1 + 4 * weight) });
  const group = draw("g", { class: "arrow weight attention" }, path);
  group.dataset.weight = "attention";
  return group;
}

const LABEL = 40; // for what is said, to the left of the map

export function measureMap(width, columns) {
  const cell = clamp((width - LABEL - 6) / columns, 6, 30);
  return { cell, line: clamp(cell, 15, 22), left: LABEL, letter: clamp(cell * 1.05, 8, 14) };
}

// All weights at once: a row for each step that says something, a column for each that is read.
export class LookMap {
  constructor(model) {
    this.model = model;
    this.root = element("figure", "looks");
    this.root.append(element("figcaption", "", model.words.looks_title));
    this.drawing = draw("svg", { class: "map", role: "img", "aria-label": model.words.looks_title });
    this.root.append(this.drawing);
    this.drawing.onclick = (event) => {
      const time = event.target.dataset?.time;
      if (time === undefined) return;
      model.stop();
      model.move(Number(time));
    };
  }

  redraw(width) {
    const { steps, looks, segments } = this.model.graph;
    const { cell, line, left, letter } = (this.place = measureMap(width, looks[0].length));
    const first = segments.at(-1).first;
    const [right, bottom] = [left + cell * looks[0].length, line * looks.length + 2];
    const parts = looks.flatMap((row, said) => [
      glyphText(left - 14, 2 + (said + 0.5) * line, steps[first + said].next ?? "", "letter"),
      ...row.map((weight, read) => this.drawCell(weight, left + read * cell, 2 + said * line, first + said, read)),
    ]);
    const letters = looks[0].map((_, read) => glyphText(left + (read + 0.5) * cell, bottom + 12, steps[read].glyph, "letter"));
    for (const one of letters) one.style.fontSize = `${tidy(letter)}px`;
    this.mark = draw("rect", { class: "here", rx: 2 });
    const height = bottom + 26;
    for (const [name, value] of Object.entries({ width: right + 4, height, viewBox: `0 0 ${tidy(right + 4)} ${tidy(height)}` })) this.drawing.setAttribute(name, value);
    this.drawing.replaceChildren(...parts, ...letters, this.mark);
  }

  drawCell(weight, x, y, time, read) {
    const { cell, line } = this.place;
    const { graph, words } = this.model;
    const made = draw("rect", { class: "weightcell", x: tidy(x), y: tidy(y), width: tidy(cell), height: line, "fill-opacity": tidy(weight), "data-time": time });
    const title = draw("title");
    title.textContent = fill(words.look_of, { said: graph.steps[time].next ?? "", read: graph.steps[read].glyph, weight: weight.toFixed(2) });
    made.append(title);
    return made;
  }

  // The row of the current step, or the column of what it reads.
  show() {
    const { graph, window } = this.model;
    const { cell, line, left } = this.place;
    const first = graph.segments.at(-1).first;
    const said = window.current - first;
    const [columns, rows] = [graph.looks[0].length, graph.looks.length];
    const box = said >= 0 ? [left, 2 + said * line, columns * cell, line] : [left + window.current * cell, 2, cell, rows * line];
    ["x", "y", "width", "height"].forEach((name, at) => this.mark.setAttribute(name, tidy(box[at])));
  }
}
