// States as colour strips: one row of pixels per unit, on a scale that is fixed to [-1, 1].

const LEVELS = 127;

function decodeStates(states) {
  const decode = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return Object.fromEntries(Object.entries(states).map(([name, layers]) => [name, layers.map(decode)]));
}

const stateValue = (levels, units, time, unit) => (levels[time * units + unit] - LEVELS) / LEVELS;

function makeScale(stops) {
  const colours = stops.map((hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)));
  return Array.from({ length: 2 * LEVELS + 1 }, (_, level) => {
    const place = level / LEVELS;
    const at = Math.min(Math.floor(place), 1);
    return colours[at].map((part, channel) => Math.round(part + (colours[at + 1][channel] - part) * (place - at)));
  });
}

// The units of one time step as the address of a picture one pixel wide.
function stripPicture(levels, units, time, scale) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [1, units];
  const context = canvas.getContext("2d");
  const image = context.createImageData(1, units);
  for (let unit = 0; unit < units; unit++) image.data.set([...scale[levels[time * units + unit]], 255], unit * 4);
  context.putImageData(image, 0, 0);
  return canvas.toDataURL();
}
