/** A file and the name it has in the archive, with `/` between folders. */
export interface ArchivedFile {
  readonly path: string;
  readonly file: File;
}

const PIECE = 4 * 1024 * 1024;
/** From here on sizes and places stand in the fields of ZIP64 (APPNOTE 4.3.14, 4.5.3). */
const LIMIT = 0xffff_ffff;
/** Names in UTF-8. */
const FLAGS = 0x0800;
const VERSION = 45;
/** The first of January 1980, the earliest an archive knows: the same files give the same bytes, whenever it is made. */
const DATE = 0x21;

/**
 * One archive of several files, stored as they are. It is put together from references to them: nothing is held in
 * memory, and any piece of it can be read again after a reload. Each file is read once before, for its checksum.
 */
export async function zipFiles(files: readonly ArchivedFile[], name: string): Promise<File> {
  const parts: BlobPart[] = [];
  const contents: BlobPart[] = [];
  let at = 0;
  let contentsLength = 0;
  for (const { path, file } of files) {
    const entry = { name: new TextEncoder().encode(path), size: file.size, crc: await checksum(file), at };
    const head = localHeader(entry);
    parts.push(head, file);
    at += head.length + file.size;
    const line = contentsLine(entry);
    contents.push(line);
    contentsLength += line.length;
  }
  const lastModified = Math.max(0, ...files.map(({ file }) => file.lastModified));
  return new File([...parts, ...contents, ending(files.length, at, contentsLength)], name, { lastModified });
}

interface Entry {
  readonly name: Uint8Array<ArrayBuffer>;
  readonly size: number;
  readonly crc: number;
  readonly at: number;
}

/** Little-endian numbers one behind the other, each with how many bytes it takes. */
function numbers(
  ...fields: ReadonlyArray<readonly [value: number, bytes: 2 | 4 | 8]>
): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(fields.reduce((sum, [, bytes]) => sum + bytes, 0)));
  let at = 0;
  for (const [value, bytes] of fields) {
    if (bytes === 2) view.setUint16(at, value, true);
    else if (bytes === 4) view.setUint32(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
    at += bytes;
  }
  return new Uint8Array(view.buffer);
}

function joined(...pieces: ReadonlyArray<Uint8Array<ArrayBuffer>>): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** What both kinds of header say of a file. */
const facts = ({ name, size, crc }: Entry, extra: number) =>
  numbers(
    [VERSION, 2],
    [FLAGS, 2],
    [0, 2],
    [0, 2],
    [DATE, 2],
    [crc, 4],
    [Math.min(size, LIMIT), 4],
    [Math.min(size, LIMIT), 4],
    [name.length, 2],
    [extra, 2],
  );

function localHeader(entry: Entry): Uint8Array<ArrayBuffer> {
  const extra = entry.size < LIMIT ? numbers() : numbers([1, 2], [16, 2], [entry.size, 8], [entry.size, 8]);
  return joined(numbers([0x04034b50, 4]), facts(entry, extra.length), entry.name, extra);
}

function contentsLine(entry: Entry): Uint8Array<ArrayBuffer> {
  const long = [
    ...(entry.size < LIMIT ? [] : [entry.size, entry.size]),
    ...(entry.at < LIMIT ? [] : [entry.at]),
  ];
  const values = long.map((value): readonly [number, 8] => [value, 8]);
  const extra = long.length === 0 ? numbers() : numbers([1, 2], [long.length * 8, 2], ...values);
  return joined(
    numbers([0x02014b50, 4], [VERSION, 2]),
    facts(entry, extra.length),
    numbers([0, 2], [0, 2], [0, 2], [0, 4], [Math.min(entry.at, LIMIT), 4]),
    entry.name,
    extra,
  );
}

function ending(count: number, at: number, length: number): Uint8Array<ArrayBuffer> {
  const end = numbers(
    [0x06054b50, 4],
    [0, 2],
    [0, 2],
    [Math.min(count, 0xffff), 2],
    [Math.min(count, 0xffff), 2],
    [Math.min(length, LIMIT), 4],
    [Math.min(at, LIMIT), 4],
    [0, 2],
  );
  if (count < 0xffff && length < LIMIT && at < LIMIT) return end;
  const long = numbers(
    ...([
      [0x06064b50, 4],
      [44, 8],
      [VERSION, 2],
      [VERSION, 2],
      [0, 4],
      [0, 4],
    ] as const),
    ...([
      [count, 8],
      [count, 8],
      [length, 8],
      [at, 8],
    ] as const),
  );
  return joined(long, numbers([0x07064b50, 4], [0, 4], [at + length, 8], [1, 4]), end);
}

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let value = n;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** CRC-32 of the whole file, read in pieces. */
async function checksum(file: File): Promise<number> {
  let crc = 0xffff_ffff;
  for (let at = 0; at < file.size; at += PIECE) {
    const bytes = new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer());
    for (const byte of bytes) crc = (TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  }
  return (crc ^ 0xffff_ffff) >>> 0;
}
