// Which time steps are drawn: a window that holds the current one until it is scrolled away, or, folded, that one alone.

import { clamp } from "../../shared/numbers.js";

export class TimeWindow {
  constructor() {
    Object.assign(this, { length: 1, count: 1, first: 0, current: 0, folded: false });
  }

  // Before which time step it ends.
  get end() {
    return Math.min(this.length, this.first + this.count);
  }

  get atEnd() {
    return this.current === this.length - 1;
  }

  get inView() {
    return this.folded || (this.current >= this.first && this.current < this.first + this.count);
  }

  // Whether nothing is left out that could be scrolled to.
  get whole() {
    return this.folded || this.count >= this.length;
  }

  get shown() {
    return this.folded ? [this.current] : Array.from({ length: this.end - this.first }, (_, at) => this.first + at);
  }

  move(time) {
    this.current = clamp(time, 0, this.length - 1);
    this.follow();
  }

  scroll(change) {
    this.first = clamp(this.first + change, 0, Math.max(0, this.length - this.count));
  }

  // There is room for another number of columns.
  fit(count) {
    this.count = count;
    this.scroll(0);
    this.follow();
  }

  fold(folded) {
    this.folded = folded;
    this.follow();
  }

  // Scrolls no further than the current time step asks for.
  follow() {
    if (this.folded) return;
    if (this.current < this.first) this.first = this.current;
    if (this.current >= this.first + this.count) this.first = this.current - this.count + 1;
  }
}
