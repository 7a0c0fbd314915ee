import { ReadCancelledError, type Slide, TileNotFoundError } from '../formats/slide.js';
import type { SlideFile } from '../formats/slide-file.js';

/**
 * Open slides, kept open between requests. Opening reads directories and costs milliseconds, a tile costs
 * microseconds, so the handles stay; but a server with 10,000 slides must not hold 10,000 descriptors.
 *
 * A slide that is in use is never closed under its reader: the pool may pass its bound for as long as more
 * than `maxOpen` different slides are being read at the same instant.
 */
export interface SlidePool {
  /** Runs `read` with the slide open. The key is the slide's identity: same key, same file content. */
  use<T>(key: string, file: SlideFile, read: (slide: Slide) => Promise<T>): Promise<T>;
  /** Closes one slide as soon as nobody reads it (its file is about to change or be deleted). */
  evict(key: string): Promise<void>;
  close(): Promise<void>;
  readonly openCount: number;
}

export interface SlidePoolOptions {
  readonly maxOpen: number;
  readonly open: (file: SlideFile) => Promise<Slide>;
}

interface Entry {
  readonly opening: Promise<Slide>;
  readers: number;
  evicted: boolean;
  closing: boolean;
  readonly whenClosed: Promise<void>;
  readonly closed: () => void;
}

export function createSlidePool(options: SlidePoolOptions): SlidePool {
  // Map keeps insertion order; a used entry is re-inserted, so the first key is the least recently used.
  const entries = new Map<string, Entry>();

  function enter(key: string, file: SlideFile): Entry {
    const known = entries.get(key);
    if (known) {
      entries.delete(key);
      entries.set(key, known);
      return known;
    }
    let closed: () => void = () => undefined;
    const whenClosed = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const entry: Entry = {
      opening: options.open(file),
      readers: 0,
      evicted: false,
      closing: false,
      whenClosed,
      closed,
    };
    entries.set(key, entry);
    return entry;
  }

  function closeIfIdle(entry: Entry): void {
    if (!entry.evicted || entry.readers > 0 || entry.closing) return;
    // A slide that never opened has nothing to close; its readers were told.
    entry.closing = true;
    entry.opening
      .then(
        (slide) => slide.close(),
        () => undefined,
      )
      .catch((error: Error) => {
        process.emitWarning(error);
      })
      .finally(entry.closed);
  }

  function drop(key: string, entry: Entry): void {
    if (entries.get(key) === entry) entries.delete(key);
    entry.evicted = true;
    closeIfIdle(entry);
  }

  function trim(): void {
    let surplus = entries.size - options.maxOpen;
    for (const [key, entry] of entries) {
      if (surplus <= 0) return;
      if (entry.readers > 0) continue;
      drop(key, entry);
      surplus -= 1;
    }
  }

  async function evict(key: string): Promise<void> {
    const entry = entries.get(key);
    if (!entry) return;
    drop(key, entry);
    await entry.whenClosed;
  }

  return {
    async use(key, file, read) {
      const entry = enter(key, file);
      entry.readers += 1;
      try {
        const slide = await entry.opening;
        return await read(slide);
      } catch (error) {
        // The next request opens it anew: it lies elsewhere by now, was put back, or its address no longer holds.
        if (!(error instanceof TileNotFoundError || error instanceof ReadCancelledError)) drop(key, entry);
        throw error;
      } finally {
        entry.readers -= 1;
        closeIfIdle(entry);
        trim();
      }
    },
    evict,
    async close() {
      await Promise.all([...entries.keys()].map(evict));
    },
    get openCount() {
      return entries.size;
    },
  };
}
