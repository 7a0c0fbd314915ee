import type OpenSeadragon from 'openseadragon';

/**
 * OpenSeadragon gives a tile up for good when it fails once. Here a failed tile is asked for again: first after the
 * session (and with it the slide cookie) has been renewed, then at growing intervals while the server is away.
 */
const DELAYS_MS = [0, 2000, 5000, 10_000, 20_000, 30_000, 60_000];
/** From this many failures of one tile on, the person is told that a part of the slide is missing. */
const WORTH_A_WORD = 3;
const RENEW_AT_MOST_EVERY_MS = 60_000;

/** The two marks by which OpenSeadragon decides whether to ask for a tile. */
interface RetriedTile {
  exists: boolean;
  loading: boolean;
}

export interface TileRetry {
  /** Asks again for all that is missing, also for what had been given up. */
  retryNow: () => void;
  stop: () => void;
}

export function retryFailedTiles(
  viewer: OpenSeadragon.Viewer,
  renewSession: () => Promise<void>,
  onMissing: (missing: boolean) => void,
): TileRetry {
  /** Failures in a row of each tile that has not arrived since. */
  const failures = new Map<RetriedTile, number>();
  const waiting = new Set<RetriedTile>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let renewedAt = Number.NEGATIVE_INFINITY;

  const tell = () => onMissing([...failures.values()].some((count) => count >= WORTH_A_WORD));

  const askAgain = async (tiles: RetriedTile[]) => {
    if (performance.now() - renewedAt > RENEW_AT_MOST_EVERY_MS) {
      renewedAt = performance.now();
      // A server that is away answers neither this nor the tiles; the next round asks again.
      await renewSession().catch(() => undefined);
    }
    for (const tile of tiles) {
      tile.exists = true;
      tile.loading = false;
    }
    for (let i = 0; i < viewer.world.getItemCount(); i += 1) {
      // Private in the library, and the only way to make it look at its tiles again without blanking them.
      (viewer.world.getItemAt(i) as unknown as { _needsUpdate: boolean })._needsUpdate = true;
    }
    viewer.forceRedraw();
  };

  const schedule = (delay: number) => {
    if (timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      const tiles = [...waiting];
      waiting.clear();
      askAgain(tiles).catch(reportError);
    }, delay);
  };

  viewer.addHandler('tile-load-failed', (event) => {
    const tile = event.tile as unknown as RetriedTile;
    const count = (failures.get(tile) ?? 0) + 1;
    failures.set(tile, count);
    tell();
    const delay = DELAYS_MS[count - 1];
    if (delay === undefined) return;
    waiting.add(tile);
    schedule(delay);
  });
  viewer.addHandler('tile-loaded', (event) => {
    if (failures.delete(event.tile as unknown as RetriedTile)) tell();
  });

  return {
    retryNow: () => {
      for (const tile of failures.keys()) {
        failures.set(tile, 0);
        waiting.add(tile);
      }
      tell();
      clearTimeout(timer);
      timer = undefined;
      schedule(0);
    },
    stop: () => clearTimeout(timer),
  };
}
