// The keys above and below the drawing: play, step, fold; earlier and later windows; save.

import { button, element } from "../../shared/elements.js";
import { fill } from "../../shared/words.js";
import { savePicture } from "./picture.js";
import { describeStep } from "./sentences.js";

// Both bars; `show` brings them to what the graph has become.
export function makeToolbar(view) {
  const [steps, windows] = [makeStepBar(view), makeWindowBar(view)];
  return {
    above: steps.bar,
    below: windows.bar,
    show() {
      steps.show();
      windows.show();
    },
  };
}

function key(text, label, pressed, className = "") {
  const made = button(`button ${className}`, text, pressed);
  if (label) name(made, label);
  return made;
}

function name(made, label) {
  made.setAttribute("aria-label", label);
  made.title = label;
}

function makeBar(...children) {
  const bar = element("div", "bar");
  bar.append(...children);
  return bar;
}

function makeStepBar(view) {
  const { words } = view;
  const go = (time) => {
    view.stop();
    view.move(time);
  };
  const views = makeViewKeys(view);
  const play = key("", words.play, () => view.play(), "play");
  const previous = key("‹", words.previous, () => go(view.window.current - 1));
  const following = key("›", words.following, () => go(view.window.current + 1));
  const slider = makeSlider(view, go);
  const position = element("output", "position");
  return {
    bar: makeBar(views.group, previous, play, following, slider, position),
    show() {
      const { current, atEnd, length } = view.window;
      views.show();
      slider.value = current;
      slider.setAttribute("aria-valuetext", describeStep(view, current));
      position.textContent = fill(words.place, { step: current + 1, length });
      play.textContent = view.player.sign;
      name(play, view.player.playing ? words.pause : words.play);
      previous.disabled = current === 0;
      following.disabled = atEnd;
    },
  };
}

function makeSlider(view, go) {
  const slider = element("input", "slider");
  Object.assign(slider, { type: "range", min: 0, max: view.graph.length - 1, step: 1 });
  slider.setAttribute("aria-label", view.words.position);
  slider.oninput = () => go(Number(slider.value));
  return slider;
}

function makeViewKeys(view) {
  const { words } = view;
  const unrolled = key(words.unrolled, "", () => view.fold(false), "left");
  const folded = key(words.folded, "", () => view.fold(true), "right");
  const group = element("div", "toggle");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", words.view);
  group.append(unrolled, folded);
  return {
    group,
    show() {
      unrolled.setAttribute("aria-pressed", String(!view.window.folded));
      folded.setAttribute("aria-pressed", String(view.window.folded));
    },
  };
}

function makeWindowBar(view) {
  const { words } = view;
  const earlier = key(`‹ ${words.earlier}`, words.earlier_help, () => view.scroll(-view.window.count));
  const later = key(`${words.later} ›`, words.later_help, () => view.scroll(view.window.count));
  const range = element("span", "range");
  const back = key("", "", () => view.back());
  const save = key(words.save, words.save_help, () => savePicture(view), "save");
  return {
    bar: makeBar(earlier, range, later, back, save),
    show() {
      const { current, first, end, length, whole, inView } = view.window;
      earlier.hidden = later.hidden = range.hidden = whole;
      earlier.disabled = first === 0;
      later.disabled = end === length;
      range.textContent = fill(words.range, { first: first + 1, last: end, length });
      back.hidden = inView;
      back.textContent = fill(words.back, { step: current + 1 });
    },
  };
}
