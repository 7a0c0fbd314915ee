import { measureColours, profileFromSamples, writeProfile } from './colour-samples.js';

/** A profile of colours as it may stay in a slide: how to show them, and no word of anybody's. */
export interface ColourProfile {
  /** A maker or a standard of a closed list; the profile's own text is whatever somebody typed. */
  readonly name: string;
  readonly bytes: Buffer;
}

/** Aperio's are 140 kB. */
export const MAX_PROFILE = 4 * 1024 * 1024;
/** A profile goes out with every tile, which is some 10 to 20 kB: as long as the one we make. */
const SMALL = 8240;
const HEADER = 128;
const MAX_TAGS = 64;
/** Levels of 255: below this nobody sees a difference, and the profile is sRGB under another name. */
const SAME = 4;

const NAMES: ReadonlyArray<readonly [RegExp, string]> = [
  [/ScanScope|Aperio|GT ?450|AT2|Leica/i, 'Aperio / Leica'],
  [/Hamamatsu|NanoZoomer/i, 'Hamamatsu'],
  [/Philips/i, 'Philips'],
  [/3DHISTECH|Pannoramic/i, '3DHISTECH'],
  [/Ventana|Roche|DP ?[26]00/i, 'Roche / Ventana'],
  [/Olympus|Evident/i, 'Olympus'],
  [/Zeiss|Axio/i, 'Zeiss'],
  [/Adobe RGB/i, 'Adobe RGB (1998)'],
  [/Display P3/i, 'Display P3'],
  [/ProPhoto|ROMM/i, 'ProPhoto RGB'],
];

/**
 * What a browser needs of a profile, small enough to go with every tile; null when its colours are those of sRGB, or
 * when it is no profile of three colours.
 */
export async function readColourProfile(bytes: Buffer): Promise<ColourProfile | null> {
  const tags = readTags(bytes);
  if (!tags) return null;
  // What Little CMS cannot make colours of, a browser cannot either: the slide is shown as it lies.
  const samples = await measureColours(bytes).catch(() => null);
  if (!samples || samples.difference <= SAME) return null;
  const text = `${textOf(tags.get('desc'))} ${textOf(tags.get('dmnd'))} ${textOf(tags.get('dmdd'))}`;
  const name = NAMES.find(([pattern]) => pattern.test(text))?.[1] ?? 'ICC';
  const packed = pack(bytes, tags);
  return { name, bytes: packed && packed.length <= SMALL ? packed : profileFromSamples(samples.lab) };
}

type Tags = ReadonlyMap<string, Buffer>;

/** ICC.1:2010 7.2 and 7.3; null: damaged, or not of red, green and blue. */
function readTags(bytes: Buffer): Tags | null {
  if (bytes.length < HEADER + 4 || bytes.length > MAX_PROFILE) return null;
  if (bytes.toString('latin1', 36, 40) !== 'acsp' || bytes.toString('latin1', 16, 20) !== 'RGB ') return null;
  const count = bytes.readUInt32BE(HEADER);
  if (count > MAX_TAGS || HEADER + 4 + count * 12 > bytes.length) return null;
  const tags = new Map<string, Buffer>();
  for (let n = 0; n < count; n += 1) {
    const at = HEADER + 4 + n * 12;
    const offset = bytes.readUInt32BE(at + 4);
    const length = bytes.readUInt32BE(at + 8);
    if (offset + length > bytes.length) return null;
    tags.set(bytes.toString('latin1', at, at + 4), bytes.subarray(offset, offset + length));
  }
  return tags;
}

/** Text of either version, for looking up in a list and for nothing else. */
function textOf(tag: Buffer | undefined): string {
  if (!tag) return '';
  return tag.toString('latin1', 0, 1024).replaceAll('\0', '');
}

const MATRIX = ['wtpt', 'chad', 'rXYZ', 'gXYZ', 'bXYZ', 'rTRC', 'gTRC', 'bTRC'];
const TABLE = ['wtpt', 'chad', 'A2B0'];
const PARAMETERS = [1, 3, 4, 5, 7];

/**
 * How long a value of this type must be; text may stand behind it. null: a type that is not of numbers alone, which
 * a curve that is a text under another name would be too.
 */
function numericLength(value: Buffer): number | null {
  const type = value.toString('latin1', 0, 4);
  if (type === 'XYZ ') return 20;
  if (type === 'sf32') return 44;
  if (type === 'curv' && value.length >= 12) return 12 + 2 * value.readUInt32BE(8);
  if (type === 'para' && value.length >= 12) return 12 + 4 * (PARAMETERS[value.readUInt16BE(8)] ?? 0);
  if (type !== 'mft2' || value.length < 52) return null;
  const [inputs = 0, outputs = 0, grid = 0] = value.subarray(8, 11);
  const curves = inputs * value.readUInt16BE(48) + outputs * value.readUInt16BE(50);
  return 52 + 2 * (curves + grid ** inputs * outputs);
}

/** The same profile with what its colours need and no other tag: no text, date, maker. null: it cannot be made short. */
function pack(bytes: Buffer, tags: Tags): Buffer | null {
  const names = tags.has('A2B0') ? TABLE : MATRIX;
  const kept: Array<{ name: string; value: Buffer }> = [];
  for (const name of names) {
    const value = tags.get(name);
    if (!value) {
      if (name === 'chad' || name === 'wtpt') continue;
      return null;
    }
    const length = numericLength(value);
    if (length === null || length > value.length) return null;
    kept.push({ name, value: value.subarray(0, length) });
  }
  return writeProfile(bytes.subarray(0, HEADER), kept);
}
