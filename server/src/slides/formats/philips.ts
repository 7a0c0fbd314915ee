import { plausibleMpp } from './scanner-text.js';

/** Where a photograph lies in the text, in base64; the text is Latin-1, so that a place in it is a place in the file. */
export interface TextRange {
  readonly at: number;
  readonly length: number;
}

/** What the XML of a Philips TIFF says that its directories do not. */
export interface PhilipsFacts {
  /** Millimetres per pixel of each level, full resolution first: across, down. */
  readonly spacings: ReadonlyArray<readonly [number, number]>;
  readonly label: TextRange | null;
  readonly macro: TextRange | null;
}

const ROOT = '<DataObject ObjectType="DPUfsImport"';
/** Label and macro photographs are inside, in base64. */
export const MAX_PHILIPS_TEXT = 32 * 1024 * 1024;
const MAX_LEVELS = 32;
const MAX_DEPTH = 16;

export const isPhilipsText = (description: string): boolean => description.slice(0, 1024).includes(ROOT);

/** How deep each element is, by what it is called: `DPScannedImage`, `DICOM_PIXEL_SPACING`. */
const ELEMENT = /<(\/?)(DataObject|Attribute)\b([^<>]{0,400})>/g;
const NAMED = /\b(?:ObjectType|Name)="([^"]{1,80})"/;

/**
 * Reads what is needed and no more, in one pass: a walk over the elements by name. Anything that is not laid out as
 * Philips does is passed over.
 */
export function readPhilips(description: string): PhilipsFacts {
  const spacings: Array<readonly [number, number]> = [];
  const images = new Map<string, TextRange>();
  const path: string[] = [];
  let kind = '';
  let data: TextRange | null = null;
  let levels: Array<readonly [number, number]> = [];
  for (const element of description.matchAll(ELEMENT)) {
    const [whole, closing, , attributes = ''] = element;
    const after = element.index + whole.length;
    if (!closing) {
      if (attributes.endsWith('/')) continue;
      path.push(NAMED.exec(attributes)?.[1] ?? '');
      if (path.length > MAX_DEPTH) break;
      continue;
    }
    const name = path.pop();
    const start = description.lastIndexOf('>', element.index - 1) + 1;
    const length = element.index - start;
    const [parent] = path.slice(-1);
    if (parent === 'DPScannedImage' && name === 'PIM_DP_IMAGE_TYPE')
      kind = description.slice(start, start + length).trim();
    else if (parent === 'DPScannedImage' && name === 'PIM_DP_IMAGE_DATA') data = { at: start, length };
    else if (parent === 'PixelDataRepresentation' && name === 'DICOM_PIXEL_SPACING') {
      const spacing = readSpacing(description.slice(start, start + Math.min(length, 200)));
      if (spacing && levels.length < MAX_LEVELS) levels.push(spacing);
    } else if (name === 'DPScannedImage') {
      if (kind === 'WSI') spacings.push(...levels);
      else if (data) images.set(kind, data);
      kind = '';
      data = null;
      levels = [];
    }
    if (after > MAX_PHILIPS_TEXT) break;
  }
  return { spacings, label: images.get('LABELIMAGE') ?? null, macro: images.get('MACROIMAGE') ?? null };
}

/** `"0.000226891" "0.000226907"`: rows first, as DICOM has it. The quotes may be written as entities. */
function readSpacing(text: string): readonly [number, number] | null {
  const [down, across] = [
    ...text.matchAll(/(?:^|[\s";])(\d{0,3}\.\d{1,20}(?:e-?\d{1,3})?)(?=$|[\s"&])/gi),
  ].map(([, n]) => Number(n));
  return down && across ? [across, down] : null;
}

export function philipsMpp({ spacings }: PhilipsFacts): number | null {
  const [full] = spacings;
  return full ? plausibleMpp(Number((((full[0] + full[1]) / 2) * 1000).toPrecision(7))) : null;
}

/** How many pixels of full resolution one of this level covers. Levels are padded: their stored size tells nothing. */
export function philipsDownsample({ spacings }: PhilipsFacts, level: number): number {
  const [full] = spacings;
  const own = spacings[level];
  if (!full || !own) return 2 ** level;
  return Math.max(1, Math.round((own[0] / full[0] + own[1] / full[1]) / 2));
}

/** The same text with the scale of each level and nothing else: no barcode, operator, date, serial number, photograph. */
export function scrubPhilips(description: string): string {
  const levels = readPhilips(description)
    .spacings.map(
      ([across, down]) =>
        `<DataObject ObjectType="PixelDataRepresentation"><Attribute Name="DICOM_PIXEL_SPACING">"${down}" "${across}"</Attribute></DataObject>`,
    )
    .join('');
  return (
    `${ROOT}><Attribute Name="PIM_DP_SCANNED_IMAGES"><Array><DataObject ObjectType="DPScannedImage">` +
    '<Attribute Name="PIM_DP_IMAGE_TYPE">WSI</Attribute>' +
    `<Attribute Name="PIIM_PIXEL_DATA_REPRESENTATION_SEQUENCE"><Array>${levels}</Array></Attribute>` +
    '</DataObject></Array></Attribute></DataObject>'
  );
}
