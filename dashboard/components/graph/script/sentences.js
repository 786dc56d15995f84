// What the graph shows, in sentences: for the line under it and for a screen reader.

import { MARKS } from "../../shared/characters.js";
import { decimal } from "../../shared/numbers.js";
import { fill, spoken } from "../../shared/words.js";
import { chainAt, isTwofold, segmentAt } from "./chains.js";
import { looksAt, mostLooked } from "./looks.js";
import { lossText, share } from "./printed.js";
import { stateValue } from "./states.js";

const CHARACTERS = Object.fromEntries(Object.entries(MARKS).map(([character, mark]) => [mark, character]));

// Sentences of a language that puts no space between them already end in a wide full stop.
export const joined = (sentences) => sentences.join(sentences[0].endsWith("。") ? "" : " ");

// Python sends glyphs: a space is already its mark.
const spokenGlyph = (words, glyph) => spoken(words, CHARACTERS[glyph] ?? glyph, glyph);

export function describeStep({ graph, words }, time) {
  const step = graph.steps[time];
  const counts = { step: time + 1, length: graph.length, units: graph.units, vocabulary: graph.segments[segmentAt(graph, time)].vocabulary };
  if (graph.medium === "numbers") return joined(numberSentences(words, step, counts));
  return joined([...symbolSentences(graph, words, step, counts), ...lookSentences(graph, words, time)]);
}

function numberSentences(words, step, counts) {
  const reading = step.mark === undefined ? words.reads_value : step.mark ? words.reads_marked : words.reads_number;
  const read = fill(reading, { ...counts, number: decimal(step.number) });
  if (step.prediction === undefined) return [read, words.no_output];
  const ends = { prediction: decimal(step.prediction, 3), target: decimal(step.target, 3), loss: step.loss.toPrecision(2) };
  return [read, fill(step.mark === undefined ? words.changes : words.ends, ends)];
}

function symbolSentences(graph, words, step, counts) {
  const read = { ...counts, symbol: spokenGlyph(words, step.glyph), index: step.index };
  const reads = step.index < 0 ? words.reads_nothing : step.known ? words.reads : words.reads_unknown;
  if (!step.top) return [fill(reads, read), words.not_yet];
  const [likeliest, probability] = step.top[0];
  const sentences = [
    fill(reads, read),
    fill(words.predicts, { symbol: spokenGlyph(words, likeliest), probability: share(probability) }),
  ];
  if (step.next === undefined) return [...sentences, words.no_target];
  const next = { symbol: spokenGlyph(words, step.next), probability: share(step.probability) };
  const said = step.loss === undefined ? fill(graph.pattern === "one_to_many" ? words.draws : words.says, next) : fill(words.follows, { ...next, loss: lossText(step.loss) });
  return [...sentences, said];
}

function lookSentences(graph, words, time) {
  const weights = looksAt(graph, time);
  if (!weights) return [];
  const [[place, weight]] = mostLooked(weights, 1);
  return [fill(words.looks, { step: place + 1, symbol: spokenGlyph(words, graph.steps[place].glyph), weight: share(weight) })];
}

export function describeUnit({ graph, words, levels }, time, { layer, direction, unit }, state = "hidden_state") {
  const chain = graph.chains[chainAt(graph, time, { layer, direction })];
  const { first } = graph.segments[chain.segment];
  const value = stateValue(levels[graph.chains.indexOf(chain)][state], graph.units, time - first, unit);
  const values = { step: time + 1, unit, layer: layer + 1, value: decimal(value) };
  const sentence = fill(state === "cell_state" ? words.cell_unit : words.hidden_unit, values);
  const layered = graph.layers > 1 ? fill(words.layered_unit, { ...values, sentence }) : sentence;
  return isTwofold(graph, chain.segment) ? fill(chain.direction ? words.backward_unit : words.forward_unit, { sentence: layered }) : layered;
}

// The current time step; that it was scrolled out of view is said first.
export function describeCurrent(model) {
  const { current, inView } = model.window;
  const sentence = describeStep(model, current);
  return inView ? sentence : joined([fill(model.words.aside, { step: current + 1 }), sentence]);
}
