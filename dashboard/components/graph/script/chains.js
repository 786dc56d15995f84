// The rows of states: along which stretch of time each runs, from which end, and which of them stand together.

export const segmentAt = (graph, time) => graph.segments.findLastIndex(({ first }) => first <= time);

// Before which time step a stretch ends.
export const endOf = (graph, segment) => graph.segments[segment].first + graph.segments[segment].length;

export const isLast = (graph, segment) => segment === graph.segments.length - 1;

// Those of one stretch, and of one of its layers, from the lowest, with their places among all.
export function chainsOf(graph, segment, layer) {
  const all = graph.chains.map((chain, at) => ({ ...chain, at }));
  return all.filter((chain) => chain.segment === segment && (layer === undefined || chain.layer === layer));
}

export const isTwofold = (graph, segment) => graph.chains.some((chain) => chain.segment === segment && chain.direction === 1);

// Whether something is said at every time step of a stretch.
export const saysAlways = (graph, segment) => isLast(graph, segment) && graph.pattern !== "many_to_one";

// The row of the chosen layer and direction at a time step; where nothing reads backward, the only one.
export function chainAt(graph, time, { layer, direction }) {
  const chains = chainsOf(graph, segmentAt(graph, time), layer);
  return (chains.find((chain) => chain.direction === direction) ?? chains[0]).at;
}

// What marks a symbol of a row: its layer where there are several, and the direction of its arrows where there are two.
export function marksOf(graph, { segment, layer, direction }) {
  const several = graph.layers > 1 ? `(${layer + 1})` : "";
  return several + (isTwofold(graph, segment) ? "→←"[direction] : "");
}

// A bar over what is read, where something else is said.
export const isBarred = (graph, { segment }) => !isLast(graph, segment);
