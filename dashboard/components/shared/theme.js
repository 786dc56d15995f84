// The theme of the page, which Streamlit gives its components as custom properties.

export const WHITE = "#ffffff";
export const INK = "#171c26";

// A property of the theme at `root`, or what stands in for it.
export function themeAt(root) {
  const style = getComputedStyle(root);
  return (name, otherwise) => style.getPropertyValue(`--st-${name}`).trim() || otherwise;
}
