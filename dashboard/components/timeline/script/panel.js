// One network: its text, its lanes, its units. Several panels share the moment that the timeline holds.

class Panel {
  constructor(timeline, header, network, arrays) {
    const { words, parts } = header;
    Object.assign(this, { timeline, words, name: network.name, title: network.title });
    this.tracks = network.signals.map((signal) => new Track(signal, arrays[signal.array], timeline.cells.count));
    this.choosable = this.tracks.filter((track) => track.units > 1);
    this.order = network.order;
    this.spread = arrays[network.spread];
    this.unit = this.order[0];
    this.signal = this.choosable[0].name;
    this.root = element("section", "panel");
    this.root.setAttribute("aria-label", network.title);

    const lanes = network.lanes.map((name) => this.track(name) ?? null);
    this.text = parts.includes("text") ? new TextView(words, timeline.cells, network.unknown, header.rows) : null;
    this.legend = new LegendView(words);
    this.prediction = parts.includes("prediction")
      ? new PredictionView(words, timeline.cells, {
          symbols: network.symbols,
          glyph: (symbol) => timeline.glyph(symbol),
          likeliest: arrays[network.likeliest],
          likelihood: arrays[network.likelihood],
          came: arrays[network.came],
        })
      : null;
    this.strip = parts.includes("strip")
      ? new StripView(words, timeline.cells, this.order, this.spread, (unit) => this.choose(unit))
      : null;
    const mapped = parts.includes("units");
    this.lanes = parts.includes("lanes") || mapped ? new LaneView(words, timeline.cells, parts.includes("lanes") ? lanes : [], mapped) : null;

    this.head = element("div", "head");
    this.heading = element("div", "title", network.title);
    this.unitChoice = this.select(words.unit, this.order.map((unit) => [unit, String(unit)]), (value) => this.choose(Number(value)));
    this.signalChoice = this.select(words.coloured_by, this.choosable.map((track) => [track.name, `${track.label} ${track.mark}`]), (value) => {
      this.signal = value;
      timeline.changed();
    });
    this.head.append(this.heading);
    if (this.text) this.head.append(this.legend.surface.canvas);
    const choices = element("div", "choices");
    choices.append(this.unitChoice.label);
    if (this.choosable.length > 1) choices.append(this.signalChoice.label);
    this.head.append(choices);
    this.root.append(this.head);
    if (this.text) {
      const row = element("div", this.prediction ? "reading wide" : "reading");
      const column = element("div", "column");
      column.append(this.text.root);
      row.append(column);
      if (this.prediction) row.append(this.prediction.root);
      this.root.append(row);
    }
    if (this.strip) this.root.append(element("div", "caption", words.strip), this.strip.root);
    if (this.lanes) this.root.append(this.lanes.root);
    this.listen();
  }

  select(text, options, changed) {
    const label = element("label", "choice", text);
    const list = element("select");
    list.setAttribute("aria-label", `${text}, ${this.title}`);
    for (const [value, shown] of options) {
      const option = element("option", "", shown);
      option.value = value;
      list.append(option);
    }
    list.onchange = () => changed(list.value);
    label.append(list);
    return { label, list };
  }

  listen() {
    const { timeline } = this;
    const follow = (window, canvas, locate) => {
      canvas.onpointermove = (event) => event.pointerType === "mouse" && timeline.hover(locate(event));
      canvas.onpointerleave = () => timeline.hover(null);
      canvas.onclick = (event) => timeline.move(locate(event));
      window.onscroll = () => timeline.draw();
    };
    if (this.text) {
      follow(this.text.root, this.text.surface.canvas, (event) => this.text.locate(event));
      this.text.root.onkeydown = (event) =>
        timeline.pressed(event, {
          ArrowUp: (time) => this.text.neighbour(time, -1),
          ArrowDown: (time) => this.text.neighbour(time, 1),
        });
    }
    if (!this.lanes) return;
    const { canvas } = this.lanes.surface;
    follow(this.lanes.window, canvas, (event) => this.lanes.locate(event).time);
    canvas.onpointermove = (event) => {
      if (event.pointerType !== "mouse") return;
      const { time, row } = this.lanes.locate(event);
      this.lanes.hovered = row === null ? null : (this.order[row] ?? null);
      timeline.hover(time);
    };
    canvas.onpointerleave = () => {
      this.lanes.hovered = null;
      timeline.hover(null);
    };
    canvas.onclick = (event) => {
      const { time, row } = this.lanes.locate(event);
      if (row !== null && this.order[row] !== undefined) this.choose(this.order[row]);
      timeline.move(time);
    };
    // Along time with the left and right keys, through the units with the others.
    this.lanes.window.onkeydown = (event) => {
      const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return timeline.pressed(event, {});
      event.preventDefault();
      this.choose(this.order[clamp(this.order.indexOf(this.unit) + step, 0, this.order.length - 1)]);
    };
  }

  track(name) {
    return this.tracks.find((track) => track.name === name);
  }

  choose(unit) {
    this.unit = unit;
    this.timeline.mean = false;
    this.strip?.reveal(unit);
    this.timeline.changed();
  }

  measure(look, whole) {
    this.text?.measure(look);
    this.lanes?.measure(look, whole, this.order.length);
  }

  reveal(time) {
    this.text?.reveal(time);
    this.lanes?.reveal(time);
  }

  draw(look, time, mean) {
    const track = this.track(this.signal);
    const scale = look.scale(track);
    const unit = mean ? null : this.unit;
    this.unitChoice.list.value = String(this.unit);
    this.unitChoice.list.disabled = mean;
    this.signalChoice.list.value = this.signal;
    this.text?.draw(look, track, scale, unit, time);
    if (this.text) this.legend.draw(look, track, scale, unit, time);
    this.prediction?.draw(look, time);
    this.strip?.draw(track, scale, unit);
    this.lanes?.draw(look, track, scale, unit, time, this.order);
  }

  // The moment in words, for the slider.
  describe(time, mean) {
    const track = this.track(this.signal);
    const unit = mean ? null : this.unit;
    const signal = unit === null ? fill(this.words.mean_of, { signal: track.label }) : fill(this.words.of_unit, { signal: track.label, unit });
    const value = fill(this.words.value, { signal, value: number(track.value(unit, time), 2) });
    const next = this.prediction?.likeliest(time)[0];
    return next ? `${value}; ${fill(this.words.next, { character: this.timeline.spoken(next.symbol), share: percent(next.share) })}` : value;
  }
}
