import type { DecodingJob } from './jobs.js';

const MB = 1024 * 1024;
const SECOND = 1000;

/** What a decoding process may have in all, for itself: the kernel refuses more (RLIMIT_DATA, not V8's reservations). */
export const PROCESS_MB = 3072;
/** Room of JavaScript itself: the index of a slide of 16 million tiles. */
export const HEAP_MB = 1024;

const SMALLEST_MEMORY = 192 * MB;
const LARGEST_MEMORY = 2048 * MB;
/** A progressive JPEG needs six bytes a pixel, and has a tenth of a byte a pixel at the least. */
const MEMORY_PER_BYTE = 64;

/** Memory that work on a file of this size may take, bytes: a small file that asks for gigabytes lies. */
export function memoryFor(fileBytes: number): number {
  return Math.min(LARGEST_MEMORY, Math.max(SMALLEST_MEMORY, fileBytes * MEMORY_PER_BYTE));
}

/** Nothing written for so long: it goes round in circles. */
export const STALL_MS = 120 * SECOND;
const LONGEST_MS = 4 * 3600 * SECOND;

/** Time that work on a file of this size may take: a JPEG 2000 slide costs 2 s a megabyte on a small machine. */
export function timeFor(job: DecodingJob, fileBytes: number): number {
  const megabytes = fileBytes / MB;
  const seconds =
    job === 'convert' || job === 'inspect' || job === 'focus'
      ? 60 + 10 * megabytes
      : // It rewrites what no tile uses, once.
        job === 'scrub'
        ? 60 + 0.2 * megabytes
        : 30 + 0.02 * megabytes;
  return Math.min(LONGEST_MS, seconds * SECOND);
}

/** Jobs that write as they go: silence means something. */
export const writesAsItGoes = (job: DecodingJob): boolean => job === 'convert';
