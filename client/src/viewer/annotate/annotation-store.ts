import type {
  QueueEntry,
  QueueOutcome,
  QueueRequest,
  Resolution,
} from '@relecture/shared/annotations/save-queue.js';
import type { Annotation } from '@relecture/shared/annotations/schema.js';
import { deleteAnnotation, readAnnotationHistory, saveAnnotation } from '../../api/annotations';
import { signedInAs } from '../save/kept';
import { localCopies } from '../save/local-copies';
import { outcomeOf } from '../save/outcome';
import { QueueRunner } from '../save/queue-runner';
import { type AnnotationContent, contentOf, type ShownAnnotation, sameContent, shownFrom } from './content';

interface Step {
  id: string;
  slideId: string;
  before: AnnotationContent | null;
  after: AnnotationContent | null;
}

export interface Author {
  id: string;
  displayName: string;
}

const NONE: readonly ShownAnnotation[] = [];

/**
 * The annotations of one review as this person sees them: what the server holds, with what is not yet saved laid
 * over it. Every change goes through the queue, so drawing never waits for the network and never loses.
 */
export class AnnotationStore {
  readonly queue: QueueRunner<AnnotationContent>;
  readonly #reviewId: string;
  readonly #author: Author;
  readonly #records = new Map<string, Map<string, Annotation>>();
  readonly #versions = new Map<string, number>();
  readonly #done = new Map<string, Step[]>();
  readonly #undone = new Map<string, Step[]>();
  readonly #shown = new Map<string, readonly ShownAnnotation[]>();
  readonly #listeners = new Set<() => void>();
  /** When a shape still unsaved was first seen here, for its place in the list. */
  readonly #drawnAt = new Map<string, string>();

  constructor(reviewId: string, author: Author) {
    this.#reviewId = reviewId;
    this.#author = author;
    this.queue = new QueueRunner<AnnotationContent>({
      copies: localCopies(`${author.id}:${reviewId}:annotations`),
      same: sameContent,
      send: (request) => this.#send(request),
      onOutcome: (request, outcome) => this.#learn(request, outcome),
    });
    this.queue.subscribe(() => this.#refresh());
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly shownOn = (slideId: string): readonly ShownAnnotation[] => this.#shown.get(slideId) ?? NONE;

  canUndo = (slideId: string): boolean => (this.#done.get(slideId)?.length ?? 0) > 0;
  canRedo = (slideId: string): boolean => (this.#undone.get(slideId)?.length ?? 0) > 0;

  /** What the server answered for a slide. An answer older than a save already acknowledged does not undo it. */
  load(slideId: string, items: readonly Annotation[]): void {
    const known = this.#records.get(slideId);
    const records = new Map<string, Annotation>();
    for (const item of items) {
      const held = known?.get(item.id);
      // Deleted here since that answer was made.
      if (!held && (this.#versions.get(item.id) ?? 0) > item.version) continue;
      records.set(item.id, held && held.version > item.version ? held : item);
      this.#sawVersion(item.id, item.version);
    }
    for (const [id, held] of known ?? []) {
      // Saved after that answer was made: it is missing there only because the answer is older.
      if (!records.has(id) && (this.#savedSince.get(id) ?? 0) > this.#askedAt) records.set(id, held);
    }
    this.#records.set(slideId, records);
    this.#touch(slideId);
  }

  /** Called when the list is asked for, so that `load` can tell an old answer from a deletion. */
  asking(): void {
    this.#askedAt = performance.now();
  }
  #askedAt = 0;
  readonly #savedSince = new Map<string, number>();

  /**
   * Saves a new state of a shape (or deletes it with `null`) and remembers how to take it back. `standsOn` is the
   * version the person was looking at: when somebody else saved meanwhile, the server must be able to say so.
   */
  change(slideId: string, id: string, after: AnnotationContent | null, standsOn?: number): void {
    const before = this.#present(slideId, id);
    if (before && after && sameContent(before, after)) return;
    push(this.#done, slideId, { id, slideId, before, after });
    this.#undone.delete(slideId);
    this.#apply(slideId, id, after, standsOn);
  }

  /** Changes a part of what the annotation is now; a label typed slowly must not bring an old outline back. */
  patch(slideId: string, id: string, part: Partial<AnnotationContent>, standsOn: number): void {
    const present = this.#present(slideId, id);
    if (present) this.change(slideId, id, { ...present, ...part }, standsOn);
  }

  undo(slideId: string): string | null {
    return this.#step(slideId, this.#done, this.#undone, 'before');
  }
  redo(slideId: string): string | null {
    return this.#step(slideId, this.#undone, this.#done, 'after');
  }

  #step(
    slideId: string,
    from: Map<string, Step[]>,
    to: Map<string, Step[]>,
    side: 'before' | 'after',
  ): string | null {
    const step = from.get(slideId)?.pop();
    if (!step) return null;
    push(to, slideId, step);
    this.#apply(slideId, step.id, step[side]);
    return step.id;
  }

  /** In a conflict: mine over theirs, theirs, or both side by side under a new name for mine. */
  resolve(slideId: string, id: string, choice: Resolution | 'both'): void {
    const entry = this.queue.getSnapshot().entries.get(id);
    if (!entry) return;
    if (choice === 'both' && entry.wanted) this.#apply(slideId, crypto.randomUUID(), entry.wanted);
    if (entry.problem?.kind === 'conflict') this.#sawVersion(id, entry.problem.theirVersion);
    this.queue.resolve(id, choice === 'mine' ? 'mine' : 'theirs');
    this.#refresh();
  }

  #present(slideId: string, id: string): AnnotationContent | null {
    const entry = this.queue.getSnapshot().entries.get(id);
    if (entry) return entry.wanted;
    const record = this.#records.get(slideId)?.get(id);
    return record && !record.deleted ? contentOf(record) : null;
  }

  #apply(slideId: string, id: string, wanted: AnnotationContent | null, standsOn?: number): void {
    if (!this.#drawnAt.has(id)) this.#drawnAt.set(id, new Date().toISOString());
    const knownVersion =
      standsOn === undefined ? (this.#versions.get(id) ?? 0) : this.#afterOwn(id, standsOn);
    this.queue.edit({ key: id, group: slideId, wanted, knownVersion });
    this.#touch(slideId);
  }

  /** My own saves since then are no reason for a conflict with myself. */
  #afterOwn(id: string, version: number): number {
    const own = this.#own.get(id);
    return own && version >= own.from && version <= own.to ? own.to : version;
  }
  readonly #own = new Map<string, { from: number; to: number }>();

  async #send({ key, group, content, baseVersion }: QueueRequest<AnnotationContent>) {
    // Never in the name of somebody else who signed in meanwhile.
    if (!signedInAs(this.#author.id)) return { type: 'signed_out' as const };
    try {
      if (content === null) {
        await deleteAnnotation(group, key, baseVersion);
        return { type: 'saved' as const, version: baseVersion + 1 };
      }
      const saved = await saveAnnotation(group, key, { reviewId: this.#reviewId, baseVersion, ...content });
      this.#hold(saved);
      return { type: 'saved' as const, version: saved.version };
    } catch (error) {
      return outcomeOf<AnnotationContent>(error, () => this.#readConflict(group, key));
    }
  }

  async #readConflict(slideId: string, id: string): Promise<QueueOutcome<AnnotationContent>> {
    const { items } = await readAnnotationHistory(slideId, id);
    const latest = items.reduce<(typeof items)[number] | null>(
      (newest, item) => (newest && newest.version > item.version ? newest : item),
      null,
    );
    if (!latest) return { type: 'lost' };
    const content = latest.action === 'deleted' ? null : contentOf(latest);
    return { type: 'conflict', version: latest.version, content };
  }

  #learn(request: QueueRequest<AnnotationContent>, outcome: QueueOutcome<AnnotationContent>): void {
    if (outcome.type === 'saved') {
      this.#sawVersion(request.key, outcome.version);
      const own = this.#own.get(request.key);
      const from = own?.to === request.baseVersion ? own.from : request.baseVersion;
      this.#own.set(request.key, { from, to: outcome.version });
      if (request.content === null) this.#records.get(request.group)?.delete(request.key);
    }
  }

  #hold(record: Annotation): void {
    const records = this.#records.get(record.slideId) ?? new Map<string, Annotation>();
    const held = records.get(record.id);
    if (!held || held.version <= record.version) records.set(record.id, record);
    this.#records.set(record.slideId, records);
    this.#savedSince.set(record.id, performance.now());
    this.#sawVersion(record.id, record.version);
  }

  #sawVersion(id: string, version: number): void {
    this.#versions.set(id, Math.max(this.#versions.get(id) ?? 0, version));
  }

  #refresh(): void {
    const slides = new Set(this.#records.keys());
    for (const entry of this.queue.getSnapshot().entries.values()) slides.add(entry.group);
    for (const slideId of slides) this.#compose(slideId);
    for (const listener of this.#listeners) listener();
  }

  #touch(slideId: string): void {
    this.#compose(slideId);
    for (const listener of this.#listeners) listener();
  }

  #compose(slideId: string): void {
    const shown = new Map<string, ShownAnnotation>();
    for (const record of this.#records.get(slideId)?.values() ?? []) {
      if (!record.deleted) shown.set(record.id, shownFrom(record));
    }
    for (const entry of this.queue.getSnapshot().entries.values()) {
      if (entry.group !== slideId) continue;
      const laid = this.#lay(entry, shown.get(entry.key));
      if (laid) shown.set(entry.key, laid);
      else shown.delete(entry.key);
    }
    this.#shown.set(
      slideId,
      [...shown.values()].sort((a, b) => a.createdAt.localeCompare(b.createdAt) || a.id.localeCompare(b.id)),
    );
  }

  /** A pending entry over the record it changes; null when it only waits to be deleted. */
  #lay(entry: QueueEntry<AnnotationContent>, record: ShownAnnotation | undefined): ShownAnnotation | null {
    const { problem } = entry;
    const theirs = problem?.kind === 'conflict' ? problem.theirs : undefined;
    // A deletion that is refused or contested must stay visible, or nobody could answer it.
    const visible = entry.wanted ?? (problem ? (theirs ?? (record ? contentOf(record) : null)) : null);
    if (!visible) return null;
    return {
      ...visible,
      id: entry.key,
      slideId: entry.group,
      version: entry.baseVersion,
      authorId: record?.authorId ?? this.#author.id,
      authorName: record?.authorName ?? this.#author.displayName,
      createdAt: record?.createdAt ?? this.#drawnAt.get(entry.key) ?? new Date(0).toISOString(),
      state: problem?.kind ?? (entry.attempts > 0 ? 'retrying' : 'saving'),
      deleting: entry.wanted === null,
      ...(theirs === undefined ? {} : { theirs }),
      ...(problem?.kind === 'rejected' ? { problemCode: problem.code } : {}),
    };
  }
}

function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
