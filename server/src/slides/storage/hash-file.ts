import { createHash } from 'node:crypto';
import { readPieces } from './read-pieces.js';

/** SHA-256 of a file of any size, without holding it. */
export async function hashFile(path: string): Promise<{ sha256: string; bytes: number }> {
  const digest = createHash('sha256');
  let bytes = 0;
  for await (const piece of readPieces(path)) {
    digest.update(piece);
    bytes += piece.length;
  }
  return { sha256: digest.digest('hex'), bytes };
}
