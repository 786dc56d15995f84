// Timers that go only when a test says so.

export function stopTheClock() {
  const real = { setTimeout, setInterval, clearTimeout, clearInterval };
  const timers = new Map();
  let [now, last] = [0, 0];
  const start = (act, every, again) => {
    timers.set(++last, { act, every, again, due: now + every });
    return last;
  };
  const stop = (timer) => timers.delete(timer);
  Object.assign(globalThis, {
    setTimeout: (act, every) => start(act, every, false),
    setInterval: (act, every) => start(act, every, true),
    clearTimeout: stop,
    clearInterval: stop,
  });
  return {
    pass(milliseconds) {
      for (const end = now + milliseconds; now < end; now++)
        for (const [name, timer] of [...timers])
          if (timers.has(name) && timer.due === now + 1) {
            if (timer.again) timer.due += timer.every;
            else timers.delete(name);
            timer.act();
          }
    },
    restore: () => Object.assign(globalThis, real),
  };
}
