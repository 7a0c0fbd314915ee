/**
 * What the page has not yet got acknowledged, and what to do about it. Pure: no clock, no network, no storage;
 * the runner in the page tells it what happened and asks what to send. A restart of the page, of the server or of
 * the machine is a `restore` from the stored entries.
 *
 * The rule that makes it safe: after a request whose answer was lost, the very same body is sent again before
 * anything newer. The server answers an identical body with the version it already made, so the page learns what
 * became of the lost one instead of guessing.
 */

/** A thing that is saved as a whole: an annotation's content, a report draft. `null` means that it is deleted. */
export type Wanted<C> = C | null;

export type QueueProblem<C> =
  | { kind: 'signed_out' }
  /** The server will not take it as it is; kept here until it is changed or given up. */
  | { kind: 'rejected'; code: string }
  /** Somebody else saved meanwhile; both are kept until the person chooses. */
  | { kind: 'conflict'; theirs: Wanted<C>; theirVersion: number };

export interface QueueEntry<C> {
  key: string;
  /** Where it belongs (a slide); of no meaning to the queue. */
  group: string;
  /** The last state the person gave it. */
  wanted: Wanted<C>;
  /** Grows at each edit, also across pages and tabs, so that a late answer never passes for a newer state's. */
  revision: number;
  /** The server's version this state stands on; 0: the server never had it. */
  baseVersion: number;
  /** Sent, answer unknown: sent again, unchanged, before anything newer. */
  inDoubt: { content: Wanted<C>; revision: number } | null;
  sending: boolean;
  /** Failures in a row. */
  attempts: number;
  /** Not sent before this instant (milliseconds). */
  dueAt: number;
  problem: QueueProblem<C> | null;
}

export type QueueState<C> = ReadonlyMap<string, QueueEntry<C>>;

export interface QueueRequest<C> {
  key: string;
  group: string;
  content: Wanted<C>;
  baseVersion: number;
}

export type QueueOutcome<C> =
  | { type: 'saved'; version: number }
  /** No answer, or an answer that says nothing about the body (5xx, 429): it may or may not have been saved. */
  | { type: 'lost' }
  | { type: 'signed_out' }
  | { type: 'rejected'; code: string }
  | { type: 'conflict'; version: number; content: Wanted<C> };

export type Same<C> = (a: C, b: C) => boolean;

const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 30_000;

export function retryDelay(attempts: number): number {
  return Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.max(0, attempts - 1));
}

export function emptyQueue<C>(): QueueState<C> {
  return new Map();
}

export interface Edit<C> {
  key: string;
  group: string;
  wanted: Wanted<C>;
  /** Version last acknowledged; used when the queue holds nothing for this key. */
  knownVersion: number;
  now: number;
  /** Typing is sent after a pause; a stroke at once. */
  delay?: number;
}

/** The person changed something. */
export function edit<C>(state: QueueState<C>, change: Edit<C>): QueueState<C> {
  const before = state.get(change.key);
  const baseVersion = before?.baseVersion ?? change.knownVersion;
  // Never sent and not wanted any more: the server need not hear of it.
  if (change.wanted === null && baseVersion === 0 && !before?.inDoubt && !before?.sending) {
    return without(state, change.key);
  }
  // A conflict stays until it is resolved, whatever is edited meanwhile; other problems may be cured by the edit.
  const problem = before?.problem?.kind === 'conflict' ? before.problem : null;
  return withEntry(state, {
    key: change.key,
    group: change.group,
    wanted: change.wanted,
    revision: Math.max((before?.revision ?? 0) + 1, change.now),
    baseVersion,
    inDoubt: before?.inDoubt ?? null,
    sending: before?.sending ?? false,
    attempts: before?.attempts ?? 0,
    // What already waits is not put off by the next keystroke: long typing is saved while it goes on.
    dueAt:
      before && before.problem?.kind !== 'rejected' && (before.attempts > 0 || before.dueAt > change.now)
        ? before.dueAt
        : change.now + (change.delay ?? 0),
    problem,
  });
}

/** Entries that may be sent now, oldest due first. */
export function dueEntries<C>(state: QueueState<C>, now: number): QueueEntry<C>[] {
  return [...state.values()]
    .filter((entry) => !entry.sending && entry.problem === null && entry.dueAt <= now)
    .sort((a, b) => a.dueAt - b.dueAt);
}

/** When the next entry becomes due, or null when none waits for time. */
export function nextDueAt<C>(state: QueueState<C>): number | null {
  let next: number | null = null;
  for (const entry of state.values()) {
    if (entry.sending || entry.problem !== null) continue;
    if (next === null || entry.dueAt < next) next = entry.dueAt;
  }
  return next;
}

/** Marks an entry as on its way and says exactly what to send. The new state is stored before the request leaves. */
export function startSending<C>(
  state: QueueState<C>,
  key: string,
): { state: QueueState<C>; request: QueueRequest<C> | null } {
  const entry = state.get(key);
  if (!entry || entry.sending || entry.problem) return { state, request: null };
  const inDoubt = entry.inDoubt ?? { content: entry.wanted, revision: entry.revision };
  return {
    state: withEntry(state, { ...entry, inDoubt, sending: true }),
    request: { key, group: entry.group, content: inDoubt.content, baseVersion: entry.baseVersion },
  };
}

/** What became of the request sent for `key`. */
export function settle<C>(
  state: QueueState<C>,
  key: string,
  outcome: QueueOutcome<C>,
  now: number,
  same: Same<C>,
): QueueState<C> {
  const entry = state.get(key);
  if (!entry?.sending || !entry.inDoubt) return state;
  const { inDoubt } = entry;
  switch (outcome.type) {
    case 'saved':
      return acknowledged(state, entry, inDoubt.revision, outcome.version, now);
    case 'conflict':
      // Our own earlier request had arrived after all: only its answer was lost.
      if (sameWanted(outcome.content, inDoubt.content, same))
        return acknowledged(state, entry, inDoubt.revision, outcome.version, now);
      // Both sides wish the same thing in the end: nothing to choose.
      if (sameWanted(outcome.content, entry.wanted, same))
        return acknowledged(state, entry, entry.revision, outcome.version, now);
      return withEntry(state, {
        ...entry,
        inDoubt: null,
        sending: false,
        attempts: 0,
        problem: { kind: 'conflict', theirs: outcome.content, theirVersion: outcome.version },
      });
    case 'rejected': {
      const newer = entry.revision !== inDoubt.revision;
      // Refused before it ever existed, and deleted meanwhile: there is nothing to delete.
      if (newer && entry.wanted === null && entry.baseVersion === 0) return without(state, key);
      return withEntry(state, {
        ...entry,
        inDoubt: null,
        sending: false,
        attempts: 0,
        dueAt: now,
        // A newer state may well be acceptable: it is tried before anybody is troubled.
        problem: newer ? null : { kind: 'rejected', code: outcome.code },
      });
    }
    case 'signed_out':
      return withEntry(state, { ...entry, sending: false, problem: { kind: 'signed_out' } });
    case 'lost': {
      const attempts = entry.attempts + 1;
      return withEntry(state, { ...entry, sending: false, attempts, dueAt: now + retryDelay(attempts) });
    }
  }
}

function acknowledged<C>(
  state: QueueState<C>,
  entry: QueueEntry<C>,
  revision: number,
  version: number,
  now: number,
): QueueState<C> {
  if (entry.revision === revision) return without(state, entry.key);
  return withEntry(state, {
    ...entry,
    baseVersion: version,
    inDoubt: null,
    sending: false,
    attempts: 0,
    dueAt: Math.max(entry.dueAt, now),
  });
}

export type Resolution = 'mine' | 'theirs';

/**
 * The person chose. `mine` is saved over the version shown to them; `theirs` lets go of the local state.
 * A rejected entry can only be given up (`theirs`).
 */
export function resolve<C>(
  state: QueueState<C>,
  key: string,
  choice: Resolution,
  now: number,
): QueueState<C> {
  const entry = state.get(key);
  if (!entry?.problem || entry.problem.kind === 'signed_out') return state;
  if (choice === 'theirs') return without(state, key);
  if (entry.problem.kind === 'rejected') return withEntry(state, { ...entry, problem: null, dueAt: now });
  return withEntry(state, {
    ...entry,
    baseVersion: entry.problem.theirVersion,
    inDoubt: null,
    problem: null,
    attempts: 0,
    dueAt: now,
  });
}

/** Connection back, signed in again, "try now": what waits is due at once. */
export function resume<C>(state: QueueState<C>, now: number): QueueState<C> {
  const next = new Map<string, QueueEntry<C>>();
  for (const [key, entry] of state) {
    next.set(key, {
      ...entry,
      dueAt: Math.min(entry.dueAt, now),
      problem: entry.problem?.kind === 'signed_out' ? null : entry.problem,
    });
  }
  return next;
}

/** Entries found in storage when the page opens: nothing is on its way any more, everything is due. */
export function restore<C>(stored: Iterable<QueueEntry<C>>, now: number): QueueState<C> {
  const state = new Map<string, QueueEntry<C>>();
  for (const entry of stored) {
    state.set(entry.key, {
      ...entry,
      sending: false,
      attempts: 0,
      dueAt: now,
      problem: entry.problem?.kind === 'signed_out' ? null : entry.problem,
    });
  }
  return state;
}

export type QueueMood = 'saved' | 'saving' | 'retrying' | 'signed_out' | 'conflict' | 'rejected';

/** One word for the whole queue, the gravest first. */
export function moodOf<C>(state: QueueState<C>): QueueMood {
  let mood: QueueMood = 'saved';
  const graver = (next: QueueMood) => {
    if (GRAVITY.indexOf(next) > GRAVITY.indexOf(mood)) mood = next;
  };
  for (const entry of state.values()) {
    if (entry.problem) graver(entry.problem.kind);
    else graver(entry.attempts > 0 ? 'retrying' : 'saving');
  }
  return mood;
}
const GRAVITY: readonly QueueMood[] = ['saved', 'saving', 'retrying', 'signed_out', 'rejected', 'conflict'];

function sameWanted<C>(a: Wanted<C>, b: Wanted<C>, same: Same<C>): boolean {
  if (a === null || b === null) return a === b;
  return same(a, b);
}

function withEntry<C>(state: QueueState<C>, entry: QueueEntry<C>): QueueState<C> {
  return new Map(state).set(entry.key, entry);
}

function without<C>(state: QueueState<C>, key: string): QueueState<C> {
  const next = new Map(state);
  next.delete(key);
  return next;
}
