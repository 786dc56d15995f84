// How a view lives on the page: Streamlit calls a component's function again whenever it has run the page.

// One view for each place on the page, made at the first call and updated at each; what is returned takes it away.
// The view is found by name, since a page that loads a newer script brings another class.
export function mount(name, parentElement, View, update) {
  const key = Symbol.for(name);
  const view = (parentElement[key] ??= new View(parentElement));
  update(view);
  return () => {
    view.remove();
    delete parentElement[key];
  };
}

// Tells a view of each new width of its root: on the next frame, since what it draws changes what is observed.
export function followWidth(view) {
  const watch = new ResizeObserver(() => view.root.clientWidth !== view.width && requestAnimationFrame(() => view.resized()));
  watch.observe(view.root);
  return watch;
}
