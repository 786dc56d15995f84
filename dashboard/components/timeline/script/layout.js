// Where each character stands in a monospace grid of a given number of columns.

const TAB_STOP = 4;

// The characters of a text with the way each is drawn. `drawn` names those that are not drawn as themselves in one column.
function makeCells(text, drawn) {
  const characters = Array.from(text);
  return {
    characters,
    count: characters.length,
    glyphs: characters.map((character) => drawn[character]?.[0] ?? character),
    widths: Uint8Array.from(characters, (character) => drawn[character]?.[1] ?? 1),
  };
}

function layOut(cells, columns) {
  const row = new Uint32Array(cells.count);
  const column = new Uint32Array(cells.count);
  const span = new Uint8Array(cells.count);
  const starts = [0];
  let at = 0;
  let longest = 0;
  let wraps = false;
  const startRow = (time) => {
    starts.push(time);
    at = 0;
  };
  for (let time = 0; time < cells.count; time++) {
    const tab = cells.characters[time] === "\t";
    let width = tab ? TAB_STOP - (at % TAB_STOP) : cells.widths[time];
    if (at + width > columns && at > 0) {
      // Prose breaks after the last space, unless that would leave the row nearly empty.
      wraps = true;
      const first = starts[starts.length - 1];
      let space = time - 1;
      while (space > first && cells.characters[space] !== " ") space--;
      const word = cells.characters[time] !== " " && space > first && column[space] > columns / 2 ? space + 1 : time;
      startRow(word);
      for (let moved = word; moved < time; moved++) {
        row[moved] = starts.length - 1;
        column[moved] = at;
        at += span[moved];
      }
      if (tab) width = TAB_STOP;
    }
    row[time] = starts.length - 1;
    column[time] = at;
    span[time] = width;
    at += width;
    longest = Math.max(longest, at);
    if (cells.characters[time] === "\n" && time + 1 < cells.count) startRow(time + 1);
  }
  return { row, column, span, starts, rows: starts.length, longest, wraps };
}

// The time step drawn at a row and column, or the last one of that row.
function timeAt(layout, cells, row, column) {
  const line = Math.max(0, Math.min(layout.rows - 1, row));
  const end = line + 1 < layout.rows ? layout.starts[line + 1] : cells.count;
  let time = layout.starts[line];
  while (time + 1 < end && layout.column[time + 1] <= column) time++;
  return time;
}
