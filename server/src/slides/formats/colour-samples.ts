import sharp from 'sharp';

/** Steps from black to white of each colour: between them a browser interpolates. */
const GRID = 11;
const HEADER = 128;

export interface ColourSamples {
  /** The largest distance from sRGB, in levels of 255. */
  readonly difference: number;
  /** Lab under D50 of each point of the grid, blue changing fastest. */
  readonly lab: Float64Array;
}

/** What the colours of a profile are, as Little CMS understands it: a grid of them shown in sRGB. */
export async function measureColours(profile: Buffer): Promise<ColourSamples> {
  const pixels = Buffer.alloc(GRID ** 3 * 3);
  for (let n = 0; n < GRID ** 3; n += 1) {
    for (const [place, step] of [
      Math.floor(n / GRID ** 2),
      Math.floor(n / GRID) % GRID,
      n % GRID,
    ].entries()) {
      pixels[n * 3 + place] = Math.round((step * 255) / (GRID - 1));
    }
  }
  const shown = await sharp(tiffWithProfile(pixels, profile))
    .toColourspace('rgb16')
    .raw({ depth: 'ushort' })
    .toBuffer();
  const lab = new Float64Array(pixels.length);
  let difference = 0;
  for (let at = 0; at < pixels.length; at += 3) {
    const srgb = [0, 1, 2].map((n) => shown.readUInt16LE((at + n) * 2) / 65_535);
    for (const n of [0, 1, 2]) {
      difference = Math.max(difference, Math.abs((srgb[n] ?? 0) * 255 - (pixels[at + n] ?? 0)));
    }
    lab.set(toLab(srgb), at);
  }
  return { difference, lab };
}

/** sharp takes a profile from a file only; the smallest file that holds one is an uncompressed TIFF. */
function tiffWithProfile(pixels: Buffer, profile: Buffer): Buffer {
  const [width, height] = [GRID * GRID, GRID];
  const fields: Array<[number, number, number, number]> = [];
  const directoryLength = 2 + 11 * 12 + 4;
  const bitsAt = 8 + directoryLength;
  const pixelsAt = bitsAt + 8;
  fields.push(
    [256, 4, 1, width],
    [257, 4, 1, height],
    [258, 3, 3, bitsAt],
    [259, 3, 1, 1],
    [262, 3, 1, 2],
    [273, 4, 1, pixelsAt],
    [277, 3, 1, 3],
    [278, 4, 1, height],
    [279, 4, 1, pixels.length],
    [284, 3, 1, 1],
    [34_675, 7, profile.length, pixelsAt + pixels.length],
  );
  const head = Buffer.alloc(pixelsAt);
  head.write('II*\0', 'latin1');
  head.writeUInt32LE(8, 4);
  head.writeUInt16LE(fields.length, 8);
  for (const [n, [tag, type, count, value]] of fields.entries()) {
    const at = 10 + n * 12;
    head.writeUInt16LE(tag, at);
    head.writeUInt16LE(type, at + 2);
    head.writeUInt32LE(count, at + 4);
    head.writeUInt32LE(value, at + 8);
  }
  for (const n of [0, 1, 2]) head.writeUInt16LE(8, bitsAt + n * 2);
  return Buffer.concat([head, pixels, profile]);
}

/** sRGB primaries adapted to D50 (Bradford), and the white of D50. */
const TO_XYZ = [
  [0.4360747, 0.3850649, 0.1430804],
  [0.2225045, 0.7168786, 0.0606169],
  [0.0139322, 0.0971045, 0.7141733],
] as const;
const WHITE = [0.9642, 1, 0.8249] as const;

function toLab(srgb: readonly number[]): [number, number, number] {
  const linear = srgb.map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  const [x = 0, y = 0, z = 0] = TO_XYZ.map((row, n) => {
    const value =
      row.reduce<number>((sum, factor, k) => sum + factor * (linear[k] ?? 0), 0) / (WHITE[n] ?? 1);
    return value > 216 / 24_389 ? Math.cbrt(value) : (value * 24_389) / 27 / 116 + 16 / 116;
  });
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** A profile of our own with the same colours: a table from red, green and blue to Lab (ICC.1:2010 10.8, lut16Type). */
export function profileFromSamples(lab: Float64Array): Buffer {
  const identity = [0, 65_535];
  const table = Buffer.alloc(52 + 2 * 3 * identity.length * 2 + lab.length * 2);
  table.write('mft2', 'latin1');
  table.set([3, 3, GRID], 8);
  for (const n of [0, 4, 8]) table.writeInt32BE(65_536, 12 + n * 4);
  table.writeUInt16BE(identity.length, 48);
  table.writeUInt16BE(identity.length, 50);
  let at = 52;
  const curves = () => {
    for (let n = 0; n < 3; n += 1) for (const value of identity) at = table.writeUInt16BE(value, at);
  };
  curves();
  for (let n = 0; n < lab.length; n += 3) {
    const [l = 0, a = 0, b = 0] = lab.subarray(n, n + 3);
    for (const value of [(l * 0xff00) / 100, (a + 128) * 256, (b + 128) * 256]) {
      at = table.writeUInt16BE(Math.round(Math.min(65_535, Math.max(0, value))), at);
    }
  }
  curves();
  const header = Buffer.alloc(HEADER);
  header.writeUInt32BE(0x02400000, 8);
  header.write('scnrRGB Lab ', 12, 'latin1');
  const white = Buffer.alloc(20);
  white.write('XYZ ', 'latin1');
  for (const [n, value] of WHITE.entries()) {
    white.writeInt32BE(Math.round(value * 65_536), 8 + n * 4);
  }
  return writeProfile(header, [
    { name: 'wtpt', value: white },
    { name: 'A2B0', value: table },
  ]);
}

/** Version, class, spaces and intent of the header stay; sizes are counted anew, the rest is zero. */
export function writeProfile(
  header: Buffer,
  tags: ReadonlyArray<{ readonly name: string; readonly value: Buffer }>,
): Buffer {
  const table = Buffer.alloc(4 + tags.length * 12);
  table.writeUInt32BE(tags.length, 0);
  const values: Buffer[] = [];
  let at = HEADER + table.length;
  for (const [n, { name, value }] of tags.entries()) {
    table.write(name, 4 + n * 12, 'latin1');
    table.writeUInt32BE(at, 8 + n * 12);
    table.writeUInt32BE(value.length, 12 + n * 12);
    const padded = Buffer.concat([value, Buffer.alloc((4 - (value.length % 4)) % 4)]);
    values.push(padded);
    at += padded.length;
  }
  const clean = Buffer.alloc(HEADER);
  header.copy(clean, 8, 8, 24);
  clean.write('acsp', 36, 'latin1');
  header.copy(clean, 64, 64, 68);
  // Browsers take no profile of another light, and there is none (ICC.1:2010 7.2.16).
  for (const [n, value] of WHITE.entries()) clean.writeInt32BE(Math.round(value * 65_536), 68 + n * 4);
  clean.writeUInt32BE(at, 0);
  return Buffer.concat([clean, table, ...values]);
}
