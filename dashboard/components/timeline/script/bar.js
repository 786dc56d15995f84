// The bar above the panels: step and play, the slider, mean and whole, save.

import { button, element } from "../../shared/elements.js";
import { fill } from "../../shared/words.js";
import { savePicture } from "./picture.js";

function key(text, help, pressed) {
  const made = button("key", text, pressed);
  made.title = help;
  if (text.length < 3) made.setAttribute("aria-label", help); // a sign, not a word
  return made;
}

export class Bar {
  constructor(timeline) {
    this.timeline = timeline;
    const { words } = timeline.header;
    this.play = key(timeline.player.sign, words.play, () => (timeline.player.playing ? timeline.stop() : timeline.start()));
    this.play.hidden = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.slider = this.makeSlider(words);
    this.readout = element("output", "readout");
    this.mean = key(words.mean, words.mean_help, () => timeline.showMean(!timeline.mean));
    this.whole = key(words.whole, words.whole_help, () => timeline.showWhole(!timeline.whole));
    this.root = element("div", "bar");
    this.root.append(
      key("‹", words.previous, () => timeline.move(timeline.time - 1)),
      this.play,
      key("›", words.following, () => timeline.move(timeline.time + 1)),
      this.slider,
      this.readout,
      this.mean,
      this.whole,
      key(words.save, words.save_help, () => savePicture(timeline)),
    );
  }

  makeSlider(words) {
    const { timeline } = this;
    const slider = element("input", "slider");
    Object.assign(slider, { type: "range", min: 0, max: timeline.cells.count - 1, step: 1 });
    slider.setAttribute("aria-label", words.position);
    slider.oninput = () => timeline.move(Number(slider.value));
    slider.onkeydown = (event) => timeline.press(event);
    return slider;
  }

  show() {
    const { time, shown, cells, mean, whole, panels, player, header } = this.timeline;
    const { words } = header;
    const place = { position: time + 1, count: cells.count, character: this.timeline.spoken(cells.characters[time]) };
    const said = panels.map((panel) => (panels.length > 1 ? `${panel.title}: ` : "") + panel.describe(time, mean));
    this.slider.value = time;
    this.slider.setAttribute("aria-valuetext", `${fill(words.place, place)}; ${said.join("; ")}`);
    this.readout.textContent = fill(words.readout, { position: shown + 1, count: cells.count });
    this.mean.setAttribute("aria-pressed", String(mean));
    this.whole.setAttribute("aria-pressed", String(whole));
    this.play.textContent = player.sign;
    this.play.setAttribute("aria-label", player.playing ? words.pause : words.play);
  }
}
