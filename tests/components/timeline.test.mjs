import assert from "node:assert/strict";
import test from "node:test";

import { makeCells } from "../../dashboard/components/shared/characters.js";
import { contrast } from "../../dashboard/components/shared/colour.js";
import { barAcross } from "../../dashboard/components/timeline/script/bars.js";
import { Flow } from "../../dashboard/components/timeline/script/flow.js";
import { laneStep, scrolledTo } from "../../dashboard/components/timeline/script/lanes.js";
import { layOut, timeAt } from "../../dashboard/components/timeline/script/layout.js";
import { shades } from "../../dashboard/components/timeline/script/look.js";
import { unpack } from "../../dashboard/components/timeline/script/payload.js";
import { likeliest, percent } from "../../dashboard/components/timeline/script/prediction.js";
import { STEPS, makeScale } from "../../dashboard/components/timeline/script/scale.js";
import { radioKeys } from "../../dashboard/components/timeline/script/strip.js";
import { LEVELS, Track } from "../../dashboard/components/timeline/script/track.js";

const cellsOf = (text) => makeCells(text, { "\n": ["⏎", 1], "\t": ["⇥", 1], "中": ["中", 2] });

// As dashboard/components/timeline/payload.py packs it, written down again by hand.
function pack(header, ...arrays) {
  let offset = 0;
  const listed = arrays.map((array) => {
    const one = { type: array instanceof Uint16Array ? "uint16" : "float32", offset, count: array.length };
    offset += array.byteLength;
    return one;
  });
  const head = Buffer.from(JSON.stringify({ ...header, arrays: listed }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.length);
  return Buffer.concat([length, head, ...arrays.map((array) => Buffer.from(array.buffer))]);
}

test("arrays come out of the bytes wherever they begin", () => {
  for (const text of ["", "a", "缩进", "abc"]) {
    const packed = pack({ text }, Uint16Array.of(1, 65535, 3), Float32Array.of(0.5, NaN, -2));
    const inside = new Uint8Array([9, ...packed, 9]).subarray(1, packed.length + 1); // a view into a larger buffer, as it arrives
    const { header, arrays } = unpack(inside);
    assert.equal(header.text, text);
    assert.deepEqual([...arrays[0]], [1, 65535, 3]);
    assert.deepEqual([...arrays[1]], [0.5, NaN, -2]);
  }
});

test("a track gives values in its domain, of a unit or of the mean", () => {
  const levels = Uint16Array.of(0, 65535, 13107, 39321); // two units at two time steps: 0, 1, 0.2 and 0.6 of the domain
  const track = new Track({ low: -1, high: 1 }, levels, 2);
  assert.equal(track.units, 2);
  const near = (value, expected) => assert.ok(Math.abs(value - expected) < 1e-12, `${value} is not ${expected}`);
  [[-1, 1], [-0.6, 0.2]].forEach((row, unit) => row.forEach((value, time) => near(track.value(unit, time), value)));
  [-0.8, 0.6].forEach((mean, time) => near(track.value(null, time), mean));
  assert.deepEqual([track.step(0, 0), track.step(0, 1)], [0, STEPS - 1]);
  assert.deepEqual([track.share(-1), track.share(0), track.share(1)], [0, 0.5, 1]);
});

test("bars begin at zero where values are signed, else at the low end", () => {
  const centre = (low, high) => new Track({ low, high }, Uint16Array.of(0), 1).centre;
  assert.deepEqual([centre(-1, 1), centre(0, 1), centre(2, 24)], [0, 0, 2]);
});

test("what is known of the text itself is the same for every unit and for their mean", () => {
  const track = new Track({ low: 0, high: 24 }, Uint16Array.of(0, LEVELS), 2);
  assert.deepEqual([track.value(17, 1), track.value(null, 1), track.value(0, 0)], [24, 24, 0]);
});

test("a scale names each colour three ways", () => {
  const scale = makeScale([[247, 247, 245], [15, 118, 110]]);
  assert.deepEqual([scale.bytes[0], scale.bytes[STEPS - 1]], [[247, 247, 245], [15, 118, 110]]);
  assert.deepEqual([scale.styles[0], scale.styles[STEPS - 1]], ["rgb(247 247 245)", "rgb(15 118 110)"]);
  assert.deepEqual([scale.inks[0], scale.inks[STEPS - 1]], ["rgb(23 28 38)", "rgb(255 255 255)"]);
});

test("lines end at line breaks, tabs at their stops, wide characters take two columns", () => {
  const { row, column, span, starts, rows, wraps } = layOut(cellsOf("a\tb\n中c"), 80);
  assert.deepEqual([...row], [0, 0, 0, 0, 1, 1]);
  assert.deepEqual([...column], [0, 1, 4, 5, 0, 2]);
  assert.deepEqual([...span], [1, 3, 1, 1, 2, 1]);
  assert.deepEqual([starts, rows, wraps], [[0, 4], 2, false]);
});

test("prose breaks after a space, a long word where it has to", () => {
  const lines = (text, columns) => {
    const cells = cellsOf(text);
    const { starts } = layOut(cells, columns);
    return starts.map((start, at) => text.slice(start, starts[at + 1]));
  };
  assert.deepEqual(lines("the hidden state", 12), ["the hidden ", "state"]);
  assert.deepEqual(lines("a recurrently", 8), ["a recurr", "ently"], "a row is not left nearly empty");
  assert.deepEqual(lines("unrolled", 3), ["unr", "oll", "ed"]);
  assert.deepEqual(lines("four five", 4), ["four", " fiv", "e"], "a space may begin a row");
  assert.deepEqual(lines("abcd\nef\n", 5), ["abcd\n", "ef\n"], "nothing follows the last line break");
});

test("in any text every character stands after the one before it and within its row", () => {
  const text = "if x:\n\tfoo(中, bar) # a comment that is long enough to break\n\n" + "word ".repeat(30) + "x".repeat(70);
  const cells = cellsOf(text);
  for (let columns = 8; columns < 90; columns += 3) {
    const { row, column, span, starts, rows, longest } = layOut(cells, columns);
    assert.ok(longest <= columns);
    for (let time = 0; time < cells.count; time++) {
      assert.ok(column[time] + span[time] <= columns);
      const first = starts[row[time]] === time;
      assert.equal(column[time], first ? 0 : column[time - 1] + span[time - 1]);
      assert.equal(row[time], time === 0 ? 0 : row[time - 1] + (first ? 1 : 0));
      assert.equal(timeAt({ column, starts, rows }, cells, row[time], column[time] + span[time] - 1), time);
    }
  }
});

test("a place beyond the text is its nearest character", () => {
  const cells = cellsOf("ab\ncdef");
  const layout = layOut(cells, 80);
  assert.deepEqual([timeAt(layout, cells, 0, 99), timeAt(layout, cells, -3, 1), timeAt(layout, cells, 9, 1)], [2, 1, 4]);
});

const CODE = Array.from({ length: 30 }, (_, line) => `line_${line} = ${line}`).join("\n");
const PROSE = "The state of the network is what it remembers of the text. ".repeat(30);

function flowOf(text, room) {
  const flow = new Flow(cellsOf(text), 12);
  flow.measure(room, 9, 22);
  return flow;
}

test("short lines run on in a second column, long ones fill it", () => {
  assert.deepEqual([flowOf(CODE, 100).beside, flowOf(CODE, 20).beside], [true, false]);
  assert.deepEqual([flowOf(PROSE, 100).beside, flowOf(PROSE, 60).beside], [true, false], "prose in columns of 44 or more");
  assert.equal(flowOf("short", 100).beside, false, "all of it is in sight");
  assert.equal(flowOf(CODE, 20).height, 30 * 22 + 4);
  assert.equal(flowOf(CODE, 100).height, 12 * 22 + 4);
  // The longest line is "line_29 = 29", and 3 characters part the columns: 30 lines in rows of 12 are three of them.
  assert.deepEqual([flowOf(CODE, 100).width, flowOf(CODE, 20).width], [3 * (13 + 3) * 9 + 4, null]);
  assert.deepEqual(flowOf(CODE, 100).place(0), { x: 2, y: 2, width: 9, height: 20 });
});

test("a character is found where it is drawn", () => {
  for (const flow of [flowOf(CODE, 100), flowOf(CODE, 20), flowOf(PROSE, 100), flowOf(PROSE, 60)])
    for (let time = 0; time < flow.cells.count; time++) {
      const { x, y, width, height } = flow.place(time);
      assert.equal(flow.timeAt(x + width / 2, y + height / 2), time);
    }
});

test("up and down lead to the row above and below", () => {
  const flow = flowOf("abc\ndefg\nh", 80);
  assert.deepEqual([flow.neighbour(1, 1), flow.neighbour(5, -1), flow.neighbour(7, 1)], [5, 1, 9]);
  assert.deepEqual([flow.neighbour(1, -1), flow.neighbour(9, 1)], [0, 9], "at the edges to the first and the last");
});

test("wherever the reader goes, the window is scrolled so that the character is in it", () => {
  for (const flow of [flowOf(CODE, 100), flowOf(CODE, 20), flowOf(PROSE, 100), flowOf(PROSE, 60)]) {
    const size = { width: 9 * flow.pitch * (flow.beside ? 2 : 1), height: flow.windowHeight };
    let sight = { left: 0, top: 0, ...size };
    for (let turn = 0; turn < 500; turn++) {
      const time = (turn * 7919) % flow.cells.count;
      sight = { ...flow.reveal(time, sight), ...size };
      const { x, y, width, height } = flow.place(time);
      assert.ok(x >= sight.left && x + width <= sight.left + sight.width, "across");
      assert.ok(y >= sight.top && y + height <= sight.top + sight.height, "down");
      const [first, last] = flow.sight(sight);
      assert.ok(flow.layout.row[time] >= first && flow.layout.row[time] <= last, "and it is drawn");
      assert.deepEqual(flow.reveal(time, sight), { left: sight.left, top: sight.top }, "then the window rests");
    }
  }
});

test("a window scrolls no further than it has to", () => {
  const down = flowOf(CODE, 20);
  const line = (row) => down.layout.starts[row];
  const size = { width: 180, height: 12 * 22 + 4 };
  assert.deepEqual(down.reveal(line(20), { left: 0, top: 0, ...size }), { left: 0, top: 2 + 21 * 22 - 268 + 22 }, "a row is left below");
  assert.deepEqual(down.reveal(line(20), { left: 0, top: 550, ...size }), { left: 0, top: 2 + 20 * 22 - 22 }, "and a row above");
  const aside = flowOf(CODE, 100);
  const narrow = { width: 200, height: 268 };
  assert.deepEqual(aside.reveal(aside.layout.starts[13], { left: 0, top: 0, ...narrow }), { left: 2 * 144 - 200, top: 0 }, "all of the column");
  assert.deepEqual(aside.reveal(0, { left: 150, top: 0, ...narrow }), { left: 0, top: 0 });
  assert.deepEqual(aside.sight({ left: 150, top: 0, ...narrow }), [12, 29], "the second and the third column");
});

test("all of a text is squeezed into the width where that is asked for, and never stretched", () => {
  assert.deepEqual([laneStep(900, 300, false, true), laneStep(900, 50, false, true), laneStep(900, 300, false, false), laneStep(900, 300, true, false)], [3, 9, 9, 16]);
});

test("a moment near the edge of the lanes goes into the middle, any other leaves them where they are", () => {
  assert.equal(scrolledTo(50, 9, 400, 300), 400);
  assert.equal(scrolledTo(100, 9, 400, 300), 900 - 150);
  assert.equal(scrolledTo(45, 9, 400, 300), 405 - 150);
});

test("bars are a pixel apart where they can be told, and cover whole pixels where they cannot", () => {
  const sight = (step, left) => ({ step, readable: step > 4, at: (moment) => moment * step - left });
  assert.deepEqual(barAcross(sight(9, 4), 2, 1), [14, 8]);
  for (const ratio of [1, 2])
    for (let moment = 0; moment < 50; moment++) {
      const [left, width] = barAcross(sight(1.37, 0), moment, ratio);
      assert.equal(left * ratio, Math.round(left * ratio));
      assert.ok(width * ratio >= 1);
      assert.ok(Math.abs(left + width - barAcross(sight(1.37, 0), moment + 1, ratio)[0]) < 1e-9, "no gap");
    }
});

test("the likeliest symbols of a time step come in the order in which they were sent", () => {
  const prediction = { symbols: ["\ufffd", "a", "b"], likeliest: Uint16Array.of(1, 2, 2, 0), likelihood: Uint16Array.of(LEVELS, 0, 0.6 * LEVELS, 0.4 * LEVELS) };
  assert.deepEqual(likeliest(prediction, 2, 0), [{ symbol: "a", share: 1 }, { symbol: "b", share: 0 }]);
  assert.deepEqual(likeliest(prediction, 2, 1), [{ symbol: "b", share: 0.6 }, { symbol: "\ufffd", share: 0.4 }]);
});

test("a share is printed with as many digits as it deserves", () => {
  assert.deepEqual([0, 0.0004, 0.004, 0.0994, 0.0996, 0.5, 1].map(percent), ["0.0 %", "< 0.1 %", "0.4 %", "9.9 %", "10 %", "50 %", "100 %"]);
});

test("the arrow keys walk round a group of radio buttons", () => {
  assert.deepEqual(radioKeys(0, 3), { ArrowRight: 1, ArrowDown: 1, ArrowLeft: 2, ArrowUp: 2, Home: 0, End: 2 });
  assert.equal(radioKeys(2, 3).ArrowRight, 0);
});

test("a role's words can be read, and its moment stands out, on a white and on a dark page", () => {
  const numbers = (colour) => colour.match(/\d+/g).map(Number);
  for (const ground of [[255, 255, 255], [14, 17, 23]])
    for (const hue of [[15, 118, 110], [29, 78, 216], [124, 58, 237], [194, 65, 12], [161, 98, 7]]) {
      const [quiet, loud, words] = shades(hue, ground).map(numbers);
      assert.ok(contrast(words, ground) >= 4.5);
      assert.ok(contrast(loud, ground) > contrast(quiet, ground));
    }
});
