// The payload: four bytes with the length of a JSON header, the header, then the arrays it lists.

const ARRAY_TYPES = { uint16: Uint16Array, float32: Float32Array };
const LEVELS = 65535; // a uint16 array holds its domain, low to high, in 65,535 equal steps

function unpack(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  const arrays = header.arrays.map(({ type, offset, count }) => {
    const Type = ARRAY_TYPES[type];
    const from = 4 + length + offset;
    // A copy starts at a fresh buffer, which the alignment of a typed array asks for.
    return new Type(bytes.slice(from, from + count * Type.BYTES_PER_ELEMENT).buffer);
  });
  return { header, arrays };
}

// Everything the views read of one signal: values in its domain, and steps of its colour scale.
class Track {
  constructor(signal, levels, steps) {
    Object.assign(this, signal);
    this.levels = levels;
    this.steps = steps;
    this.units = levels.length / steps;
    this.means = null;
  }

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

  // Place in the colour scale.
  step(unit, time) {
    return this.stepOf(this.value(unit, time));
  }

  stepOf(value) {
    return Math.round(((value - this.low) / (this.high - this.low)) * (STEPS - 1));
  }
}
