// A picture as a file on the reader's disk.

const KEPT_MILLISECONDS = 10_000; // a browser may begin to read it a little later

export function saveFile(blob, filename) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = filename;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MILLISECONDS);
}
