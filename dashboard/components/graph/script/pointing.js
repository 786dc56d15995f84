// What the pointer and the keyboard do on the drawing.

import { take, timeKeys } from "../../shared/keys.js";
import { clamp } from "../../shared/numbers.js";
import { describeStep, describeUnit } from "./sentences.js";

const columnAt = (event) => event.target.closest?.(".column");
const timeOf = (column) => Number(column.dataset.time);
const weightAt = (event) => event.target.closest?.("[data-weight]")?.dataset.weight ?? null;

export function listen(view, drawing) {
  const on = (name, act) => drawing.addEventListener(name, act);
  const light = (event) => view.light(weightAt(event) ?? view.pressed);
  on("pointerover", (event) => {
    light(event);
    const column = columnAt(event);
    if (column && !weightAt(event)) view.say(describeStep(view, timeOf(column)));
  });
  on("pointermove", (event) => sayUnit(view, event));
  on("pointerleave", () => {
    view.light(view.pressed);
    view.say();
  });
  on("focusin", light);
  on("focusout", () => view.light(view.pressed));
  on("click", (event) => click(view, event));
  on("keydown", (event) => press(view, event));
}

function sayUnit(view, event) {
  const pointed = unitAt(view, event);
  if (pointed) view.say(describeUnit(view, timeOf(columnAt(event)), pointed, event.target.dataset.state));
}

function click(view, event) {
  const weight = weightAt(event);
  if (weight) return view.press(weight);
  const column = columnAt(event);
  if (!column) return;
  view.stop();
  view.choose(unitAt(view, event) ?? view.chosen);
  view.move(timeOf(column));
}

function press(view, event) {
  const onColumn = Boolean(columnAt(event));
  const act = take(event, onColumn ? columnKeys(view) : weightKeys(view, event.target.dataset.weight));
  if (!act) return;
  view.stop();
  act();
  if (onColumn) view.focus();
}

// Only the keys that a row of choices is known to answer.
function columnKeys(view) {
  const { current, length, count } = view.window;
  const moves = Object.entries(timeKeys(length, count)).map(([key, to]) => [key, () => view.move(to(current))]);
  return { ...Object.fromEntries(moves), ArrowUp: () => view.moveUnit(-1), ArrowDown: () => view.moveUnit(1) };
}

function weightKeys(view, weight) {
  const press = () => view.press(weight);
  return { Enter: press, " ": press };
}

// The layer, direction and unit under the pointer, if it is over a strip.
function unitAt({ graph }, event) {
  const strip = event.target.closest?.(".strip");
  if (!strip) return null;
  const { top, height } = strip.getBoundingClientRect();
  const unit = clamp(Math.floor(((event.clientY - top) / height) * graph.units), 0, graph.units - 1);
  const { layer, direction } = graph.chains[strip.dataset.chain];
  return { layer, direction, unit };
}
