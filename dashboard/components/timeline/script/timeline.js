// One moment, shown everywhere at once. Streamlit calls the function at the end again whenever it has run the page.

const STEP_MILLISECONDS = 140;
const REPORT_MILLISECONDS = 250;
const NARROW = 560;

class Timeline {
  constructor(parent) {
    this.root = element("div", "timeline");
    parent.append(this.root);
    this.time = 0;
    this.hovered = null;
    this.mean = false;
    this.whole = false;
    this.networks = [];
    this.watch = new ResizeObserver(() => this.root.clientWidth !== this.width && requestAnimationFrame(() => this.resized()));
    this.watch.observe(this.root);
  }

  update(bytes, report) {
    this.report = report;
    const { header, arrays } = unpack(bytes);
    if (header.digest !== this.header?.digest) {
      const fresh = header.stamp !== this.header?.stamp;
      const kept = Object.fromEntries(this.networks.map(({ name, unit, signal }) => [name, { unit, signal }]));
      this.stop();
      this.header = header;
      this.build(arrays);
      if (fresh) Object.assign(this, { time: header.start.time, mean: header.start.mean, whole: header.start.whole });
      this.time = clamp(this.time, 0, this.cells.count - 1);
      for (const panel of this.networks) {
        const { unit, signal } = fresh ? header.start.networks[panel.name] : (kept[panel.name] ?? header.start.networks[panel.name]);
        if (panel.order.includes(unit)) panel.unit = unit;
        if (panel.track(signal)) panel.signal = signal;
      }
    } else {
      // Only the theme may have changed; where the reader has scrolled to stays.
      this.look = makeLook(this.root, this.width);
      return this.draw();
    }
    this.resized();
    // The first time a font is named on a canvas it may still be on its way.
    document.fonts.load(`15px ${this.look.mono}`).then(() => this.resized());
  }

  build(arrays) {
    const { header } = this;
    const { words } = header;
    this.cells = makeCells(header.text, header.drawn);
    const button = (text, help, pressed) => {
      const made = element("button", "key", text);
      made.type = "button";
      made.title = help;
      if (text.length < 3) made.setAttribute("aria-label", help);
      made.onclick = pressed;
      return made;
    };
    this.play = button("▶", words.play, () => (this.playing ? this.stop() : this.start()));
    this.play.hidden = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.slider = element("input", "slider");
    Object.assign(this.slider, { type: "range", min: 0, max: this.cells.count - 1, step: 1 });
    this.slider.setAttribute("aria-label", words.position);
    this.slider.oninput = () => this.move(Number(this.slider.value));
    this.slider.onkeydown = (event) => this.pressed(event, {});
    this.readout = element("output", "readout");
    this.meanKey = button(words.mean, words.mean_help, () => {
      this.mean = !this.mean;
      this.changed();
    });
    this.wholeKey = button(words.whole, words.whole_help, () => {
      this.whole = !this.whole;
      this.resized();
      this.changed();
    });
    const bar = element("div", "bar");
    bar.append(
      button("‹", words.previous, () => this.move(this.time - 1)),
      this.play,
      button("›", words.following, () => this.move(this.time + 1)),
      this.slider,
      this.readout,
      this.meanKey,
      this.wholeKey,
      button(words.save, words.save_help, () => savePicture(this)),
    );
    this.networks = header.networks.map((network) => new Panel(this, header, network, arrays));
    this.wholeKey.hidden = !this.networks.some((panel) => panel.lanes);
    this.panels = { root: element("div", this.networks.length > 1 ? "panels beside" : "panels") };
    this.panels.root.append(...this.networks.map((panel) => panel.root));
    const notes = element("div", "notes");
    if (header.networks.some(({ unknown }) => unknown.length)) notes.append(element("p", "", words.unknown));
    this.root.replaceChildren(bar, this.panels.root, notes);
  }

  resized() {
    this.width = this.root.clientWidth;
    if (!this.header || !this.width) return;
    this.look = makeLook(this.root, this.width);
    this.root.classList.toggle("narrow", this.look.narrow);
    for (const panel of this.networks) panel.measure({ ...this.look, narrow: this.look.narrow || panel.root.clientWidth < NARROW }, this.whole);
    for (const panel of this.networks) panel.reveal(this.time);
    this.paint();
    for (const panel of this.networks) panel.strip?.reveal(panel.unit);
  }

  get shown() {
    return this.hovered ?? this.time;
  }

  draw() {
    if (this.awaiting) return;
    this.awaiting = requestAnimationFrame(() => {
      this.awaiting = null;
      this.paint();
    });
  }

  paint(ratio = devicePixelRatio || 1) {
    const { words } = this.header;
    for (const panel of this.networks)
      panel.draw({ ...this.look, ratio, narrow: this.look.narrow || panel.root.clientWidth < NARROW }, this.shown, this.mean);
    this.slider.value = this.time;
    const place = { position: this.time + 1, count: this.cells.count };
    const said = this.networks.map((panel) => (this.networks.length > 1 ? `${panel.title}: ` : "") + panel.describe(this.time, this.mean));
    this.slider.setAttribute("aria-valuetext", `${fill(words.place, { ...place, character: this.spoken(this.cells.characters[this.time]) })}; ${said.join("; ")}`);
    this.readout.textContent = fill(words.readout, { ...place, position: this.shown + 1 });
    this.meanKey.setAttribute("aria-pressed", String(this.mean));
    this.wholeKey.setAttribute("aria-pressed", String(this.whole));
    this.play.textContent = this.playing ? "❚❚" : "▶";
    this.play.setAttribute("aria-label", this.playing ? words.pause : words.play);
  }

  glyph(character) {
    return this.header.drawn[character]?.[0] ?? character;
  }

  spoken(character) {
    const { words } = this.header;
    const named = { " ": words.space, "\n": words.newline, "\t": words.tab }[character];
    return named ?? fill(words.quoted, { character: this.glyph(character) });
  }

  hover(time) {
    if (time === this.hovered && time === null) return;
    this.hovered = time;
    if (time !== null) for (const panel of this.networks) panel.reveal(time);
    this.draw();
  }

  move(time) {
    this.stop();
    this.time = clamp(time, 0, this.cells.count - 1);
    this.hovered = null;
    for (const panel of this.networks) panel.reveal(this.time);
    this.changed();
  }

  // Keys that move the moment. The Tab key and anything with a modifier stay the browser's.
  pressed(event, own) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const keys = {
      ArrowLeft: (time) => time - 1,
      ArrowRight: (time) => time + 1,
      PageUp: (time) => time - 10,
      PageDown: (time) => time + 10,
      Home: () => 0,
      End: () => this.cells.count - 1,
      ...own,
    };
    if (!Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    this.move(keys[event.key](this.time));
  }

  start() {
    if (this.time === this.cells.count - 1) this.time = 0;
    this.playing = setInterval(() => {
      if (this.time === this.cells.count - 1) return this.stop();
      this.time += 1;
      if (this.hovered === null) for (const panel of this.networks) panel.reveal(this.time);
      this.draw();
    }, STEP_MILLISECONDS);
    this.draw();
  }

  stop() {
    if (!this.playing) return;
    clearInterval(this.playing);
    this.playing = null;
    this.changed();
  }

  // Draw at once; tell the page when the reader has come to rest.
  changed() {
    this.slider.value = this.time;
    this.draw();
    clearTimeout(this.telling);
    this.telling = setTimeout(() => {
      this.report("moment", {
        stamp: this.header.stamp,
        time: this.time,
        mean: this.mean,
        whole: this.whole,
        networks: Object.fromEntries(this.networks.map(({ name, unit, signal }) => [name, { unit, signal }])),
      });
    }, REPORT_MILLISECONDS);
  }

  remove() {
    clearInterval(this.playing);
    clearTimeout(this.telling);
    this.watch.disconnect();
    this.root.remove();
  }
}

// The theme of the page, as canvas needs it.
function makeLook(root, width) {
  const style = getComputedStyle(root);
  const theme = (name, otherwise) => style.getPropertyValue(`--st-${name}`).trim() || otherwise;
  const background = theme("background-color", "#ffffff");
  const ground = resolveColour(background);
  const ink = resolveColour(theme("text-color", "#171c26"));
  const dark = luminance(ground) < 0.2;
  const scales = (root.scales ??= new Map());
  const white = [255, 255, 255];
  return {
    width,
    narrow: width < NARROW,
    background,
    text: css(ink),
    faint: css(mix(ink, ground, 0.34)),
    line: css(mix(ink, ground, 0.75)),
    tint: css(mix(ink, ground, 0.92)),
    font: theme("font", "sans-serif"),
    mono: theme("code-font", "monospace"),
    accent: "#475569",
    // A role keeps its hue; how light it is follows the page. Quiet for bars, loud for the moment, the last for words.
    hue(hex) {
      const hue = parseHex(hex);
      return dark
        ? [css(mix(hue, white, 0.12)), css(mix(hue, white, 0.65)), css(mix(hue, white, 0.5))]
        : [css(mix(hue, ground, 0.45)), css(hue), css(hue)];
    },
    scale(track) {
      const key = track.colours.join();
      if (!scales.has(key)) scales.set(key, makeScale(track.colours.map(parseHex)));
      return scales.get(key);
    },
  };
}

export default function ({ data, parentElement, setStateValue }) {
  const key = Symbol.for("unrolled.timeline");
  const timeline = (parentElement[key] ??= new Timeline(parentElement));
  timeline.update(data, setStateValue);
  return () => {
    timeline.remove();
    delete parentElement[key];
  };
}
