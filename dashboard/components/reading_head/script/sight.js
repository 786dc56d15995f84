// Which characters are in sight, and how wide each of their columns is.

import { clamp } from "../../shared/numbers.js";

const NARROWEST = 13; // pixels of a column, so that its character can be read
const READ = 0.66; // of what is in sight has been read: the window follows the time step

// first : where the window stays, or null if it follows
export function measure(across, length, time, first) {
  const shown = Math.min(length, Math.floor(across / NARROWEST));
  return { shown, width: across / shown, first: first ?? clamp(Math.round(time - shown * READ), 0, length - shown) };
}
