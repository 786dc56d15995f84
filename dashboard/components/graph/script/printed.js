// Probabilities and losses, short enough for their boxes on a phone.

import { decimal } from "../../shared/numbers.js";

// A probability: never 0, which a softmax does not give.
export function share(probability, digits = 2) {
  const least = 10 ** -digits;
  return probability < least / 2 ? `<${decimal(least, digits)}` : decimal(probability, digits);
}

// 1.25, 0.004, 3e−5.
export function lossText(loss) {
  if (loss >= 0.005) return decimal(loss);
  return loss < 0.0005 && loss > 0 ? loss.toExponential(0).replace("-", "−") : String(Number(loss.toPrecision(1)));
}
