// A network reading: the text, under each character the hidden state it left behind, and what is expected next.
// The numbers come from the run on the page; playing and pointing stay here.
const GLYPHS = { "\n": "⏎", " ": "␣", "\t": "⇥" };
const BEAT = 180; // milliseconds a character stays while it plays
const TEXT_ROW = 30;
const UNIT_ROW = 6;
const NARROWEST = 13; // pixels of a column, so that its character can be read

function mix([low, middle, high], value) {
  const [from, to] = value < 0 ? [middle, low] : [middle, high];
  const part = Math.min(1, Math.abs(value));
  return `rgb(${from.map((channel, i) => Math.round(channel + (to[i] - channel) * part)).join(",")})`;
}

const channels = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

class ReadingHead {
  constructor(parent) {
    this.root = document.createElement("div");
    this.root.className = "head";
    this.root.innerHTML = `<canvas role="img"></canvas><div class="bar"><button type="button"></button>
      <input type="range" min="0" step="1"><span class="guess"></span></div>`;
    parent.append(this.root);
    [this.canvas, this.button, this.slider, this.guess] = ["canvas", "button", "input", ".guess"].map((one) => this.root.querySelector(one));
    this.button.addEventListener("click", () => (this.timer ? this.pause() : this.play()));
    this.slider.addEventListener("input", () => { this.pause(); this.go(Number(this.slider.value)); });
    this.canvas.addEventListener("pointermove", (event) => {
      if (this.timer) return;
      const column = this.first + Math.floor(event.offsetX / this.width);
      if (column >= 0 && column < this.data.text.length && column - this.first < this.shown) this.go(column, true);
    });
    this.sizes = new ResizeObserver(() => this.draw());
    this.sizes.observe(this.root);
  }

  update(data) {
    const first = !this.data;
    this.data = { ...data, text: [...data.text] };
    this.palette = data.colours.map(channels);
    this.slider.max = this.data.text.length - 1;
    this.slider.setAttribute("aria-label", data.words.step);
    this.canvas.setAttribute("aria-label", data.words.alt);
    if (first) this.first = 0, this.step = data.start;
    this.label();
    this.go(this.step);
  }

  play() {
    if (this.step >= this.data.text.length - 1) this.step = -1;
    this.timer = setInterval(() => (this.step < this.data.text.length - 1 ? this.go(this.step + 1) : this.pause()), BEAT);
    this.label();
    this.draw();
  }

  pause() {
    clearInterval(this.timer);
    this.timer = null;
    this.label();
    this.draw();
  }

  label() {
    this.button.textContent = (this.timer ? "❚❚ " : "▶ ") + this.data.words[this.timer ? "pause" : "play"];
  }

  go(step, stay = false) {
    this.step = step;
    this.slider.value = step;
    this.slider.setAttribute("aria-valuetext", `${step + 1}: ${this.glyph(this.data.text[step] ?? "")}`);
    this.stay = stay;
    this.draw();
    const next = this.data.text[step + 1];
    this.guess.replaceChildren(this.data.words.expects, ...(this.data.likely[step] ?? []).map(([symbol, share]) => {
      const one = document.createElement("span");
      one.className = symbol === next ? "likely true" : "likely";
      const glyph = document.createElement("span");
      glyph.className = "glyph";
      glyph.textContent = this.glyph(symbol);
      one.append(glyph, `${Math.round(100 * share)} %`);
      return one;
    }));
  }

  glyph(symbol) { return GLYPHS[symbol] ?? symbol; }

  draw() {
    const across = this.root.clientWidth;
    if (!across || !this.data) return;
    const { text, states } = this.data;
    const units = states[0].length;
    this.shown = Math.min(text.length, Math.floor(across / NARROWEST));
    this.width = across / this.shown;
    if (!this.stay) { // the window follows the step, which it keeps two thirds across
      const wanted = Math.round(this.step - this.shown * 0.66);
      this.first = Math.max(0, Math.min(text.length - this.shown, wanted));
    }
    const tall = TEXT_ROW + units * UNIT_ROW + 2;
    const scale = window.devicePixelRatio || 1;
    Object.assign(this.canvas, { width: across * scale, height: tall * scale });
    this.canvas.style.height = `${tall}px`;
    const style = getComputedStyle(this.root);
    const brush = this.canvas.getContext("2d");
    brush.scale(scale, scale);
    brush.textAlign = "center";
    brush.textBaseline = "middle";
    for (let column = 0; column < this.shown; column++) {
      const time = this.first + column;
      const left = column * this.width;
      const unread = time > this.step;
      brush.globalAlpha = unread ? (this.timer ? 0 : 0.3) : 1;
      states[time].forEach((value, unit) => {
        brush.fillStyle = mix(this.palette, value / 100);
        brush.fillRect(left, TEXT_ROW + unit * UNIT_ROW, this.width - 1, UNIT_ROW - 0.6);
      });
      brush.globalAlpha = unread ? 0.55 : 1;
      brush.fillStyle = style.color;
      brush.font = `${time === this.step ? "700 " : ""}${Math.min(17, this.width + 2)}px ${style.getPropertyValue("--st-code-font") || "monospace"}`;
      const glyph = this.glyph(text[time]);
      brush.fillText(glyph === "␣" ? "·" : glyph, left + this.width / 2, 14);
      brush.globalAlpha = 1;
      if (time === this.step) {
        brush.strokeStyle = style.color;
        brush.lineWidth = 1.6;
        brush.strokeRect(left - 0.2, 1, this.width - 0.6, tall - 2);
      }
    }
  }

  remove() {
    clearInterval(this.timer);
    this.sizes.disconnect();
    this.root.remove();
  }
}

export default function ({ data, parentElement }) {
  const key = Symbol.for("unrolled.reading_head");
  const head = (parentElement[key] ??= new ReadingHead(parentElement));
  head.update(data);
  return () => {
    head.remove();
    delete parentElement[key];
  };
}
