/**
 * Copies out of LMDB's reused buffer. One allocation per small value is what made scans slow: they share slabs,
 * small enough that a value kept for long does not hold much else.
 */
const slabSize = 64 * 1024;
let slab = Buffer.allocUnsafeSlow(slabSize);
let used = 0;

function copyRange(source: Uint8Array, start: number, end: number): Buffer {
  const length = end - start;
  if (length > slabSize / 8) {
    const own = Buffer.allocUnsafeSlow(length);
    own.set(view(source, start, length));
    return own;
  }
  if (used + length > slabSize) {
    slab = Buffer.allocUnsafeSlow(slabSize);
    used = 0;
  }
  slab.set(view(source, start, length), used);
  const copy = slab.subarray(used, used + length);
  used += length;
  return copy;
}

/** LMDB's buffer has its `length` overwritten with that of the value, which Buffer's own copy does not survive. */
function view(source: Uint8Array, start: number, length: number): Uint8Array {
  return new Uint8Array(source.buffer, source.byteOffset + start, length);
}

export function copyOut(bytes: Buffer): Buffer {
  return copyRange(bytes, 0, bytes.length);
}

export function readKey(source: Buffer, start: number, end: number): Buffer {
  return copyRange(source, start, end);
}

export function writeKey(key: Buffer, target: Buffer, start: number): number {
  target.set(key, start);
  return start + key.length;
}
