import assert from "node:assert/strict";
import test from "node:test";

import { faces } from "../../dashboard/components/marker/script/cells.js";
import { Marks, selection } from "../../dashboard/components/marker/script/marks.js";
import { endsOfRow, nearest, neighbour, rowsOf } from "../../dashboard/components/marker/script/rows.js";

function marksOf(text, ...ranges) {
  const marks = new Marks(Array.from(text));
  marks.replace(ranges);
  return marks;
}

test("ranges that touch are one, and what is cut out of one leaves two", () => {
  const marks = marksOf("abcdefgh", [0, 2], [2, 4], [6, 8]);
  assert.deepEqual(marks.ranges, [[0, 4], [6, 8]]);
  assert.equal(marks.count, 6);
  marks.mark([1, 3], false);
  assert.deepEqual(marks.ranges, [[0, 1], [3, 4], [6, 8]]);
  marks.replace([[2, 3]]);
  assert.deepEqual([marks.ranges, marks.has(2), marks.has(3), marks.empty], [[[2, 3]], true, false, false]);
  marks.clear();
  assert.deepEqual([marks.ranges, marks.empty], [[], true]);
});

test("a half counts the ranges in it, and half of what the middle or an end cuts", () => {
  assert.deepEqual(marksOf("abcdefghij", [1, 3], [6, 8]).halves(5), [1, 1]);
  assert.deepEqual(marksOf("abcdefghij", [4, 6]).halves(5), [0.5, 0.5]);
  assert.deepEqual(marksOf("abcdefghij", [0, 2], [7, 10]).halves(5), [0.5, 0.5]);
  assert.deepEqual(marksOf("abcdefghij", [3, 5], [5, 7]).halves(5), [0.5, 0.5]);
});

test("the same passage is found wherever it stands, also where it overlaps itself", () => {
  assert.deepEqual(marksOf("aaaa").places([0, 2]), [0, 1, 2]);
  assert.deepEqual(marksOf("ab😀ab😀").places([2, 3]), [2, 5], "by code points");
  assert.deepEqual(marksOf("abc").places([1, 1]), [], "nothing is not everywhere");
  assert.deepEqual(marksOf("abcabcabc", [0, 3], [4, 5]).repeats([0, 3]), [[3, 6], [6, 9]]);
  assert.deepEqual(marksOf("abcabcabc", [4, 6]).repeats([4, 6]), [[1, 3], [7, 9]]);
});

test("a selection is no longer than allowed and keeps the end where it began", () => {
  assert.deepEqual([selection(3, 6, 99), selection(6, 3, 99), selection(4, 4, 99)], [[3, 7], [3, 7], [4, 5]]);
  assert.deepEqual([selection(3, 9, 4), selection(9, 3, 4)], [[3, 7], [6, 10]]);
});

// Two columns of text, as a browser lays them out: 0-2 and 3-4 in the first, 5-7 in the second.
const PLACES = [[0, 0], [10, 0], [20, 0], [0, 26], [10, 26], [200, 0], [210, 0], [220, 0]].map(([left, top]) => ({ left, top }));

test("a row ends where the next cell stands lower or in the next column", () => {
  assert.deepEqual(rowsOf(PLACES), [[0, 1, 2], [3, 4], [5, 6, 7]]);
  assert.deepEqual(rowsOf([]), []);
});

test("up and down keep the place within the row, from one column to the next too", () => {
  assert.deepEqual([neighbour(PLACES, 1, 1), neighbour(PLACES, 4, 1), neighbour(PLACES, 6, -1), neighbour(PLACES, 2, 1)], [4, 6, 4, 4]);
  assert.deepEqual([neighbour(PLACES, 1, -1), neighbour(PLACES, 6, 1)], [1, 6], "there is no other row");
  assert.deepEqual([endsOfRow(PLACES, 4), endsOfRow(PLACES, 6)], [[3, 4], [5, 7]]);
});

test("beside a row is nearer than below it", () => {
  const boxes = [{ left: 0, right: 10, top: 0, bottom: 23 }, { left: 0, right: 10, top: 26, bottom: 49 }];
  assert.deepEqual([nearest(boxes, 5, 10), nearest(boxes, 300, 30), nearest(boxes, 5, 900)], [0, 1, 1]);
  assert.equal(nearest([], 1, 1), null);
});

test("blanks are seen, and a tab takes its columns", () => {
  const drawn = { "\n": ["⏎", 1], "\t": ["⇥", 1], "中": ["中", 2] };
  assert.deepEqual(faces("a \t\n中", drawn), [
    { glyph: "a", columns: 1, blank: false },
    { glyph: "·", columns: 1, blank: true },
    { glyph: "⇥", columns: 4, blank: true },
    { glyph: "⏎", columns: 1, blank: true },
    { glyph: "中", columns: 2, blank: false },
  ]);
});
