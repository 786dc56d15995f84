// A network reading: the text, under each character the hidden state it left behind, and what is expected next.
// The numbers come from the run on the page; playing and pointing stay here.

import { MARKS } from "../../shared/characters.js";
import { parseHex } from "../../shared/colour.js";
import { button, element } from "../../shared/elements.js";
import { mount } from "../../shared/mounting.js";
import { Player } from "../../shared/timing.js";
import { drawReading } from "./drawing.js";
import { measure } from "./sight.js";

const STEP_MILLISECONDS = 180;

const mark = (character) => MARKS[character] ?? character;

class ReadingHead {
  constructor(parent) {
    this.root = element("div", "head");
    this.canvas = element("canvas");
    this.canvas.setAttribute("role", "img");
    this.canvas.onpointermove = (event) => this.point(event);
    this.play = button("", "", () => (this.player.playing ? this.pause() : this.start()));
    this.slider = element("input");
    Object.assign(this.slider, { type: "range", min: 0, step: 1 });
    this.slider.oninput = () => {
      this.pause();
      this.go(Number(this.slider.value));
    };
    this.guess = element("span", "guess");
    const bar = element("div", "bar");
    bar.append(this.play, this.slider, this.guess);
    this.root.append(this.canvas, bar);
    parent.append(this.root);
    this.player = new Player(STEP_MILLISECONDS, () => (this.atEnd ? this.pause() : this.go(this.time + 1)));
    this.watch = new ResizeObserver(() => this.draw());
    this.watch.observe(this.root);
  }

  update(data) {
    const first = !this.data;
    this.data = { ...data, text: Array.from(data.text) };
    this.stops = data.colours.map(parseHex);
    this.slider.max = this.data.text.length - 1;
    this.slider.setAttribute("aria-label", data.words.step);
    this.canvas.setAttribute("aria-label", data.words.alt);
    if (first) Object.assign(this, { first: 0, time: data.start });
    this.label();
    this.go(this.time);
  }

  get atEnd() {
    return this.time >= this.data.text.length - 1;
  }

  start() {
    if (this.atEnd) this.time = -1;
    this.player.start();
    this.label();
    this.draw();
  }

  pause() {
    this.player.stop();
    this.label();
    this.draw();
  }

  label() {
    this.play.textContent = `${this.player.sign} ${this.data.words[this.player.playing ? "pause" : "play"]}`;
  }

  point(event) {
    if (this.player.playing) return;
    const column = Math.floor(event.offsetX / this.sight.width);
    const time = this.first + column;
    if (time >= 0 && time < this.data.text.length && column < this.sight.shown) this.go(time, true);
  }

  // stay : whether the window stays where it is, since what is pointed at must not move away
  go(time, stay = false) {
    const { text } = this.data;
    this.time = time;
    this.stay = stay;
    this.slider.value = time;
    this.slider.setAttribute("aria-valuetext", `${time + 1}: ${mark(text[time] ?? "")}`);
    this.draw();
    this.tell();
  }

  // What the network expects next, beside what really comes.
  tell() {
    const next = this.data.text[this.time + 1];
    const guesses = (this.data.likely[this.time] ?? []).map(([symbol, share]) => {
      const guess = element("span", symbol === next ? "likely true" : "likely");
      guess.append(element("span", "glyph", mark(symbol)), `${Math.round(100 * share)} %`);
      return guess;
    });
    this.guess.replaceChildren(this.data.words.expects, ...guesses);
  }

  draw() {
    const across = this.root.clientWidth;
    if (!across || !this.data) return;
    this.sight = measure(across, this.data.text.length, this.time, this.stay ? this.first : null);
    this.first = this.sight.first;
    drawReading(this);
  }

  remove() {
    this.player.stop();
    this.watch.disconnect();
    this.root.remove();
  }
}

export default function ({ data, parentElement }) {
  return mount("unrolled.reading_head", parentElement, ReadingHead, (head) => head.update(data));
}
