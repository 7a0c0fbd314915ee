import { attribute, isOmeText, readOme } from './ome.js';

/** What the text that scanners put into ImageDescription says about scale and objective. */
export interface ScannerFacts {
  readonly mpp: number | null;
  readonly objective: number | null;
}

/** Outside this range a "resolution" is a screen's or a printer's dots per inch, not a microscope's. */
const MPP_MIN = 0.02;
const MPP_MAX = 10;

export function plausibleMpp(value: number | null): number | null {
  return value !== null && Number.isFinite(value) && value >= MPP_MIN && value <= MPP_MAX ? value : null;
}

const APERIO = /^Aperio\b/;

export const isAperioText = (description: string) => APERIO.test(description);

/** Aperio's `key = value` pairs, separated by `|` after a heading of one or two lines. */
export function scannerPairs(description: string): Map<string, string> {
  const pairs = new Map<string, string>();
  for (const part of description.split('|').slice(1)) {
    const equals = part.indexOf('=');
    if (equals > 0) pairs.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim());
  }
  return pairs;
}

/** Aperio's text (and ours after de-identification), or the OME-XML of an OME-TIFF. */
export function readScannerFacts(description: string): ScannerFacts {
  const pairs = scannerPairs(description);
  const mpp = plausibleMpp(
    numeric(pairs.get('MPP')) ?? (isOmeText(description) ? (readOme(description)[0]?.mpp ?? null) : null),
  );
  const magnification =
    numeric(pairs.get('AppMag')) ?? numeric(attribute(description, 'NominalMagnification'));
  const objective =
    magnification !== null && magnification >= 1 && magnification <= 150 ? magnification : null;
  return { mpp, objective };
}

/** Some scanners set in French or German write `0,2527`. */
function numeric(text: string | undefined): number | null {
  if (text === undefined || !/^\d{1,6}([.,]\d{1,12})?$/.test(text)) return null;
  return Number(text.replace(',', '.'));
}
