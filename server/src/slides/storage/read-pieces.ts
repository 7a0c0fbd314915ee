import { open } from 'node:fs/promises';

const PIECE_BYTES = 512 * 1024;

/**
 * The bytes of a file from `from` up to `to` (or its end), each piece in the same buffer: whoever wants to keep one
 * copies it. A stream's fresh buffers would be gigabytes of garbage, and memory that grows with the slide.
 */
export async function* readPieces(
  path: string,
  from = 0,
  to = Number.POSITIVE_INFINITY,
): AsyncGenerator<Buffer> {
  const file = await open(path, 'r');
  const buffer = Buffer.allocUnsafeSlow(PIECE_BYTES);
  try {
    for (let at = from; at < to; ) {
      const { bytesRead } = await file.read(buffer, 0, Math.min(PIECE_BYTES, to - at), at);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
      at += bytesRead;
    }
  } finally {
    await file.close();
  }
}
