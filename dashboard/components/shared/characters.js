// Characters as a reader sees and hears them. Python names those that cannot be drawn as themselves.

export const MARKS = { " ": "␣", "\n": "⏎", "\t": "⇥" };
export const SPACE_DOT = "·"; // for a space inside a text, where a mark would be too loud
export const TAB_STOP = 4; // columns

// The characters of a text with the way each is drawn: its glyph, and how many columns that takes in a monospace grid.
// `drawn` names those that are not drawn as themselves in one column.
export function makeCells(text, drawn) {
  const characters = Array.from(text);
  return {
    characters,
    count: characters.length,
    glyphs: characters.map((character) => drawn[character]?.[0] ?? character),
    widths: Uint8Array.from(characters, (character) => drawn[character]?.[1] ?? 1),
  };
}
