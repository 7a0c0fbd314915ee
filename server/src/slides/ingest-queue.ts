/**
 * Runs one piece of work per key, a few keys at a time. Asking again for a key that waits or runs joins it, so
 * that the job of the store and the kick after an upload never do the same work twice.
 */
export interface WorkQueue<T> {
  run(key: string): Promise<T>;
  /** Waits for what is running; what still waits is not begun. */
  close(): Promise<void>;
}

export class QueueClosedError extends Error {
  override name = 'QueueClosedError';
}

export function createWorkQueue<T>(work: (key: string) => Promise<T>, concurrency: number): WorkQueue<T> {
  const known = new Map<string, Promise<T>>();
  const waiting: Array<() => void> = [];
  let running = 0;
  let closed = false;

  async function enter(): Promise<void> {
    if (running >= concurrency) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
  }

  /** Hands the place on, so that the count stays. */
  function leave(): void {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }

  async function perform(key: string): Promise<T> {
    await enter();
    try {
      if (closed) throw new QueueClosedError();
      return await work(key);
    } finally {
      leave();
    }
  }

  return {
    run(key) {
      const joined = known.get(key);
      if (joined) return joined;
      const started = perform(key).finally(() => known.delete(key));
      known.set(key, started);
      return started;
    },
    async close() {
      closed = true;
      await Promise.allSettled([...known.values()]);
    },
  };
}
