import { type ByteSource, FileSource } from './byte-source.js';
import { RemoteSource } from './remote-source.js';
import { type Seal, SealedSource } from './sealed-source.js';

/** Where the bytes of a readable slide lie; fit for a message between processes. */
export interface StoredFile {
  readonly at: { readonly path: string } | RemoteFile;
  /** null: the bytes lie there as they are. */
  readonly seal: Seal | null;
}

export interface RemoteFile {
  /** Reads this object without any further right. */
  readonly url: string;
  readonly bytes: number;
}

/** A path alone: a file of this machine, as it is. */
export type SlideFile = string | StoredFile;

export async function openSource(file: SlideFile): Promise<ByteSource> {
  if (typeof file === 'string') return await FileSource.open(file);
  const raw = await openRaw(file.at);
  return file.seal ? new SealedSource(raw, file.seal) : raw;
}

export const openRaw = async (at: StoredFile['at']): Promise<ByteSource> =>
  'url' in at ? new RemoteSource(at.url, at.bytes) : await FileSource.open(at.path);

const PIECE_BYTES = 1024 * 1024;

/** Every byte in order, each piece in the same buffer: whoever wants to keep one copies it. */
export async function* piecesOf(source: ByteSource): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(PIECE_BYTES);
  for (let at = 0; at < source.size; at += PIECE_BYTES) {
    const length = Math.min(PIECE_BYTES, source.size - at);
    await source.readInto(buffer, 0, length, at);
    yield buffer.subarray(0, length);
  }
}
