// Playing a sequence, and telling the page where the reader has come to rest.

export const PLAY = "▶";
export const PAUSE = "❚❚";
const REST_MILLISECONDS = 250; // without a move, and the page is told

// Calls `advance` at every beat until it is stopped.
export class Player {
  constructor(milliseconds, advance) {
    Object.assign(this, { milliseconds, advance, timer: null });
  }

  get playing() {
    return this.timer !== null;
  }

  get sign() {
    return this.playing ? PAUSE : PLAY;
  }

  start() {
    this.timer ??= setInterval(() => this.advance(), this.milliseconds);
  }

  // Whether it was playing.
  stop() {
    const { playing } = this;
    clearInterval(this.timer);
    this.timer = null;
    return playing;
  }
}

// Calls `tell` once the reader has not moved for a while: each move would otherwise run the page on the server.
export class Rest {
  constructor(tell) {
    Object.assign(this, { tell, timer: null });
  }

  moved() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell(), REST_MILLISECONDS);
  }

  cancel() {
    clearTimeout(this.timer);
  }
}
