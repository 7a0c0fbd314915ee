import type { QueueRequest, Resolution } from '@relecture/shared/annotations/save-queue.js';
import { type ReportContent, type ReportDraft, reportContent } from '@relecture/shared/reports/schema.js';
import { readReportDraft, saveReportDraft } from '../api/reports';
import { signedInAs } from '../viewer/save/kept';
import { localCopies } from '../viewer/save/local-copies';
import { outcomeOf } from '../viewer/save/outcome';
import { QueueRunner } from '../viewer/save/queue-runner';

const KEY = 'report';
/** Long enough to gather a word, short enough to lose nothing worth mentioning. */
const TYPING_PAUSE_MS = 800;

const EMPTY_REPORT: ReportContent = reportContent.parse({});

const sameReport = (a: ReportContent, b: ReportContent) =>
  JSON.stringify(reportContent.parse(a)) === JSON.stringify(reportContent.parse(b));

/** The report being written: one document, saved by the same queue as the annotations. */
export class ReportDraftStore {
  readonly queue: QueueRunner<ReportContent>;
  readonly #reviewId: string;
  readonly #userId: string;
  #saved: ReportDraft | null = null;
  #content: ReportContent | null = null;
  readonly #listeners = new Set<() => void>();

  constructor(reviewId: string, userId: string) {
    this.#reviewId = reviewId;
    this.#userId = userId;
    this.queue = new QueueRunner<ReportContent>({
      copies: localCopies(`${userId}:${reviewId}:report`),
      same: sameReport,
      send: (request) => this.#send(request),
    });
    this.queue.subscribe(() => this.#compose());
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** null until the server's draft, or a copy left on this computer, is known. */
  readonly content = (): ReportContent | null => this.#content;

  load(draft: ReportDraft): void {
    if (this.#saved && this.#saved.version > draft.version) return;
    this.#saved = draft;
    this.#compose();
  }

  change(part: Partial<ReportContent>): void {
    const wanted = { ...(this.#content ?? EMPTY_REPORT), ...part };
    this.queue.edit({
      key: KEY,
      group: this.#reviewId,
      wanted,
      knownVersion: this.#saved?.version ?? 0,
      delay: TYPING_PAUSE_MS,
    });
  }

  /** What somebody (or another tab) saved meanwhile, while the person has not chosen. */
  theirs(): ReportContent | null {
    const problem = this.queue.getSnapshot().entries.get(KEY)?.problem;
    return problem?.kind === 'conflict' ? problem.theirs : null;
  }

  resolve(choice: Resolution): void {
    const problem = this.queue.getSnapshot().entries.get(KEY)?.problem;
    if (choice === 'theirs' && problem?.kind === 'conflict' && problem.theirs) {
      this.#saved = { reviewId: this.#reviewId, version: problem.theirVersion, content: problem.theirs };
    }
    this.queue.resolve(KEY, choice);
  }

  async #send({ content, baseVersion }: QueueRequest<ReportContent>) {
    if (!signedInAs(this.#userId)) return { type: 'signed_out' as const };
    try {
      const saved = await saveReportDraft(this.#reviewId, baseVersion, content ?? EMPTY_REPORT);
      this.#saved = saved;
      return { type: 'saved' as const, version: saved.version };
    } catch (error) {
      return outcomeOf<ReportContent>(error, async () => {
        const current = await readReportDraft(this.#reviewId);
        return { type: 'conflict', version: current.version, content: current.content };
      });
    }
  }

  #compose(): void {
    const wanted = this.queue.getSnapshot().entries.get(KEY)?.wanted;
    this.#content = wanted ?? this.#saved?.content ?? null;
    for (const listener of this.#listeners) listener();
  }
}
