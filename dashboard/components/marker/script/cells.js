// The text on the page: one cell for each code point.

import { MARKS, SPACE_DOT, TAB_STOP, makeCells } from "../../shared/characters.js";
import { element } from "../../shared/elements.js";

// What one cell shows: its glyph, the columns it takes, and whether it stands for a blank.
export function faces(text, drawn) {
  const { characters, glyphs, widths } = makeCells(text, drawn);
  return characters.map((character, at) => ({
    glyph: character === " " ? SPACE_DOT : glyphs[at],
    columns: character === "\t" ? TAB_STOP : widths[at],
    blank: Object.hasOwn(MARKS, character),
  }));
}

// The cells, and the nodes to put on the page; a text that stands beside something stays one paragraph.
// part : where the second half begins, which is seen
export function drawCells(characters, { text, drawn, beside, needed }) {
  const cells = faces(text, drawn).map(({ glyph, columns, blank }, at) => {
    const cell = element("span", blank ? "cell faint" : "cell", glyph);
    cell.style.width = `${columns}ch`;
    cell.dataset.at = at;
    cell.classList.toggle("part", at > 0 && at === needed?.part);
    return cell;
  });
  const broken = (at) => !beside && characters[at] === "\n";
  return { cells, nodes: cells.flatMap((cell, at) => (broken(at) ? [cell, element("br")] : [cell])) };
}
