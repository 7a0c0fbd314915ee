import {
  type Clash,
  findClashes,
  holds,
  mergeSection,
  same,
  valueAt,
  withValue,
} from '@relecture/shared/cases/merge.js';
import type { CasePage } from '@relecture/shared/cases/page.js';
import { type CaseContent, caseContent } from '@relecture/shared/cases/schema.js';
import { createCase, readCase, updateCase } from '../api/cases';
import { isProblem } from '../api/problem';

type Saving = 'saved' | 'waiting' | 'saving' | 'failed' | 'closed';

export interface DraftState {
  caseId: string | null;
  content: CaseContent;
  saving: Saving;
  savedAt: Date | null;
  problem: unknown;
  /** Somebody else changed other sections meanwhile; they were taken over. */
  merged: boolean;
  /** Fields written here and elsewhere: both values, until somebody chooses. */
  clashes: Clash[];
}

const QUIET_MS = 700;
const RETRY_MS = 5000;

function contentOf(page: CasePage): CaseContent {
  return { ...page.content, patient: page.patient };
}

/**
 * A case being written. Each change is kept here at once and saved soon after, section by section; one save at a
 * time. When somebody else saved in between, their other sections are taken and ours are sent again.
 */
export class Draft {
  #state: DraftState;
  #version: number;
  /** The content as the server last gave or took it: what differs from it was written here. */
  #base: CaseContent;
  /** The content without what was written here. */
  #opened: CaseContent;
  /** The content with it, kept after its save: somebody may write over it. */
  #written: CaseContent;
  /** What was last sent: the server may have it although its answer was lost. */
  #sent: CaseContent | null = null;
  #dirty = new Set<keyof CaseContent>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | null = null;
  readonly #listeners = new Set<() => void>();
  readonly #onPage: (page: CasePage) => void;

  constructor(page: CasePage | null, onPage: (page: CasePage) => void) {
    this.#version = page?.version ?? 0;
    this.#onPage = onPage;
    this.#base = page ? contentOf(page) : caseContent.parse({});
    this.#state = {
      caseId: page?.id ?? null,
      content: this.#base,
      saving: 'saved',
      savedAt: null,
      problem: null,
      merged: false,
      clashes: [],
    };
    this.#opened = this.#base;
    this.#written = this.#base;
  }

  get state(): DraftState {
    return this.#state;
  }

  readonly read = (): DraftState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly change = (part: Partial<CaseContent>): void => {
    for (const section of Object.keys(part) as (keyof CaseContent)[]) this.#dirty.add(section);
    const content = { ...this.#state.content, ...part };
    const clashes = this.#state.clashes
      .map((clash) => this.#followed(clash, content))
      .filter((clash) => {
        const now = valueAt(content, clash.path);
        return !holds(now, clash.mine) || !holds(now, clash.theirs);
      });
    this.#become({ content, clashes, saving: 'waiting' });
    this.#schedule(QUIET_MS);
  };

  /** Somebody read both values of a field and says what it holds. */
  readonly settle = (path: string, value: unknown): void => {
    this.#become({ clashes: this.#state.clashes.filter((clash) => clash.path !== path) });
    if (same(valueAt(this.#state.content, path), value)) return;
    const content = caseContent.parse(withValue(this.#state.content, path, value));
    const section = (Object.keys(content) as (keyof CaseContent)[]).find(
      (name) => path.split('.')[0] === name,
    );
    if (section) this.change({ [section]: content[section] });
  };

  /** The server's page was read again: what is not being written here follows it. */
  adopt(page: CasePage): void {
    if (page.version <= this.#version || this.#running || page.id !== this.#state.caseId) return;
    const before = this.#version;
    this.#take(page);
    if (before > 0) this.#become({});
  }

  /** The case's identifier, making the draft on the server when it has none yet. */
  async ensureSaved(): Promise<string> {
    if (this.#state.caseId === null && this.#dirty.size === 0) this.#dirty.add('materialBy');
    await this.flush();
    if (this.#state.caseId === null) throw this.#state.problem;
    return this.#state.caseId;
  }

  /** Everything typed so far is on the server when this resolves. @throws what the server refused */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    while (this.#running || this.#dirty.size > 0) {
      await (this.#running ?? this.#save());
      if (this.#state.saving === 'failed' || this.#state.saving === 'closed') throw this.#state.problem;
    }
  }

  get version(): number {
    return this.#version;
  }

  #schedule(delay: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (!this.#running && this.#dirty.size > 0) void this.#save();
    }, delay);
  }

  #save(): Promise<void> {
    this.#running = this.#send().finally(() => {
      this.#running = null;
      if (this.#dirty.size > 0 && this.#state.saving === 'waiting') this.#schedule(QUIET_MS);
    });
    return this.#running;
  }

  async #send(): Promise<void> {
    const sections = [...this.#dirty];
    const content = this.#state.content;
    this.#sent = content;
    this.#written = content;
    this.#dirty.clear();
    this.#become({ saving: 'saving' });
    try {
      const page = await this.#put(sections, content);
      this.#version = page.version;
      this.#base = contentOf(page);
      this.#become({
        caseId: page.id,
        saving: this.#dirty.size > 0 ? 'waiting' : 'saved',
        savedAt: new Date(),
        problem: null,
      });
      this.#onPage(page);
    } catch (error) {
      for (const section of sections) this.#dirty.add(section);
      const closed = isProblem(error, 'CASE_NOT_EDITABLE') || isProblem(error, 'NOT_FOUND');
      this.#become({ saving: closed ? 'closed' : 'failed', problem: error });
      if (isProblem(error) && error.transient) this.#schedule(RETRY_MS);
    }
  }

  async #put(sections: (keyof CaseContent)[], content: CaseContent): Promise<CasePage> {
    const { caseId } = this.#state;
    if (caseId === null) return await createCase(content);
    const changed = Object.fromEntries(sections.map((section) => [section, content[section]]));
    try {
      return await updateCase(caseId, this.#version, changed);
    } catch (error) {
      if (!isProblem(error, 'CONFLICT')) throw error;
      const current = await readCase(caseId);
      for (const section of sections) this.#dirty.add(section);
      this.#take(current);
      for (const section of sections) this.#dirty.delete(section);
      const mine = this.#state.content;
      const again = Object.fromEntries(sections.map((section) => [section, mine[section]]));
      return await updateCase(caseId, this.#version, again);
    }
  }

  /** Takes the sections nobody is writing here. */
  #take(page: CasePage): void {
    const theirs = contentOf(page);
    const mine = this.#state.content;
    const content = { ...theirs };
    for (const section of this.#dirty)
      Object.assign(content, {
        [section]: mergeSection(this.#base[section], mine[section], theirs[section]),
      });
    // What the server alone made of our own words (a slide refused, a text trimmed) is nobody else's doing.
    const changed = !same(theirs, this.#base) && !same(content, mine);
    const clashes = this.#clashesWith(theirs, content);
    const withTheirs = (known: CaseContent) => caseContent.parse(mergeSection(this.#base, theirs, known));
    this.#opened = withTheirs(this.#opened);
    this.#written = withTheirs(this.#written);
    this.#version = page.version;
    this.#base = theirs;
    this.#become({ content, merged: this.#state.merged || changed, clashes });
  }

  /** The value that stands in the field is the one that goes on being written. */
  #followed(clash: Clash, content: CaseContent): Clash {
    const before = valueAt(this.#state.content, clash.path);
    const now = valueAt(content, clash.path);
    if (same(now, before)) return clash;
    if (same(before, clash.mine)) return { ...clash, mine: now };
    return same(before, clash.theirs) ? { ...clash, theirs: now } : clash;
  }

  /**
   * Fields both wrote: while ours is not saved, and after it was saved and the other wrote over it. What the other
   * side shows as one of the two values already known was chosen there by somebody who read both.
   */
  #clashesWith(theirs: CaseContent, kept: CaseContent): Clash[] {
    const before = this.#state.clashes;
    const found = (Object.keys(theirs) as (keyof CaseContent)[]).flatMap((section) => [
      ...findClashes(this.#base[section], this.#state.content[section], theirs[section], section),
      ...findClashes(this.#opened[section], this.#written[section], theirs[section], section),
    ]);
    const fresh = found.filter((clash, index) => {
      if (found.findIndex((other) => other.path === clash.path) < index) return false;
      const value = valueAt(theirs, clash.path);
      if (same(value, valueAt(this.#base, clash.path))) return false;
      if (this.#sent && same(value, valueAt(this.#sent, clash.path))) return false;
      if (holds(valueAt(kept, clash.path), clash.mine) && holds(valueAt(kept, clash.path), clash.theirs))
        return false;
      return !before.some(
        (known) => known.path === clash.path && (same(known.mine, value) || same(known.theirs, value)),
      );
    });
    const untouched = before.filter((known) =>
      same(valueAt(theirs, known.path), valueAt(this.#base, known.path)),
    );
    return [...untouched.filter((known) => !fresh.some((clash) => clash.path === known.path)), ...fresh];
  }

  #become(part: Partial<DraftState>): void {
    this.#state = { ...this.#state, ...part };
    for (const listener of this.#listeners) listener();
  }
}
