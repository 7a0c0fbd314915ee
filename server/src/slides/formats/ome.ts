/** What the OME-XML of an OME-TIFF says of one of its images. */
export interface OmeImage {
  /** Only a word of a closed list: the rest of a name is whatever somebody typed. */
  readonly kind: 'slide' | 'label' | 'macro' | 'thumbnail';
  /** The directory it begins at, as a page of the file. */
  readonly page: number;
  readonly channels: number;
  /** Focal planes and moments beside the first. */
  readonly planes: number;
  readonly mpp: number | null;
}

export const MAX_OME_TEXT = 4 * 1024 * 1024;
const MAX_IMAGES = 64;

export const isOmeText = (description: string): boolean =>
  /<(?:\w{1,16}:)?OME\b/.test(description.slice(0, 4096));

const ELEMENT = /<(?:\w{1,16}:)?(Image|Pixels|TiffData)\b([^<>]{0,4000})>/g;

/** In one pass, in the order of the file. */
export function readOme(description: string): OmeImage[] {
  const found: Draft[] = [];
  for (const [, element, attributes = ''] of description.matchAll(ELEMENT)) {
    const name = element === 'Image' ? (attribute(attributes, 'Name') ?? '') : '';
    // Pixels without an image around them are the first image's.
    if (element === 'Image' || found.length === 0) found.push({ name, page: null, pixels: '' });
    if (found.length > MAX_IMAGES) break;
    const image = found.at(-1);
    if (element === 'Pixels' && image) image.pixels = attributes;
    else if (element === 'TiffData' && image) image.page ??= Number(attribute(attributes, 'IFD') ?? 0);
  }
  return found.map((image, n) => finish(image, n));
}

interface Draft {
  readonly name: string;
  page: number | null;
  pixels: string;
}

function finish({ name, page, pixels }: Draft, place: number): OmeImage {
  const size = (axis: string) => Math.max(1, Math.floor(Number(attribute(pixels, `Size${axis}`) ?? 1)) || 1);
  return {
    kind: KINDS.find(([pattern]) => pattern.test(name))?.[1] ?? 'slide',
    page: page ?? place,
    channels: size('C'),
    planes: size('Z') * size('T'),
    mpp: inMicrometres(attribute(pixels, 'PhysicalSizeX'), attribute(pixels, 'PhysicalSizeXUnit')),
  };
}

const KINDS: ReadonlyArray<readonly [RegExp, OmeImage['kind']]> = [
  [/\blabel\b/i, 'label'],
  [/\b(macro|overview)\b/i, 'macro'],
  [/\bthumbnail\b/i, 'thumbnail'],
];

/** The text is UTF-8 read byte by byte: µ (two signs look alike) is two letters. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ['µm', 1],
  ['Âµm', 1],
  ['Î¼m', 1],
  ['&#181;m', 1],
  ['&#xB5;m', 1],
  ['um', 1],
  ['nm', 1e-3],
  ['mm', 1e3],
  ['cm', 1e4],
  ['m', 1e6],
]);

function inMicrometres(size: string | undefined, unit = 'µm'): number | null {
  const factor = UNITS.get(unit);
  if (size === undefined || factor === undefined || !/^\d{1,6}([.,]\d{1,20})?(e[+-]?\d{1,2})?$/i.test(size))
    return null;
  // Ten digits: 0.00025 mm is 0.25 µm, not 0.25000000000000006.
  return Number((Number(size.replace(',', '.')) * factor).toPrecision(10));
}

export function attribute(xml: string, name: string): string | undefined {
  return new RegExp(`\\b${name}="([^"]{1,200})"`).exec(xml)?.[1];
}
