import { SlideRefusal } from './refusal.js';
import { ReadCancelledError, type Slide } from './slide.js';
import { decodeTile } from './thumbnail.js';
import { findTissue, type TissueMap, tissueShareOf } from './tissue-map.js';

/** How sharp a slide is, place by place: a grid over the whole of it. */
export interface FocusMap {
  readonly columns: number;
  readonly rows: number;
  /** One character a cell, row by row: `0` (sharp) to `9` (blurred), a space where there is no tissue or nobody looked. */
  readonly cells: string;
}

export interface FocusFindings {
  /** Of the whole slide; null when there was no time to look at all of it. */
  readonly tissueShare: number | null;
  readonly blackShare: number | null;
  /** Cells looked at, and how many of them are blurred. */
  readonly looked: number;
  readonly blurred: number;
  readonly map: FocusMap;
}

/** Cells along the longer side: finer than a reader would point at, coarse enough to be done in seconds. */
const CELLS = 20;
/** A cell with less tissue than this says nothing about focus. */
const LEAST_TISSUE = 0.1;
/**
 * From here on a tile is blurred. The measure is that of Crete et al. 2007 (below); the figure was found on our own
 * material (docs/decisions/0012): sharp tissue lies between 0.2 and 0.53, the same tissue blurred by 3 pixels or more
 * above it.
 */
export const BLURRED_FROM = 0.6;
const OVERVIEW = 512;
/** What it may take, decoding included; what was not reached by then stays unknown. */
const TIME_MS = 20_000;
const BLUR_REACH = 4;
/** Mean difference of neighbours, grey levels: with less there is nothing that could be sharp. Tissue blurred by 5 pixels has 1. */
const LEAST_STRUCTURE = 0.25;

/**
 * Looks at one tile of full resolution in each cell that has tissue. Meant for the background: the slide can be read
 * meanwhile. Cells are visited in an order that covers the slide evenly, whenever the time is over.
 */
export async function measureFocus(
  slide: Slide,
  { timeMs = TIME_MS, isStopped = () => false }: { timeMs?: number; isStopped?: () => boolean } = {},
): Promise<FocusFindings> {
  const until = Date.now() + timeMs;
  const isLate = () => Date.now() > until || isStopped();
  const longer = Math.max(slide.width, slide.height);
  const columns = Math.max(1, Math.round((CELLS * slide.width) / longer));
  const rows = Math.max(1, Math.round((CELLS * slide.height) / longer));
  const tissue = await overviewOf(slide, isLate);
  const blurAt = blurOfTiles(slide);
  const cells = new Array<string>(columns * rows).fill(' ');
  let looked = 0;
  let blurred = 0;
  for (const cell of scattered(columns * rows)) {
    if (isLate()) break;
    const column = cell % columns;
    const row = Math.floor(cell / columns);
    const place = tissue
      ? tissue.middleOf(
          { x: column / columns, y: row / rows, width: 1 / columns, height: 1 / rows },
          LEAST_TISSUE,
        )
      : { x: (column + 0.5) / columns, y: (row + 0.5) / rows };
    const blur = place ? await blurAt(place) : null;
    if (blur === null) continue;
    looked += 1;
    if (blur >= BLURRED_FROM) blurred += 1;
    cells[cell] = String(Math.min(9, Math.floor(blur * 10)));
  }
  return {
    tissueShare: tissue?.share ?? null,
    blackShare: tissue?.blackShare ?? null,
    looked,
    blurred,
    map: { columns, rows, cells: cells.join('') },
  };
}

/** A slide without a pyramid may take longer to overlook than there is time: then its tiles tell tissue themselves. */
async function overviewOf(slide: Slide, isLate: () => boolean): Promise<TissueMap | null> {
  try {
    const { data, info } = await decodeTile(await slide.readThumbnail(OVERVIEW, { isCancelled: isLate }));
    return findTissue(data, info.width, info.height);
  } catch (error) {
    if (error instanceof ReadCancelledError) return null;
    throw error;
  }
}

/** The blur of the tile at a place (0 to 1 both ways). A small slide has more cells than tiles: each is read once. */
function blurOfTiles(slide: Slide): (place: { x: number; y: number }) => Promise<number | null> {
  const { columns, rows } = slide.grid(0);
  const [level] = slide.levels;
  const known = new Map<string, number | null>();
  return async ({ x, y }) => {
    if (!level) return null;
    const column = Math.min(columns - 1, Math.floor((x * slide.width) / level.tileWidth));
    const row = Math.min(rows - 1, Math.floor((y * slide.height) / level.tileHeight));
    const tile = `${column} ${row}`;
    const before = known.get(tile);
    if (before !== undefined) return before;
    const blur = await blurOfTile(slide, column, row);
    known.set(tile, blur);
    return blur;
  };
}

async function blurOfTile(slide: Slide, column: number, row: number): Promise<number | null> {
  try {
    const { data, info } = await decodeTile(await slide.readTile(0, column, row));
    if (info.width <= 4 * BLUR_REACH || info.height <= 4 * BLUR_REACH) return null;
    if (tissueShareOf(data) < LEAST_TISSUE) return null;
    return blurOf(greyOf(data), info.width, info.height);
  } catch (error) {
    // A damaged tile is the quality step's business; it says nothing about focus.
    if (error instanceof SlideRefusal) return null;
    throw error;
  }
}

function greyOf(rgb: Buffer): Float32Array {
  const grey = new Float32Array(rgb.length / 3);
  for (let at = 0, from = 0; at < grey.length; at += 1, from += 3) {
    grey[at] = 0.299 * (rgb[from] ?? 0) + 0.587 * (rgb[from + 1] ?? 0) + 0.114 * (rgb[from + 2] ?? 0);
  }
  return grey;
}

/**
 * 0 sharp to 1 blurred, whatever the contrast or the stain: how little an image changes when it is blurred once more.
 * Null where there is no structure to judge by.
 * F. Crete, T. Dolmiere, P. Ladret, M. Nicolas, "The blur effect: perception and estimation with a new no-reference
 * perceptual blur metric", SPIE 6492 (2007); the worse of both directions counts.
 */
export function blurOf(grey: Float32Array, width: number, height: number): number | null {
  const across = blurAlong(grey, width, height, 'across');
  const down = blurAlong(grey, width, height, 'down');
  return across === null || down === null ? null : Math.max(across, down);
}

/** Along the rows or down the columns; always read in the order of memory. */
function blurAlong(grey: Float32Array, width: number, height: number, way: 'across' | 'down'): number | null {
  const step = way === 'across' ? 1 : width;
  const [left, right] = way === 'across' ? [BLUR_REACH + 1, width - BLUR_REACH] : [0, width];
  const [top, bottom] = way === 'down' ? [BLUR_REACH + 1, height - BLUR_REACH] : [0, height];
  const ahead = BLUR_REACH * step;
  const behind = (BLUR_REACH + 1) * step;
  const taps = 2 * BLUR_REACH + 1;
  let all = 0;
  let lost = 0;
  for (let y = top; y < bottom; y += 1) {
    for (let at = y * width + left, end = y * width + right; at < end; at += 1) {
      // What one more step of the running mean adds: the difference of two neighbours once blurred.
      const change = (grey[at + ahead] ?? 0) - (grey[at - behind] ?? 0);
      const sharp = Math.abs((grey[at] ?? 0) - (grey[at - step] ?? 0));
      all += sharp;
      lost += Math.max(0, sharp - Math.abs(change) / taps);
    }
  }
  return all < LEAST_STRUCTURE * (right - left) * (bottom - top) ? null : (all - lost) / all;
}

/** Every number below `count` once, far apart from one to the next: a step that shares no divisor with the count. */
function* scattered(count: number): Generator<number> {
  let step = Math.max(1, Math.round(count * 0.618));
  while (divisor(step, count) !== 1) step += 1;
  for (let turn = 0, at = 0; turn < count; turn += 1, at = (at + step) % count) yield at;
}

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
