// The view as a picture: every canvas where it stands, under a title and above a line that says where it comes from.

const PICTURE_RATIO = 2;
const PICTURE_MARGIN = 24;

function drawPicture(timeline) {
  const { root, header, look } = timeline;
  const frame = root.getBoundingClientRect();
  const [above, below] = [58, 40];
  const top = timeline.panels.root.getBoundingClientRect().top;
  const height = frame.bottom - top + above + below;
  const picture = element("canvas");
  picture.width = (frame.width + 2 * PICTURE_MARGIN) * PICTURE_RATIO;
  picture.height = height * PICTURE_RATIO;
  const context = picture.getContext("2d");
  context.scale(PICTURE_RATIO, PICTURE_RATIO);
  context.fillStyle = look.background;
  context.fillRect(0, 0, picture.width, picture.height);
  context.fillStyle = look.text;
  context.font = `600 18px ${look.font}`;
  context.fillText(header.title, PICTURE_MARGIN, 34, frame.width);
  context.fillStyle = look.faint;
  context.font = `12px ${look.font}`;
  context.fillText(header.provenance, PICTURE_MARGIN, height - 18, frame.width);
  context.translate(PICTURE_MARGIN - frame.left, above - top);
  context.strokeStyle = look.text;
  context.lineWidth = 2;
  for (const canvas of timeline.panels.root.querySelectorAll("canvas")) {
    const place = canvas.getBoundingClientRect();
    const window = (canvas.closest(".window") ?? canvas).getBoundingClientRect();
    context.save();
    context.beginPath();
    context.rect(window.left, window.top, window.width, window.height);
    context.clip();
    context.imageSmoothingEnabled = false;
    context.drawImage(canvas, place.left, place.top, place.width, place.height);
    if (canvas.closest("[aria-checked=true]")) context.strokeRect(place.left - 1, place.top - 1, place.width + 2, place.height + 2);
    context.restore();
  }
  context.textBaseline = "middle";
  for (const label of timeline.panels.root.querySelectorAll(".title, .caption, .thumb span")) {
    const place = label.getBoundingClientRect();
    const window = (label.closest(".window") ?? label).getBoundingClientRect();
    if (place.top < window.top || place.bottom > window.bottom) continue;
    const style = getComputedStyle(label);
    context.fillStyle = style.color;
    context.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    context.fillText(label.textContent, place.left, place.top + place.height / 2);
  }
  return picture;
}

function savePicture(timeline) {
  timeline.paint(PICTURE_RATIO);
  const picture = drawPicture(timeline);
  timeline.paint();
  picture.toBlob((blob) => {
    const link = element("a");
    link.href = URL.createObjectURL(blob);
    link.download = `${timeline.header.filename}.png`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }, "image/png");
}
