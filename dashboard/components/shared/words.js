// Sentences from the labels that Python sends.

// A placeholder without a value stays, so that it is seen.
export const fill = (words, values) => words.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

// A character in words, for a screen reader or a sentence.
export function spoken(words, character, glyph = character) {
  const named = { " ": words.space, "\n": words.newline, "\t": words.tab }[character];
  return named ?? fill(words.quoted, { character: glyph, symbol: glyph });
}
