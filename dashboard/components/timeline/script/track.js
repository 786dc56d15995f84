// Everything the views read of one signal: values in its domain, and steps of its colour scale.

import { STEPS } from "./scale.js";

export const LEVELS = 65535; // a uint16 array holds its domain, low to high, in 65,535 equal steps

export class Track {
  constructor(signal, levels, steps) {
    Object.assign(this, signal);
    this.levels = levels;
    this.steps = steps;
    this.units = levels.length / steps;
    this.means = null;
  }

  // From where bars are drawn.
  get centre() {
    return this.low < 0 ? 0 : this.low;
  }

  // Of one unit, or of their mean (null). What is known of the text itself is the same for all units.
  value(unit, time) {
    if (unit === null && this.units > 1) return this.mean(time);
    const row = this.units > 1 ? unit : 0;
    return this.low + (this.levels[row * this.steps + time] / LEVELS) * (this.high - this.low);
  }

  mean(time) {
    if (!this.means) {
      this.means = new Float64Array(this.steps);
      for (let unit = 0; unit < this.units; unit++)
        for (let at = 0; at < this.steps; at++) this.means[at] += this.value(unit, at) / this.units;
    }
    return this.means[time];
  }

  // Between the ends of the domain: 0 at the low one, 1 at the high one.
  share(value) {
    return (value - this.low) / (this.high - this.low);
  }

  // Place in the colour scale.
  step(unit, time) {
    return Math.round(this.share(this.value(unit, time)) * (STEPS - 1));
  }
}
