// Probabilities and losses, short enough for their boxes on a phone.

import { decimal } from "../../shared/numbers.js";

// A probability: never 0, which a softmax does not give.
export function share(probability, digits = 2) {
  const least = 10 ** -digits;
  return probability < least / 2 ? `<${decimal(least, digits)}` : decimal(probability, digits);
}

// 1.25, 0.004, <0.001. Never 0: no softmax is certain, though a probability of 0.99999999 is kept as 1.
export function lossText(loss) {
  if (loss >= 0.005) return decimal(loss);
  return loss < 0.0005 ? `<${decimal(0.001, 3)}` : decimal(loss, 3);
}
