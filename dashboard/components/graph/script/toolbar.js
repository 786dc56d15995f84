// The keys above and below the drawing: play, step, fold; earlier and later windows; save.

function makeToolbar(graph) {
  const { words } = graph;
  const button = (text, label, act, className = "") => {
    const made = element("button", `button ${className}`, text);
    made.type = "button";
    if (label) {
      made.setAttribute("aria-label", label);
      made.title = label;
    }
    made.onclick = act;
    return made;
  };
  const step = (change) => () => {
    graph.stop();
    graph.move(graph.current + change);
  };
  const play = button("▶", words.play, () => graph.play(), "play");
  const previous = button("‹", words.previous, step(-1));
  const following = button("›", words.following, step(1));
  const slider = element("input", "slider");
  Object.assign(slider, { type: "range", min: 0, max: graph.graph.length - 1, step: 1 });
  slider.setAttribute("aria-label", words.position);
  slider.oninput = () => {
    graph.stop();
    graph.move(Number(slider.value));
  };
  const position = element("output", "position");
  const unrolled = button(words.unrolled, "", () => graph.fold(false), "left");
  const folded = button(words.folded, "", () => graph.fold(true), "right");
  const toggle = element("div", "toggle");
  toggle.setAttribute("role", "group");
  toggle.setAttribute("aria-label", words.view);
  toggle.append(unrolled, folded);
  const above = element("div", "bar");
  above.append(toggle, previous, play, following, slider, position);

  const earlier = button(`‹ ${words.earlier}`, words.earlier_help, () => graph.scroll(-graph.place.count));
  const later = button(`${words.later} ›`, words.later_help, () => graph.scroll(graph.place.count));
  const range = element("span", "range");
  const back = button("", "", () => graph.back());
  const save = button(words.save, words.save_help, () => savePicture(graph), "save");
  const below = element("div", "bar");
  below.append(earlier, range, later, back, save);

  return {
    above,
    below,
    show() {
      const { current, first, place, folded: isFolded } = graph;
      const { length } = graph.graph;
      const last = Math.min(length, first + place.count);
      slider.value = current;
      const said = fill(words.place, { step: current + 1, length });
      slider.setAttribute("aria-valuetext", graph.describe(current));
      position.textContent = said;
      play.textContent = graph.playing ? "❚❚" : "▶";
      play.setAttribute("aria-label", graph.playing ? words.pause : words.play);
      play.title = graph.playing ? words.pause : words.play;
      previous.disabled = current === 0;
      following.disabled = current === length - 1;
      unrolled.setAttribute("aria-pressed", String(!isFolded));
      folded.setAttribute("aria-pressed", String(isFolded));
      const whole = place.count >= length || isFolded;
      earlier.hidden = later.hidden = range.hidden = whole;
      earlier.disabled = first === 0;
      later.disabled = last === length;
      range.textContent = fill(words.range, { first: first + 1, last, length });
      back.hidden = graph.inView;
      back.textContent = fill(words.back, { step: current + 1 });
    },
  };
}
