import { rememberFile } from '../api/file-names';
import { type ApiProblem, isProblem, NETWORK_DOWN } from '../api/problem';
import { removeSlide, updateSlide } from '../api/slides';
import { Transfer } from '../api/uploads';
import { refuseEarly } from './refuse-early';
import { guessBlock, guessStain } from './stains';

type UploadState = 'waiting' | 'sending' | 'retrying' | 'paused' | 'sent' | 'failed' | 'refused';

export interface UploadRow {
  key: string;
  caseId: string;
  /** Stays on this screen: it may hold the patient's name. */
  fileName: string;
  bytes: number;
  sent: number;
  /** Bytes per second, smoothed; null until known. */
  speed: number | null;
  state: UploadState;
  /** When the connection is tried again, while it is lost. */
  nextTryAt: number | null;
  slideId: string | null;
  stain: string;
  block: string;
  problem: ApiProblem | null;
  refusal: { code: string; params: Record<string, string | number> } | null;
  file: File;
}

const TOGETHER = 2;

/**
 * Every file on its way, over all cases: it goes on while the person works elsewhere in the page. Two at a time;
 * the others wait their turn.
 */
class UploadQueue {
  #rows: readonly UploadRow[] = [];
  readonly #transfers = new Map<string, Transfer>();
  readonly #clocks = new Map<string, { at: number; sent: number }>();
  readonly #listeners = new Set<() => void>();
  /** Taken away here: the page read before must not bring them back. */
  readonly #removed = new Set<string>();
  #count = 0;

  constructor() {
    // The network is back: what gave up waiting goes on by itself.
    window.addEventListener('online', () => {
      for (const row of this.#rows)
        if (row.state === 'failed' && isProblem(row.problem, NETWORK_DOWN)) this.resume(row.key);
    });
    window.addEventListener('beforeunload', (event) => {
      if (this.#rows.some((row) => row.state === 'sending' || row.state === 'retrying'))
        event.preventDefault();
    });
  }

  readonly read = () => this.#rows;
  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  async add(caseId: string, files: File[], stain = ''): Promise<void> {
    for (const file of files) {
      if (
        this.#rows.some((row) => row.caseId === caseId && row.state !== 'refused' && sameFile(row.file, file))
      )
        continue;
      this.#count += 1;
      const refusal = await refuseEarly(file);
      const row: UploadRow = {
        key: `upload-${this.#count}`,
        caseId,
        fileName: file.name,
        bytes: file.size,
        sent: 0,
        speed: null,
        state: refusal ? 'refused' : 'waiting',
        nextTryAt: null,
        slideId: null,
        stain: guessStain(file.name) || stain,
        block: guessBlock(file.name),
        problem: null,
        refusal,
        file,
      };
      this.#rows = [...this.#rows, row];
    }
    this.#tell();
    this.#next();
  }

  pause(key: string): void {
    const row = this.#row(key);
    if (!row) return;
    this.#set(key, { state: 'paused', speed: null });
    void this.#transfers.get(key)?.pause();
    this.#next();
  }

  resume(key: string): void {
    this.#clocks.delete(key);
    this.#set(key, { state: 'waiting', problem: null, speed: null });
    this.#next();
  }

  /** Not at the next try but now. */
  async retryNow(key: string): Promise<void> {
    await this.#transfers.get(key)?.pause();
    this.resume(key);
  }

  /** Forgets the file, here and on the server. */
  async cancel(key: string): Promise<void> {
    const row = this.#row(key);
    const transfer = this.#transfers.get(key);
    this.#drop(key);
    // Whole on the server, it is no upload any more but a slide. One that becomes whole meanwhile is told by the next.
    if (row && !['sent', 'refused'].includes(row.state))
      await transfer?.cancel().catch((error: unknown) => {
        if (!row.slideId) ignoreGone(error);
      });
    if (row?.slideId) await this.removeSlide(row.slideId);
  }

  async removeSlide(slideId: string): Promise<void> {
    this.#removed.add(slideId);
    this.#rows = [...this.#rows];
    this.#tell();
    try {
      await removeSlide(slideId).catch(ignoreGone);
    } catch (error) {
      this.#removed.delete(slideId);
      this.#rows = [...this.#rows];
      this.#tell();
      throw error;
    }
  }

  isRemoved(slideId: string): boolean {
    return this.#removed.has(slideId);
  }

  /** The server knows the slide from here on: its own row takes over. */
  forget(key: string): void {
    this.#drop(key);
  }

  /** The server judged the file: the reason is told where the file was dropped, while the file is still at hand. */
  refuse(key: string, refusal: UploadRow['refusal']): void {
    this.#set(key, { state: 'refused', refusal });
  }

  describe(key: string, words: { stain?: string; block?: string }): void {
    this.#set(key, words);
  }

  /** Tells the server the words typed while the upload already ran. */
  async saveWords(key: string): Promise<void> {
    const row = this.#row(key);
    if (row?.slideId) await updateSlide(row.slideId, { stain: row.stain, block: row.block });
  }

  #next(): void {
    const busy = this.#rows.filter((row) => row.state === 'sending' || row.state === 'retrying').length;
    for (const row of this.#rows
      .filter((item) => item.state === 'waiting')
      .slice(0, Math.max(0, TOGETHER - busy)))
      this.#start(row);
  }

  #start(row: UploadRow): void {
    const { key } = row;
    this.#set(key, { state: 'sending' });
    const known = this.#transfers.get(key);
    if (known) {
      known.resume();
      return;
    }
    const transfer = new Transfer({
      caseId: row.caseId,
      file: row.file,
      stain: row.stain,
      block: row.block,
      onSlide: (slideId) => {
        if (this.#row(key)?.slideId === slideId) return;
        this.#set(key, { slideId });
        void rememberFile(slideId, row.caseId, row.file);
      },
      onProgress: (sent) => this.#progress(key, sent),
      onRetry: (delay) => this.#set(key, { state: 'retrying', speed: null, nextTryAt: Date.now() + delay }),
      onDone: () => {
        this.#set(key, { state: 'sent', sent: row.bytes, speed: null });
        this.saveWords(key).catch(ignoreGone);
        this.#next();
      },
      onFailure: (problem) => {
        this.#set(key, { state: 'failed', problem, speed: null });
        this.#next();
      },
    });
    this.#transfers.set(key, transfer);
    transfer.start().catch(() => this.#set(key, { state: 'failed' }));
  }

  #progress(key: string, sent: number): void {
    const row = this.#row(key);
    if (!row || row.state === 'paused') return;
    const now = performance.now();
    const clock = this.#clocks.get(key);
    if (clock && now - clock.at < 400) return;
    this.#clocks.set(key, { at: now, sent });
    const fresh = clock && sent > clock.sent ? ((sent - clock.sent) * 1000) / (now - clock.at) : null;
    const speed = fresh === null ? row.speed : row.speed === null ? fresh : row.speed * 0.7 + fresh * 0.3;
    this.#set(key, { sent, speed, state: 'sending' });
  }

  #row(key: string): UploadRow | undefined {
    return this.#rows.find((row) => row.key === key);
  }

  #set(key: string, part: Partial<UploadRow>): void {
    this.#rows = this.#rows.map((row) => (row.key === key ? { ...row, ...part } : row));
    this.#tell();
  }

  #drop(key: string): void {
    this.#rows = this.#rows.filter((row) => row.key !== key);
    this.#transfers.delete(key);
    this.#clocks.delete(key);
    this.#tell();
    this.#next();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

const sameFile = (a: File, b: File) =>
  a.name === b.name && a.size === b.size && a.lastModified === b.lastModified;

/** Already gone on the server is what was asked for. */
function ignoreGone(error: unknown): void {
  if (!isProblem(error) || ![0, 404, 409, 410].includes(error.status)) throw error;
}

export const uploads = new UploadQueue();
