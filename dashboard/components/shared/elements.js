// Elements of the page. Whatever a reader wrote only ever becomes textContent.

export function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

// A button that never sends a form.
export function button(className, text, pressed) {
  const made = element("button", className, text);
  made.type = "button";
  made.onclick = pressed;
  return made;
}
