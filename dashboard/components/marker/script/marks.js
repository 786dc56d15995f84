// Which characters of a text are marked, and what that says. A range is [begin, end]: its first and before its last position.

export class Marks {
  constructor(characters) {
    this.characters = characters;
    this.marked = new Uint8Array(characters.length);
  }

  has(at) {
    return this.marked[at] === 1;
  }

  get empty() {
    return !this.marked.includes(1);
  }

  // Characters that are marked.
  get count() {
    return this.marked.filter(Boolean).length;
  }

  mark([begin, end], marked = true) {
    this.marked.fill(marked ? 1 : 0, begin, end);
  }

  clear() {
    this.marked.fill(0);
  }

  replace(ranges) {
    this.clear();
    for (const range of ranges) this.mark(range);
  }

  get ranges() {
    const found = [];
    this.marked.forEach((marked, at) => {
      if (marked && !this.marked[at - 1]) found.push([at, at]);
      if (marked) found.at(-1)[1] = at + 1;
    });
    return found;
  }

  // Ranges before and after `part`. One counts where it begins and ends within the half, and a half where the middle or an
  // end of the text cuts it.
  halves(part) {
    const changes = [0, 0];
    for (let at = 1; at < this.marked.length; at++)
      if (at !== part && this.marked[at] !== this.marked[at - 1]) changes[at < part ? 0 : 1] += 0.5;
    return changes;
  }

  // Where the same characters stand as in a range.
  places([begin, end]) {
    const passage = this.characters.slice(begin, end);
    const places = [];
    for (let at = 0; passage.length && at + passage.length <= this.characters.length; at++)
      if (passage.every((character, along) => this.characters[at + along] === character)) places.push(at);
    return places;
  }

  // Those of them where not all is marked yet, as ranges.
  repeats([begin, end]) {
    const places = this.places([begin, end]).map((at) => [at, at + end - begin]);
    return places.filter(([from, to]) => this.marked.subarray(from, to).includes(0));
  }
}

// From where the pointer went down to where it is now, no longer than allowed: then what is nearest to the beginning.
export function selection(anchor, cursor, longest) {
  const [from, to] = [Math.min(anchor, cursor), Math.max(anchor, cursor) + 1];
  return cursor < anchor ? [Math.max(from, to - longest), to] : [from, Math.min(to, from + longest)];
}
