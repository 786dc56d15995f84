import assert from "node:assert/strict";
import test from "node:test";

import { makeCells } from "../../dashboard/components/shared/characters.js";
import { along, contrast, css, gradient, inkOn, isDark, luminance, mix, parseHex } from "../../dashboard/components/shared/colour.js";
import { modified, take, timeKeys } from "../../dashboard/components/shared/keys.js";
import { mount } from "../../dashboard/components/shared/mounting.js";
import { clamp, decimal } from "../../dashboard/components/shared/numbers.js";
import { PAUSE, PLAY, Player, Rest } from "../../dashboard/components/shared/timing.js";
import { fill, spoken } from "../../dashboard/components/shared/words.js";
import { stopTheClock } from "./clock.mjs";

const DIVERGING = ["#2b6cb0", "#f7f7f5", "#c2410c"].map(parseHex);

test("a colour is read, mixed and written", () => {
  assert.deepEqual(parseHex("#2b6cb0"), [43, 108, 176]);
  assert.deepEqual(mix([0, 100, 200], [100, 100, 0], 0.25), [25, 100, 150]);
  assert.equal(css([0.4, 127.5, 255]), "rgb(0 128 255)");
});

test("a scale has its stops at its ends and in its middle, and goes straight between them", () => {
  const scale = gradient(DIVERGING, 5);
  assert.deepEqual([scale[0], scale[2], scale[4]], DIVERGING);
  assert.deepEqual(scale[1], [(43 + 247) / 2, (108 + 247) / 2, (176 + 245) / 2]);
  assert.deepEqual(along([[0, 0, 0], [255, 255, 255]], 0.2), [51, 51, 51]);
});

test("luminance and contrast are those of the accessibility guidelines", () => {
  assert.equal(luminance([0, 0, 0]), 0);
  assert.ok(Math.abs(luminance([255, 255, 255]) - 1) < 1e-12);
  assert.ok(Math.abs(luminance([255, 0, 0]) - 0.2126) < 1e-12);
  assert.equal(contrast([0, 0, 0], [255, 255, 255]).toFixed(9), "21.000000000");
  assert.equal(contrast(parseHex("#767676"), [255, 255, 255]).toFixed(2), "4.54"); // the lightest grey that passes on white
  assert.equal(contrast(parseHex("#777777"), [255, 255, 255]).toFixed(2), "4.48"); // the first that does not
});

test("the ink on a colour is the one that stands out more: on each of the diverging scale more than 4.1 to 1", () => {
  const inks = [[23, 28, 38], [255, 255, 255]];
  for (const colour of gradient(DIVERGING, 256)) {
    const reached = contrast(colour, inkOn(colour));
    assert.equal(reached, Math.max(...inks.map((ink) => contrast(colour, ink))));
    assert.ok(reached > 4.1, css(colour));
  }
});

test("Streamlit's dark page is dark, its light one is not", () => {
  assert.deepEqual(["#0e1117", "#1a1f29", "#ffffff", "#f4f5f7"].map(parseHex).map(isDark), [true, true, false, false]);
});

test("a number is printed with a true minus sign, and zero without any", () => {
  assert.deepEqual([decimal(-1.255, 1), decimal(0.5), decimal(-0.004), decimal(-0.0051), decimal(2.6, 0)], ["−1.3", "0.50", "0.00", "−0.01", "3"]);
  assert.deepEqual([clamp(-1, 0, 3), clamp(2, 0, 3), clamp(9, 0, 3)], [0, 2, 3]);
});

test("a placeholder is filled, and one without a value stays to be seen", () => {
  assert.equal(fill("Step {step} of {length}, {other}", { step: 0, length: "ten" }), "Step 0 of ten, {other}");
});

test("a blank is spoken by its name, anything else is quoted as it is drawn", () => {
  const words = { space: "a space", newline: "a line break", tab: "a tab", quoted: "“{character}”" };
  assert.deepEqual([" ", "\n", "\t", "a"].map((one) => spoken(words, one)), ["a space", "a line break", "a tab", "“a”"]);
  assert.equal(spoken(words, "\u0301", "◌\u0301"), "“◌\u0301”");
});

test("cells are code points, drawn as Python says", () => {
  const cells = makeCells("a中𝄞\n", { "中": ["中", 2], "\n": ["⏎", 1] });
  assert.equal(cells.count, 4);
  assert.deepEqual(cells.characters, ["a", "中", "𝄞", "\n"]);
  assert.deepEqual(cells.glyphs, ["a", "中", "𝄞", "⏎"]);
  assert.deepEqual([...cells.widths], [1, 2, 1, 1]);
});

function pressed(key, modifiers = {}) {
  const event = { key, altKey: false, ctrlKey: false, metaKey: false, ...modifiers, prevented: 0 };
  event.preventDefault = () => event.prevented++;
  return event;
}

test("the keys of time lead one step, one page or to an end", () => {
  const keys = timeKeys(100, 10);
  const reached = Object.fromEntries(Object.entries(keys).map(([key, to]) => [key, to(50)]));
  assert.deepEqual(reached, { ArrowLeft: 49, ArrowRight: 51, PageUp: 40, PageDown: 60, Home: 0, End: 99 });
});

test("a key with a meaning is taken from the browser, and no other", () => {
  const actions = { Home: 0, End: 9 };
  const taken = pressed("Home");
  assert.equal(take(taken, actions), 0, "also where the action is zero");
  assert.equal(taken.prevented, 1);
  for (const event of [pressed("Tab"), pressed("toString"), pressed("Home", { ctrlKey: true }), pressed("End", { altKey: true }), pressed("End", { metaKey: true })]) {
    assert.equal(take(event, actions), null);
    assert.equal(event.prevented, 0);
  }
  assert.ok(!modified(pressed("Home", { shiftKey: true })), "Shift selects");
});

test("playing goes on at every beat until it is stopped, and starts once", (context) => {
  const clock = stopTheClock();
  context.after(clock.restore);
  let beats = 0;
  const player = new Player(100, () => beats++);
  assert.deepEqual([player.playing, player.sign], [false, PLAY]);
  player.start();
  player.start();
  assert.deepEqual([player.playing, player.sign], [true, PAUSE]);
  clock.pass(350);
  assert.equal(beats, 3);
  assert.equal(player.stop(), true);
  assert.equal(player.stop(), false, "it was not playing any more");
  clock.pass(1000);
  assert.equal(beats, 3);
});

test("the page is told once, a quarter of a second after the last move", (context) => {
  const clock = stopTheClock();
  context.after(clock.restore);
  let told = 0;
  const rest = new Rest(() => told++);
  for (let move = 0; move < 5; move++) {
    rest.moved();
    clock.pass(200);
  }
  assert.equal(told, 0);
  clock.pass(50);
  assert.equal(told, 1);
  rest.moved();
  rest.cancel();
  clock.pass(1000);
  assert.equal(told, 1);
});

test("a place on the page has one view, updated at each run and gone when it is taken away", () => {
  const made = [];
  class View {
    constructor(parent) {
      Object.assign(this, { parent, seen: [] });
      made.push(this);
    }
    remove() {
      this.removed = true;
    }
  }
  const place = {};
  mount("a view", place, View, (view) => view.seen.push(1));
  const remove = mount("a view", place, class extends View {}, (view) => view.seen.push(2));
  mount("another view", place, View, (view) => view.seen.push(3));
  assert.deepEqual(made.map(({ seen }) => seen), [[1, 2], [3]]);
  remove();
  assert.deepEqual(made.map(({ removed }) => Boolean(removed)), [true, false]);
  mount("a view", place, View, () => {});
  assert.equal(made.length, 3);
});
