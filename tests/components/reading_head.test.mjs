import assert from "node:assert/strict";
import test from "node:test";

import { measure } from "../../dashboard/components/reading_head/script/sight.js";

test("a column is wide enough for its character, and all of a short text is in sight", () => {
  assert.deepEqual(measure(1300, 40, 20, null), { shown: 40, width: 32.5, first: 0 });
  const { shown, width } = measure(390, 90, 0, null);
  assert.equal(shown, 30);
  assert.ok(width >= 13);
});

test("two thirds of what is in sight have been read, except at the ends of the text", () => {
  const first = (time) => measure(390, 90, time, null).first;
  assert.equal(first(50), 30); // 30 columns: 19.8 of them stand before the time step
  assert.deepEqual([first(0), first(10), first(-1)], [0, 0, 0]);
  assert.deepEqual([first(89), first(81)], [60, 60]);
});

test("what is pointed at does not move away", () => {
  assert.equal(measure(390, 90, 50, 47).first, 47);
});
