import {
  dueEntries,
  type Edit,
  edit,
  emptyQueue,
  moodOf,
  nextDueAt,
  type QueueMood,
  type QueueOutcome,
  type QueueRequest,
  type QueueState,
  type Resolution,
  resolve,
  restore,
  resume,
  type Same,
  settle,
  startSending,
} from '@relecture/shared/annotations/save-queue.js';
import type { LocalCopies } from './local-copies';

export interface QueueRunnerOptions<C> {
  copies: LocalCopies<C>;
  /** Never throws: whatever happened is an outcome. */
  send: (request: QueueRequest<C>) => Promise<QueueOutcome<C>>;
  same: Same<C>;
  /** Told of each answer before the state changes. */
  onOutcome?: (request: QueueRequest<C>, outcome: QueueOutcome<C>) => void;
}

export interface QueueSnapshot<C> {
  entries: QueueState<C>;
  mood: QueueMood;
  lastSavedAt: number | null;
  /** False when this browser refused to keep a copy (private window, disk full): the page then must stay open. */
  copyKept: boolean;
  /** False until what an earlier page left here has been read. */
  restored: boolean;
}

const AT_ONCE = 4;
/** A request without an answer for this long counts as lost; should it arrive late, sending it again is harmless. */
const PATIENCE_MS = 20_000;

/** Drives the pure queue of shared/annotations/save-queue.ts with a clock, the network and this computer's disk. */
export class QueueRunner<C> {
  readonly #options: QueueRunnerOptions<C>;
  readonly #listeners = new Set<() => void>();
  #entries: QueueState<C> = emptyQueue();
  #lastSavedAt: number | null = null;
  #copyKept = true;
  #restored = false;
  #snapshot: QueueSnapshot<C>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #inFlight = 0;
  #running = false;

  constructor(options: QueueRunnerOptions<C>) {
    this.#options = options;
    this.#snapshot = this.#makeSnapshot();
  }

  /** Reads what an earlier page left behind, and begins to send. */
  async start(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    window.addEventListener('online', this.retryNow);
    window.addEventListener('beforeunload', this.#warn);
    try {
      const left = await this.#options.copies.load();
      // What was drawn while the store was being read is newer than what it holds.
      const older = left.filter((entry) => !this.#entries.has(entry.key));
      this.#entries = new Map([...restore(older, Date.now()), ...this.#entries]);
    } catch {
      this.#copyKept = false;
    }
    this.#restored = true;
    this.#changed();
    this.#pump();
  }

  /** Stops sending. What waits stays on disk for the next page. */
  stop(): void {
    this.#running = false;
    clearTimeout(this.#timer);
    window.removeEventListener('online', this.retryNow);
    window.removeEventListener('beforeunload', this.#warn);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getSnapshot = (): QueueSnapshot<C> => this.#snapshot;

  edit(change: Omit<Edit<C>, 'now'>): void {
    this.#entries = edit(this.#entries, { ...change, now: Date.now() });
    this.#keep(change.key).catch(this.#copyFailed);
    this.#changed();
    this.#pump();
  }

  resolve(key: string, choice: Resolution): void {
    const before = this.#entries.get(key);
    this.#entries = resolve(this.#entries, key, choice, Date.now());
    if (before && !this.#entries.has(key)) this.#forget(key, before.revision);
    else this.#keep(key).catch(this.#copyFailed);
    this.#changed();
    this.#pump();
  }

  readonly retryNow = (): void => {
    this.#entries = resume(this.#entries, Date.now());
    this.#changed();
    this.#pump();
  };

  /** Sends all that waits now; true when nothing is left unsaved. */
  async flush(patienceMs = 8000): Promise<boolean> {
    if (this.#entries.size === 0) return true;
    this.retryNow();
    return new Promise((done) => {
      const finish = (saved: boolean) => {
        clearTimeout(patience);
        unsubscribe();
        done(saved);
      };
      const unsubscribe = this.subscribe(() => {
        if (this.#entries.size === 0) finish(true);
        else if ([...this.#entries.values()].every((entry) => entry.problem !== null)) finish(false);
      });
      const patience = setTimeout(() => finish(false), patienceMs);
    });
  }

  #pump(): void {
    if (!this.#running) return;
    clearTimeout(this.#timer);
    for (const entry of dueEntries(this.#entries, Date.now())) {
      if (this.#inFlight >= AT_ONCE) return;
      const started = startSending(this.#entries, entry.key);
      if (!started.request) continue;
      this.#entries = started.state;
      this.#inFlight += 1;
      this.#deliver(started.request).catch((error: unknown) => {
        // `send` promises an outcome; a fault of the page itself must show, not vanish.
        reportError(error);
      });
    }
    const next = nextDueAt(this.#entries);
    if (next !== null) this.#timer = setTimeout(() => this.#pump(), Math.max(0, next - Date.now()));
  }

  async #deliver(request: QueueRequest<C>): Promise<void> {
    try {
      // Only what is on disk leaves the page; when the disk refuses, sending is all the more urgent.
      await this.#keep(request.key).catch(this.#copyFailed);
      const outcome = await this.#sendWithPatience(request);
      this.#options.onOutcome?.(request, outcome);
      const before = this.#entries.get(request.key);
      this.#entries = settle(this.#entries, request.key, outcome, Date.now(), this.#options.same);
      if (outcome.type === 'saved') this.#lastSavedAt = Date.now();
      if (this.#entries.has(request.key)) await this.#keep(request.key).catch(this.#copyFailed);
      else if (before) this.#forget(request.key, before.revision);
    } finally {
      this.#inFlight -= 1;
      this.#changed();
      this.#pump();
    }
  }

  async #sendWithPatience(request: QueueRequest<C>): Promise<QueueOutcome<C>> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const silence = new Promise<QueueOutcome<C>>((resolve) => {
      timer = setTimeout(() => resolve({ type: 'lost' }), PATIENCE_MS);
    });
    try {
      return await Promise.race([this.#options.send(request), silence]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #keep(key: string): Promise<void> {
    const entry = this.#entries.get(key);
    if (!entry) return;
    await this.#options.copies.keep(entry);
    if (this.#copyKept) return;
    this.#copyKept = true;
    this.#changed();
  }

  #forget(key: string, revision: number): void {
    this.#options.copies.forget(key, revision).catch(this.#copyFailed);
  }

  readonly #copyFailed = (): void => {
    this.#copyKept = false;
    this.#changed();
  };

  readonly #warn = (event: BeforeUnloadEvent): void => {
    const { mood } = this.#snapshot;
    if (mood !== 'saved' && (mood !== 'saving' || !this.#copyKept)) event.preventDefault();
  };

  #changed(): void {
    this.#snapshot = this.#makeSnapshot();
    for (const listener of this.#listeners) listener();
  }

  #makeSnapshot(): QueueSnapshot<C> {
    return {
      entries: this.#entries,
      mood: moodOf(this.#entries),
      lastSavedAt: this.#lastSavedAt,
      copyKept: this.#copyKept,
      restored: this.#restored,
    };
  }
}
