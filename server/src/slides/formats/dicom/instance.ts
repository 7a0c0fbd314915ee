import type { DataSet, Element } from 'dicom-parser';
import type { ByteSource } from '../byte-source.js';
import { MAX_PROFILE } from '../colour-profile.js';
import { corrupt, SlideRefusal } from '../refusal.js';
import { plausibleMpp } from '../scanner-text.js';
import { readHeader } from './header.js';

/** DICOM PS3.6 and PS3.3 A.32.8 (VL Whole Slide Microscopy Image). */
const TAG = {
  transferSyntax: 'x00020010',
  imageType: 'x00080008',
  sopClass: 'x00080016',
  seriesUid: 'x0020000e',
  concatenationOffset: 'x00209228',
  samples: 'x00280002',
  photometric: 'x00280004',
  planar: 'x00280006',
  frames: 'x00280008',
  rows: 'x00280010',
  columns: 'x00280011',
  bits: 'x00280100',
  pixelSpacing: 'x00280030',
  pixelMeasures: 'x00289110',
  volumeWidth: 'x00480001',
  matrixColumns: 'x00480006',
  matrixRows: 'x00480007',
  opticalPaths: 'x00480105',
  iccProfile: 'x00282000',
  objectivePower: 'x00480112',
  planePosition: 'x0048021a',
  zOffset: 'x0040074a',
  pathOfFrame: 'x00480207',
  pathIdentifier: 'x00480106',
  columnPosition: 'x0048021e',
  rowPosition: 'x0048021f',
  sharedGroups: 'x52009229',
  frameGroups: 'x52009230',
  pixelData: 'x7fe00010',
} as const;

const WHOLE_SLIDE = '1.2.840.10008.5.1.4.1.1.77.1.6';

/** What a frame's bytes are, by transfer syntax (PS3.5 annex A). */
const CODING: ReadonlyMap<string, DicomCoding> = new Map([
  ['1.2.840.10008.1.2', 'raw'],
  ['1.2.840.10008.1.2.1', 'raw'],
  ['1.2.840.10008.1.2.4.50', 'jpeg'],
  ['1.2.840.10008.1.2.4.90', 'jpeg2000'],
  ['1.2.840.10008.1.2.4.91', 'jpeg2000'],
]);

export type DicomCoding = 'raw' | 'jpeg' | 'jpeg2000';

const MAX_SIDE = 1_000_000;
const MAX_FRAMES = 16_000_000;
const MAX_FRAME_SIDE = 8192;

export type DicomFlavour = 'volume' | 'label' | 'macro' | 'thumbnail' | 'other';

/** One DICOM file understood: one level of a slide, or one of its photographs. */
export interface DicomInstance {
  readonly seriesUid: string;
  readonly flavour: DicomFlavour;
  readonly coding: DicomCoding;
  /** Size of the whole level. */
  readonly width: number;
  readonly height: number;
  /** Size of a frame, which is a tile. */
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly samples: 1 | 3;
  readonly photometric: string;
  readonly frames: number;
  readonly mpp: number | null;
  readonly objective: number | null;
  /** ICC, of the first optical path. */
  readonly profile: Buffer | null;
  /** Which tile (row * columns + column) each frame is; -1: another focal plane or optical path. */
  readonly tileOf: (frame: number) => number;
  readonly pixelDataAt: number;
  readonly encapsulated: boolean;
}

/**
 * Reads everything before the pixels, with memory bounded by the header. Rejects with `SlideRefusal`: a DICOM
 * file that is no slide, a compression nobody may decode, a header that lies.
 */
export async function readDicomInstance(source: ByteSource): Promise<DicomInstance> {
  const header = await readHeader(source);
  const text = (tag: string) => header.string(tag)?.trim();
  if (text(TAG.sopClass) !== WHOLE_SLIDE) throw new SlideRefusal('SLIDE_NOT_A_SLIDE', { kind: 'dicom' });
  const syntax = text(TAG.transferSyntax) ?? '';
  const coding = CODING.get(syntax);
  if (!coding) throw new SlideRefusal('SLIDE_UNSUPPORTED_COMPRESSION', { compression: `DICOM ${syntax}` });
  const pixelData = header.elements[TAG.pixelData];
  if (!pixelData) throw corrupt('no pixel data');
  const shape = readShape(header);
  const photometric = text(TAG.photometric) ?? '';
  refuseColours(coding, photometric, header.uint16(TAG.planar) ?? 0);
  return {
    ...shape,
    seriesUid: text(TAG.seriesUid) ?? '',
    flavour: flavourOf(text(TAG.imageType) ?? ''),
    coding,
    photometric,
    mpp: readMpp(header, shape.width),
    objective: readObjective(header),
    profile: readProfile(header),
    tileOf: tilePlaces(header, shape),
    pixelDataAt: pixelData.dataOffset,
    encapsulated: coding !== 'raw',
  };
}

type Shape = Pick<DicomInstance, 'width' | 'height' | 'tileWidth' | 'tileHeight' | 'samples' | 'frames'>;

function readShape(header: DataSet): Shape {
  const tileWidth = header.uint16(TAG.columns) ?? 0;
  const tileHeight = header.uint16(TAG.rows) ?? 0;
  const width = header.uint32(TAG.matrixColumns) ?? tileWidth;
  const height = header.uint32(TAG.matrixRows) ?? tileHeight;
  const frames = Number(header.string(TAG.frames) ?? 1);
  const samples = header.uint16(TAG.samples) ?? 0;
  const bits = header.uint16(TAG.bits) ?? 0;
  if (tileWidth === 0 || tileHeight === 0 || width === 0 || height === 0) throw corrupt('no size');
  if (Math.max(tileWidth, tileHeight) > MAX_FRAME_SIDE || Math.max(width, height) > MAX_SIDE) {
    throw new SlideRefusal('SLIDE_TOO_LARGE', { width, height });
  }
  if (bits !== 8 || (samples !== 1 && samples !== 3)) {
    throw new SlideRefusal('SLIDE_UNSUPPORTED_PIXELS', { pixels: `${samples} x ${bits} bits` });
  }
  if (!Number.isInteger(frames) || frames < 1 || frames > MAX_FRAMES)
    throw corrupt('a number of frames that cannot be');
  return { width, height, tileWidth, tileHeight, samples, frames };
}

/** Colours each coding may have (PS3.5 8.2, PS3.3 C.7.6.3.1.2). Others would be shown wrong: inverted, or green. */
const COLOURS: Record<DicomCoding, readonly string[]> = {
  raw: ['MONOCHROME2', 'RGB'],
  jpeg: ['MONOCHROME2', 'RGB', 'YBR_FULL', 'YBR_FULL_422'],
  jpeg2000: ['MONOCHROME2', 'RGB', 'YBR_FULL', 'YBR_ICT', 'YBR_RCT'],
};

function refuseColours(coding: DicomCoding, photometric: string, planar: number): void {
  // Uncompressed samples may lie plane by plane; compressed ones say themselves how they lie.
  if (COLOURS[coding].includes(photometric) && (coding !== 'raw' || planar === 0)) return;
  throw new SlideRefusal('SLIDE_UNSUPPORTED_PIXELS', {
    pixels: planar === 0 ? `DICOM ${photometric || '?'}` : `DICOM ${photometric}, PlanarConfiguration 1`,
  });
}

/** The third value of the image type says what the instance shows (PS3.3 C.8.12.4.1.1). */
function flavourOf(imageType: string): DicomFlavour {
  const value = imageType.split('\\')[2];
  if (value === 'VOLUME' || value === undefined) return 'volume';
  if (value === 'LABEL') return 'label';
  if (value === 'OVERVIEW') return 'macro';
  return value === 'THUMBNAIL' ? 'thumbnail' : 'other';
}

const firstItem = (data: DataSet | undefined, tag: string): DataSet | undefined =>
  data?.elements[tag]?.items?.[0]?.dataSet;

function readMpp(header: DataSet, width: number): number | null {
  const measures = firstItem(firstItem(header, TAG.sharedGroups), TAG.pixelMeasures);
  const spacing = Number(measures?.string(TAG.pixelSpacing)?.split('\\')[0] ?? Number.NaN);
  const volume = header.float(TAG.volumeWidth) ?? Number.NaN;
  const millimetres = spacing > 0 ? spacing : volume / width;
  // Seven digits: single precision turns 0.0005 into 0.0005000000237.
  return plausibleMpp(Number((millimetres * 1000).toPrecision(7)));
}

function readObjective(header: DataSet): number | null {
  const power = Number(firstItem(header, TAG.opticalPaths)?.string(TAG.objectivePower) ?? Number.NaN);
  return power >= 1 && power <= 150 ? power : null;
}

function readProfile(header: DataSet): Buffer | null {
  const value =
    firstItem(header, TAG.opticalPaths)?.elements[TAG.iccProfile] ?? header.elements[TAG.iccProfile];
  if (!value || value.length === 0 || value.length > MAX_PROFILE) return null;
  // A copy: the piece of the file that was read for the header may go.
  return Buffer.from(header.byteArray.subarray(value.dataOffset, value.dataOffset + value.length));
}

/**
 * TILED_FULL: frames in the order of the rows, then the next focal plane. TILED_SPARSE: each frame says where it
 * lies. A concatenation goes on where the instance before it ended.
 */
function tilePlaces(
  header: DataSet,
  { width, height, tileWidth, tileHeight }: Shape,
): (frame: number) => number {
  const columns = Math.ceil(width / tileWidth);
  const tiles = columns * Math.ceil(height / tileHeight);
  if (tiles > MAX_FRAMES) throw new SlideRefusal('SLIDE_TOO_LARGE', { width, height });
  const items = header.elements[TAG.frameGroups]?.items ?? [];
  // Planes come in any order: the one of the first frame is shown, whole.
  const planes = items.map((item) => planeOf(item));
  const positions = items.map((item, frame) => (planes[frame] === planes[0] ? placeOf(item) : null));
  if (!positions.some((place) => place !== null)) {
    const first = header.uint32(TAG.concatenationOffset) ?? 0;
    return (frame) => (first + frame < tiles ? first + frame : -1);
  }
  return (frame) => {
    const place = positions[frame];
    if (!place) return -1;
    const [left, top] = place;
    const index = Math.floor(top / tileHeight) * columns + Math.floor(left / tileWidth);
    return left >= 0 && top >= 0 && left < width && top < height ? index : -1;
  };
}

/** Which focal plane and optical path a frame is of. */
function planeOf(item: Element): string {
  const depth = firstItem(item.dataSet, TAG.planePosition)?.string(TAG.zOffset) ?? '';
  return `${Number(depth)} ${firstItem(item.dataSet, TAG.pathOfFrame)?.string(TAG.pathIdentifier)?.trim() ?? ''}`;
}

/** Positions count from 1 (PS3.3 C.8.12.6.1). */
function placeOf(item: Element): readonly [number, number] | null {
  const plane = firstItem(item.dataSet, TAG.planePosition);
  const column = plane?.int32(TAG.columnPosition);
  const row = plane?.int32(TAG.rowPosition);
  return column === undefined || row === undefined ? null : [column - 1, row - 1];
}
