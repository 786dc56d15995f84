// Keys that move along time. The Tab key and everything with a modifier stay the browser's.

export const modified = (event) => event.altKey || event.ctrlKey || event.metaKey;

// From a time step to the one that a key leads to; whoever moves there keeps it within the sequence.
export function timeKeys(count, page) {
  return {
    ArrowLeft: (time) => time - 1,
    ArrowRight: (time) => time + 1,
    PageUp: (time) => time - page,
    PageDown: (time) => time + page,
    Home: () => 0,
    End: () => count - 1,
  };
}

// What a key does here, or null; a key that does something is the browser's no more.
export function take(event, actions) {
  if (modified(event) || !Object.hasOwn(actions, event.key)) return null;
  event.preventDefault();
  return actions[event.key];
}
