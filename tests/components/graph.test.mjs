import assert from "node:assert/strict";
import test from "node:test";

import { rounded } from "../../dashboard/components/graph/script/arrows.js";
import { chainAt, isTwofold, segmentAt } from "../../dashboard/components/graph/script/chains.js";
import { incoming, unitMark } from "../../dashboard/components/graph/script/column.js";
import { LONGEST_WINDOW, measure, stripHeight } from "../../dashboard/components/graph/script/geometry.js";
import { looksAt, measureMap, mostLooked } from "../../dashboard/components/graph/script/looks.js";
import { lossText, share } from "../../dashboard/components/graph/script/printed.js";
import { describeCurrent, describeStep, describeUnit, joined } from "../../dashboard/components/graph/script/sentences.js";
import { decodeStates, levelColours, stateValue } from "../../dashboard/components/graph/script/states.js";
import { tableRows } from "../../dashboard/components/graph/script/table.js";
import { TimeWindow } from "../../dashboard/components/graph/script/time_window.js";
import { past } from "../../dashboard/components/graph/script/ways.js";
import { describeWeight, weightKeys, weightSymbol } from "../../dashboard/components/graph/script/weights.js";

// Rows of states as a network has them: by stretch of time its layers, each in one direction or in both.
function chainsFor({ layers = 1, gated = false, directions = [1] }) {
  const states = gated ? { hidden_state: "", cell_state: "" } : { hidden_state: "" };
  const places = directions.flatMap((count, segment) => Array.from({ length: layers * count }, (_, at) => [segment, Math.floor(at / count), at % count]));
  return places.map(([segment, layer, direction]) => ({ segment, layer, direction, states }));
}

function graph({ gated, directions = [1], read = 0, ...changes } = {}) {
  const one = { pattern: "many_to_many", medium: "symbols", marked: false, free: false, looks: null, layers: 1, units: 32, length: 40, vocabulary: 50, ...changes };
  const segments = read ? [{ first: 0, length: read, vocabulary: 60 }, { first: read, length: one.length - read, vocabulary: 12 }] : [{ first: 0, length: one.length, vocabulary: one.vocabulary }];
  return { segments, chains: chainsFor({ layers: one.layers, gated, directions }), ...one };
}

test("states come back within half a level, time by time", () => {
  const values = [[-1, 0, 0.5], [0.123, -0.987, 1]]; // (time, unit)
  const bytes = Uint8Array.from(values.flat(), (value) => Math.round(127 * value) + 127);
  const [{ hidden_state: levels }] = decodeStates([{ states: { hidden_state: Buffer.from(bytes).toString("base64") } }]);
  values.forEach((row, time) => row.forEach((value, unit) => assert.ok(Math.abs(stateValue(levels, 3, time, unit) - value) <= 0.5 / 127)));
  assert.deepEqual([0, 1].map((unit) => stateValue(levels, 3, 0, unit)), [-1, 0]);
});

test("each byte has a colour, zero the one in the middle", () => {
  const colours = levelColours(["#2b6cb0", "#f7f7f5", "#c2410c"]);
  assert.equal(colours.length, 255);
  assert.deepEqual([colours[0], colours[127], colours[254]], [[43, 108, 176], [247, 247, 245], [194, 65, 12]]);
});

test("the whole of a short sequence is shown where it fits, and a window of a long one", () => {
  assert.equal(measure(graph({ length: 12 }), 1280).count, 12);
  assert.equal(measure(graph({ length: 12 }), 1280).column, 92); // 1122 pixels for 12 would be 93.5 each
  assert.equal(measure(graph({ length: 20 }), 1280).column, 1122 / 20); // at the least 53: tighter than the window of a long one
  assert.equal(measure(graph({ length: 40 }), 1280).count, Math.floor(1122 / 60));
  assert.equal(measure(graph({ length: 40 }), 390).count, Math.floor((390 - 64 - 22 - 4) / 53));
  assert.equal(measure(graph({ length: 400 }), 4000).count, LONGEST_WINDOW);
});

const KINDS = [
  { pattern: "many_to_many", medium: "symbols" },
  { pattern: "many_to_many", medium: "numbers" },
  { pattern: "many_to_one", medium: "numbers", marked: true },
  { pattern: "one_to_many", medium: "symbols", free: true },
  { pattern: "many_to_one", medium: "numbers", marked: true, directions: [2] },
  { pattern: "sequence_to_sequence", medium: "symbols", directions: [2, 1], read: 18 },
];

test("columns and rows never overlap, whatever is drawn", () => {
  for (const what of KINDS)
    for (const layers of [1, 2, 3])
      for (const gated of [false, true])
        for (const width of [320, 390, 700, 1280, 1920]) {
          const place = measure(graph({ ...what, layers, gated }), width);
          const ends = place.entry * (what.directions?.at(-1) ?? 1) + place.between;
          assert.ok(place.gutter + ends + place.count * place.column <= Math.max(width, 64 + 16 + ends + 53) + 1e-9);
          assert.ok(place.box < place.column);
          const boxes = [...place.chains].reverse().flatMap((box) => [box.hidden_state, ...(gated ? [box.cell_state] : [])]);
          const rows = [place.result, place.output, ...boxes, place.input, ...(place.character ? [place.character] : []), place.time];
          rows.forEach((row, at) => {
            assert.ok(row.top >= (rows[at - 1]?.bottom ?? 0));
            assert.equal(row.bottom - row.top, row.height);
            assert.equal(row.middle, (row.top + row.bottom) / 2);
          });
          assert.ok(rows.at(-1).bottom <= place.height);
          assert.equal(place.character === null, what.medium === "numbers");
          for (const box of place.chains) {
            assert.equal(box.top, box.hidden_state.top - 4);
            assert.equal(box.bottom, (gated ? box.cell_state : box.hidden_state).bottom + 4);
            if (place.chains.length === layers) assert.equal(box.hidden_state.height, { 1: [128, 64], 2: [64, 32], 3: [32, 32] }[layers][Number(gated)]); // whole pixels for 32 units
            assert.equal(box.hidden_state.height % 32, 0);
          }
        }
});

test("a number and its mark need more room than a one-hot column, an answer less than three guesses", () => {
  const heights = (what) => ["result", "output", "input"].map((name) => measure(graph(what), 1280)[name].height);
  const [symbols, numbers, marked, drawn] = KINDS.slice(0, 4).map(heights);
  assert.deepEqual(marked, [36, 44, 54]);
  assert.deepEqual(numbers, [36, 44, 27]);
  assert.deepEqual(symbols, [36, 79, 46]);
  assert.deepEqual(drawn, [30, 79, 46]);
  assert.equal(measure(graph({ length: 12 }), 700).box, 0.46 * Math.min(92, 542 / 9)); // room for nine at the least 60
});

test("each unit gets as many whole pixels, or several share one", () => {
  assert.deepEqual([stripHeight(32, 72), stripHeight(48, 72), stripHeight(64, 128), stripHeight(128, 72.4)], [64, 48, 128, 72]);
});

test("the window follows the current step and no further", () => {
  const window = Object.assign(new TimeWindow(), { length: 40 });
  window.fit(10);
  window.move(9);
  assert.equal(window.first, 0);
  window.move(10);
  assert.deepEqual(window.shown, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  window.move(99);
  assert.deepEqual([window.current, window.first, window.end, window.atEnd], [39, 30, 40, true]);
  window.move(-5);
  assert.deepEqual([window.current, window.first], [0, 0]);
});

test("a window may be scrolled away from the current step, and back", () => {
  const window = Object.assign(new TimeWindow(), { length: 25 });
  window.fit(10);
  window.move(3);
  window.scroll(10);
  assert.deepEqual([window.first, window.current, window.inView], [10, 3, false]);
  window.scroll(10);
  assert.deepEqual([window.first, window.end], [15, 25], "not past the end");
  window.follow();
  assert.deepEqual([window.first, window.inView], [3, true]);
  window.move(13);
  window.scroll(-1);
  assert.deepEqual([window.end, window.current, window.inView], [13, 13, false], "the window ends before it");
});

test("a folded graph shows the current step alone; unfolded, that step is in view", () => {
  const window = Object.assign(new TimeWindow(), { length: 40 });
  window.fit(10);
  assert.equal(window.whole, false);
  window.fold(true);
  window.move(30);
  assert.deepEqual([window.shown, window.first, window.inView, window.whole], [[30], 0, true, true]);
  window.fold(false);
  assert.ok(window.shown.includes(30));
});

test("after any walk the current step is in view and the window within the sequence", () => {
  let seed = 1;
  const random = (below) => (seed = (seed * 48271) % 2147483647) % below;
  const window = Object.assign(new TimeWindow(), { length: 37 });
  for (let turn = 0; turn < 2000; turn++) {
    if (random(4) === 0) window.scroll(random(61) - 30);
    if (random(3) === 0) window.fit(1 + random(24));
    window.move(window.current + random(21) - 10);
    assert.ok(window.inView && window.first >= 0 && window.end <= 37);
    assert.equal(window.shown.length, Math.min(window.count, 37 - window.first));
  }
});

test("a path turns round its corners", () => {
  assert.equal(rounded([[0, 0], [10, 0]], 8), "M0 0L10 0");
  assert.equal(rounded([[0, 0], [100, 0], [100, 50]], 8), "M0 0L92 0Q100 0 100 8L100 50");
  assert.equal(rounded([[0, 0], [10, 0], [10, 50]], 8), "M0 0L5 0Q10 0 10 8L10 50", "no more than half of a short stretch");
});

test("the marks point at the middle of the chosen unit's row, in its layer alone", () => {
  const place = { box: 40, chains: [{ hidden_state: { top: 100, height: 64 } }, { hidden_state: { top: 0, height: 64 } }] };
  const layered = graph({ layers: 2 });
  assert.equal(unitMark(layered, { layer: 0, direction: 0, unit: 3 }, place, 0), "M-25 103l7 4l-7 4ZM25 103l-7 4l7 4Z"); // the middle of pixels 106 and 107
  assert.equal(unitMark(layered, { layer: 0, direction: 0, unit: 3 }, place, 1), "");
  assert.equal(unitMark(layered, { layer: 0, direction: 1, unit: 3 }, place, 0), unitMark(layered, { layer: 0, direction: 0, unit: 3 }, place, 0), "nothing reads backward");
  const both = graph({ directions: [2] });
  assert.deepEqual([0, 1].map((at) => unitMark(both, { layer: 0, direction: 1, unit: 3 }, place, at) === ""), [true, false]);
});

test("a probability is never printed as zero, a small loss keeps a digit", () => {
  assert.deepEqual([share(0.5), share(0.0001), share(0.00049, 3), share(1)], ["0.50", "<0.01", "<0.001", "1.00"]);
  assert.deepEqual([lossText(1.234), lossText(0.0042), lossText(3.14e-5), lossText(0)], ["1.23", "0.004", "<0.001", "<0.001"]);
});

const WORDS = {
  reads: "{step}/{length} reads {symbol} at {index} of {vocabulary}.", reads_unknown: "{step}/{length} reads unknown {symbol}.",
  predicts: "Guess {symbol} {probability}.", follows: "Comes {symbol} {probability} {loss}.", draws: "Draws {symbol} {probability}.",
  no_target: "Nothing follows.", reads_number: "{step} reads {number}.", reads_marked: "{step} reads {number}, marked.",
  no_output: "No output.", ends: "{prediction} for {target}: {loss}.", aside: "{step} is aside.",
  hidden_unit: "h {unit} at {step}: {value}", cell_unit: "c {unit} at {step}: {value}", layered_unit: "Layer {layer}: {sentence}",
  forward_unit: "Forward: {sentence}", backward_unit: "Backward: {sentence}",
  reads_nothing: "{step} reads zeros.", not_yet: "Not yet.", says: "Says {symbol} {probability}.", looks: "Looks at {step}, {symbol}: {weight}.",
  column_said: "said", column_looks: "looks",
  space: "a space", newline: "a line break", tab: "a tab", quoted: "“{symbol}”",
  weight_sentence: "{name} {shape} {numbers} used {used}.", once_sentence: "{name} {shape} once.", blocks_sentence: "{blocks} of {block}.",
  cell_sentence: "No matrix.", feedback_sentence: "Fed back.",
  row_time: "t", column_input: "in", column_top: "top", column_next: "next", column_drawn: "drawn", column_loss: "loss",
  column_number: "number", column_mark: "mark", column_prediction: "answer", column_target: "target", column_error: "error",
};
const STEP = { glyph: "a", index: 3, known: true, top: [["␣", 0.75], ["b", 0.2], ["c", 0.04], ["d", 0.001]], next: "d", probability: 0.001, loss: 6.907755, rank: 3 };
const LAST = { glyph: "⏎", index: 0, known: false, top: [["b", 0.5]] };
const SYMBOLS = { words: WORDS, graph: graph({ length: 2, vocabulary: 50, steps: [STEP, LAST] }) };
const DRAWN = { words: WORDS, graph: graph({ pattern: "one_to_many", free: true, length: 1, vocabulary: 50, steps: [{ ...STEP, loss: undefined }] }) };
const NUMBERS = {
  words: WORDS,
  graph: graph({ pattern: "many_to_one", medium: "numbers", marked: true, length: 2, steps: [{ number: 0.25, mark: 1 }, { number: 0.5, mark: 0, prediction: 0.7004, target: 0.75, loss: 0.00246 }] }),
};

const SERIES = {
  words: { ...WORDS, reads_value: "{step} reads {number}.", changes: "By {prediction}, it is {target}: {loss}." },
  graph: graph({ medium: "numbers", length: 1, steps: [{ number: -1.5, prediction: 0.25, target: 0.2, loss: 0.0025 }] }),
};

test("a series is read without marks and answered at every step", () => {
  assert.equal(describeStep(SERIES, 0), "1 reads −1.50. By 0.250, it is 0.200: 0.0025.");
  assert.deepEqual(tableRows(SERIES), [["t", "number", "answer", "target", "error"], ["1", "−1.50", "0.250", "0.200", "0.0025"]]);
  const place = measure(SERIES.graph, 900);
  assert.equal(place.character, null);
  assert.ok(place.input.height < measure(NUMBERS.graph, 900).input.height);
});

test("one time step is one line", () => {
  assert.equal(describeStep(SYMBOLS, 0), "1/2 reads “a” at 3 of 50. Guess a space 0.75. Comes “d” <0.01 6.91.");
  assert.equal(describeStep(SYMBOLS, 1), "2/2 reads unknown a line break. Guess “b” 0.50. Nothing follows.");
  assert.equal(describeStep(DRAWN, 0), "1/1 reads “a” at 3 of 50. Guess a space 0.75. Draws “d” <0.01.");
  assert.equal(describeStep(NUMBERS, 0), "1 reads 0.25, marked. No output.");
  assert.equal(describeStep(NUMBERS, 1), "2 reads 0.50. 0.700 for 0.750: 0.0025.");
});

test("a step out of view is said to be so, and Chinese sentences stand close", () => {
  assert.equal(describeCurrent({ ...NUMBERS, window: { current: 0, inView: true } }), "1 reads 0.25, marked. No output.");
  assert.equal(describeCurrent({ ...NUMBERS, window: { current: 0, inView: false } }), "1 is aside. 1 reads 0.25, marked. No output.");
  assert.equal(joined(["第一句。", "第二句。"]), "第一句。第二句。");
});

test("a unit is told with its value, and its layer where there are several", () => {
  const levels = [{ hidden_state: [127, 254], cell_state: [127, 127] }, { hidden_state: [0, 127], cell_state: [127, 64] }]; // two rows of one unit, two steps
  const model = { words: WORDS, levels, graph: graph({ layers: 2, units: 1, length: 2 }) };
  assert.equal(describeUnit(model, 0, { layer: 1, unit: 0 }), "Layer 2: h 0 at 1: −1.00");
  assert.equal(describeUnit({ ...model, graph: graph({ units: 1 }) }, 1, { layer: 0, unit: 0 }), "h 0 at 2: 1.00");
  assert.equal(describeUnit(model, 1, { layer: 1, unit: 0 }, "cell_state"), "Layer 2: c 0 at 2: −0.50"); // (64 - 127) / 127
  const both = { ...model, graph: graph({ directions: [2], units: 1, length: 2 }) };
  assert.deepEqual([0, 1].map((direction) => describeUnit(both, 0, { layer: 0, direction, unit: 0 })), ["Forward: h 0 at 1: 0.00", "Backward: h 0 at 1: −1.00"]);
  const said = { ...model, graph: graph({ directions: [1, 1], read: 1, units: 1, length: 3 }) };
  assert.equal(describeUnit(said, 2, { layer: 0, direction: 1, unit: 0 }), "h 0 at 3: 0.00", "the second step of the second row");
});

test("a weight that stacks blocks has the shape and the numbers of all of them", () => {
  const lstm = graph({
    gated: true,
    weights: [{ kind: "hh", chain: 0, rows: 32, columns: 32, blocks: 4, used: 40 }, { kind: "hy", chain: null, rows: 65, columns: 32, blocks: 1, used: 1 }],
  });
  const [recurrent, readout, cell] = weightKeys(lstm);
  assert.equal(describeWeight({ graph: lstm, words: WORDS }, recurrent), "W_hh 128×32 4,096 used 40. 4 of 32×32.");
  assert.equal(describeWeight({ graph: lstm, words: WORDS }, readout), "W_hy 65×32 once.");
  assert.equal(describeWeight({ graph: lstm, words: WORDS }, cell), "No matrix.");
});

test("what carries something has a key, and a symbol that names its layer where there are several", () => {
  const free = graph({ pattern: "one_to_many", free: true, layers: 2, weights: [{ kind: "xh", chain: 1 }, { kind: "hy", chain: null }] });
  assert.deepEqual(weightKeys(free).map(({ key }) => key), ["xh1", "hy", "feedback"]);
  assert.deepEqual(weightSymbol(free, free.weights[0]), { base: "W", bar: false, below: "xh", above: "(2)" });
  assert.equal(weightSymbol(free, free.weights[1]).above, undefined, "there is one readout");
  const looking = graph({ directions: [2, 1], read: 9, looks: [[1]], weights: [{ kind: "hh", chain: 1 }, { kind: "hh", chain: 2 }, { kind: "bridge", chain: null }] });
  assert.deepEqual(weightKeys(looking).map(({ key }) => key), ["hh1", "hh2", "bridge", "attention"]);
  const [backward, decoder] = looking.weights.map((weight) => weightSymbol(looking, weight));
  assert.deepEqual([backward.bar, backward.above, decoder.bar, decoder.above], [true, "←", false, ""]);
});

test("the table has the columns of its pattern, and a row for each time step", () => {
  assert.deepEqual(tableRows(SYMBOLS), [
    ["t", "in", "top", "next", "loss"],
    ["1", "a", "␣ 0.750   b 0.200   c 0.040", "d 0.001", "6.908"],
    ["2", "⏎", "b 0.500", "", ""],
  ]);
  assert.deepEqual(tableRows(DRAWN)[0], ["t", "in", "top", "drawn"]);
  assert.deepEqual(tableRows(NUMBERS).slice(1), [["1", "0.25", "1", "", "", ""], ["2", "0.50", "0", "0.700", "0.750", "0.0025"]]);
});

test("arrows of a row that reads backward run from right to left, mirrored", () => {
  const place = { column: 60, box: 30, entry: 22 };
  for (const begins of [false, true]) {
    const [[start, y], [end]] = incoming(place, 5, 0, begins);
    assert.ok(start < end && end < 0, "from the left");
    assert.deepEqual(incoming(place, 5, 1, begins), [[-start, y], [-end, y]]);
  }
  assert.deepEqual(incoming(place, 5, 0, false), [[15 - 60, 5], [-16, 5]], "from the box of the column before");
});

test("a way past a box stays clear of it and of the next column", () => {
  for (const width of [320, 390, 1280]) {
    const { side, box, column } = measure(graph({ directions: [2], length: 12 }), width);
    assert.ok(side > box / 2 + 3 && side < column / 2);
    const points = past(200, 100, side);
    assert.deepEqual([points[0], points.at(-1)], [[0, 200], [0, 101]]);
    assert.ok(points.every(([x]) => x === 0 || x === side));
  }
});

const READ = ["2", "x"].map((glyph, index) => ({ glyph, index, known: true }));
const WRITTEN = { glyph: "", index: -1, known: true, top: [["7", 0.9]], next: "7", probability: 0.9, rank: 0 };
const READ_THEN_WRITTEN = {
  words: WORDS,
  graph: graph({ pattern: "sequence_to_sequence", free: true, directions: [2, 1], read: 2, length: 3, looks: [[0.2, 0.8]], steps: [...READ, WRITTEN] }),
};

test("what is read comes first, then what is written, with where it looks", () => {
  const { graph: made } = READ_THEN_WRITTEN;
  assert.deepEqual([0, 1, 2].map((time) => segmentAt(made, time)), [0, 0, 1]);
  assert.deepEqual([0, 1].map((segment) => isTwofold(made, segment)), [true, false]);
  assert.deepEqual([0, 2].map((time) => chainAt(made, time, { layer: 0, direction: 1 })), [1, 2]);
  assert.deepEqual([looksAt(made, 1), looksAt(made, 2)], [null, [0.2, 0.8]]);
  assert.deepEqual(mostLooked([0.2, 0.5, 0.3], 2), [[1, 0.5], [2, 0.3]]);
  assert.equal(describeStep(READ_THEN_WRITTEN, 0), "1/3 reads “2” at 0 of 60. Not yet.");
  assert.equal(describeStep(READ_THEN_WRITTEN, 2), "3 reads zeros. Guess “7” 0.90. Says “7” 0.90. Looks at 2, “x”: 0.80.");
  assert.deepEqual(tableRows(READ_THEN_WRITTEN), [
    ["t", "in", "top", "said", "looks"],
    ["1", "2", "", "", ""],
    ["2", "x", "", "", ""],
    ["3", "", "7 0.900", "7 0.900", "2 x 0.80   1 2 0.20"],
  ]);
});

test("the map of where it looks fits a phone", () => {
  for (const width of [320, 358, 1280])
    for (const columns of [1, 10, 24]) {
      const { left, cell, line } = measureMap(width, columns);
      assert.ok(left + cell * columns <= width);
      assert.ok(cell >= 8 && line >= 15);
    }
});
