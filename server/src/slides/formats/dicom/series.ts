import { type ByteSource, FileSource } from '../byte-source.js';
import { corrupt, SlideRefusal } from '../refusal.js';
import { type DicomInstance, readDicomInstance } from './instance.js';

export interface OpenInstance extends DicomInstance {
  readonly source: ByteSource;
}

/** The files of one slide: each level may be in several (a concatenation). */
export interface DicomSeries {
  /** Full resolution first; each with the instances that make it up. */
  readonly levels: ReadonlyArray<readonly OpenInstance[]>;
  readonly label: OpenInstance | null;
  readonly macro: OpenInstance | null;
  readonly mpp: number | null;
  readonly objective: number | null;
  readonly profile: Buffer | null;
  close(): Promise<void>;
}

/**
 * Opens the files of a series. Rejects with `SlideRefusal` when they are no slide, or slides of several series:
 * which of them is meant, nobody can tell.
 */
export async function openDicomSeries(paths: readonly string[]): Promise<DicomSeries> {
  const opened: OpenInstance[] = [];
  const close = async () => {
    for (const { source } of opened) await source.close();
  };
  try {
    for (const path of paths) {
      const source = await FileSource.open(path);
      try {
        opened.push({ ...(await readDicomInstance(source)), source });
      } catch (error) {
        await source.close();
        throw error;
      }
    }
    return { ...arrange(opened), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function arrange(opened: readonly OpenInstance[]): Omit<DicomSeries, 'close'> {
  const volumes = opened.filter(({ flavour }) => flavour === 'volume');
  const series = new Set(volumes.map(({ seriesUid }) => seriesUid));
  if (series.size > 1) throw new SlideRefusal('SLIDE_SEVERAL_SLIDES', { slides: series.size });
  const bySize = new Map<string, OpenInstance[]>();
  for (const instance of volumes) {
    const key = `${instance.width}x${instance.height}`;
    bySize.set(key, [...(bySize.get(key) ?? []), instance]);
  }
  const levels = [...bySize.values()].sort((a, b) => (b[0]?.width ?? 0) - (a[0]?.width ?? 0));
  const thumbnail = opened.find(({ flavour }) => flavour === 'thumbnail');
  if (thumbnail && isSmaller(thumbnail, levels)) levels.push([thumbnail]);
  const main = levels[0]?.[0];
  if (!main) throw new SlideRefusal('SLIDE_NOT_A_SLIDE', { kind: 'dicom' });
  for (const [first, ...others] of levels) {
    if (
      !first ||
      others.some((other) => other.tileWidth !== first.tileWidth || other.coding !== first.coding)
    ) {
      throw corrupt('the parts of a level differ');
    }
  }
  const find = (flavour: string) => opened.find((instance) => instance.flavour === flavour) ?? null;
  return {
    levels,
    label: find('label'),
    macro: find('macro'),
    mpp: main.mpp,
    objective: main.objective,
    profile: main.profile,
  };
}

/** The thumbnail of DICOM shows all of the tissue (PS3.3 C.8.12.4.1.1): it is a level where the scanner made no smaller one. */
function isSmaller(thumbnail: OpenInstance, levels: ReadonlyArray<readonly OpenInstance[]>): boolean {
  const full = levels[0]?.[0];
  const smallest = levels.at(-1)?.[0];
  if (!full || !smallest || thumbnail.width >= smallest.width) return false;
  const height = (full.height * thumbnail.width) / full.width;
  return thumbnail.seriesUid === full.seriesUid && Math.abs(height - thumbnail.height) <= 1;
}
