// The payload: four bytes with the length of a JSON header, the header, then the arrays it lists.

const ARRAY_TYPES = { uint16: Uint16Array, float32: Float32Array };

export function unpack(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  const arrays = header.arrays.map(({ type, offset, count }) => {
    const Type = ARRAY_TYPES[type];
    const from = 4 + length + offset;
    // A copy starts at a fresh buffer, which the alignment of a typed array asks for.
    return new Type(bytes.slice(from, from + count * Type.BYTES_PER_ELEMENT).buffer);
  });
  return { header, arrays };
}
