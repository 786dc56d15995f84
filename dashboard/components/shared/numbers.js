// Numbers, and how they are printed.

export const clamp = (value, low, high) => Math.max(low, Math.min(high, value));

// A true minus sign, and none before a number that is printed as zero.
export function decimal(value, digits = 2) {
  const written = Math.abs(value).toFixed(digits);
  return value < 0 && Number(written) !== 0 ? `\u2212${written}` : written;
}
