import type { SlideRefusalCode, SlideRefusalParams } from '@relecture/shared/slides/refusals.js';
import type { DecodingJob } from './jobs.js';

export interface DecodingOrder {
  readonly job: DecodingJob;
  readonly args: readonly unknown[];
}

export type DecodingNews =
  /** It has loaded everything and waits for an order. */
  | { readonly kind: 'ready' }
  /** Bytes written so far, when they grow; `rss` where the server cannot look at it from outside. */
  | { readonly kind: 'alive'; readonly written: number; readonly rss: number }
  | { readonly kind: 'done'; readonly value: unknown }
  | {
      readonly kind: 'refused';
      readonly code: SlideRefusalCode;
      readonly params: SlideRefusalParams;
      readonly detail: string;
    }
  | { readonly kind: 'failed'; readonly error: FailedJob };

/** A trouble that is not the file's: the disk, or a fault of ours. */
export interface FailedJob {
  readonly name: string;
  readonly message: string;
  readonly code: string | null;
  readonly cause: string | null;
}
