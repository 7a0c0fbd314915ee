import { execFile } from 'node:child_process';
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { corrupt, SlideRefusal } from './refusal.js';
import { plausibleMpp } from './scanner-text.js';
import type { AssociatedImageName } from './slide.js';

/**
 * OpenSlide, when it is on the machine, through libvips' command line (Debian: libvips-tools). It reads what
 * scanners keep to themselves: NDPI, MRXS, SCN, BIF, VMS. It runs in a process of its own, with limits on memory
 * and time: these are large C parsers, and the files come from anywhere.
 */
const MEMORY_KB = 4 * 1024 * 1024;
const HEADER_SECONDS = 20;
const OUTPUT_BYTES = 4 * 1024 * 1024;
const run = promisify(execFile);

let asked: Promise<boolean> | null = null;

/** Looked for once in the life of the process. */
export function hasOpenSlide(): Promise<boolean> {
  asked ??= vips('vips', ['-l', 'openslideload'], HEADER_SECONDS).then(
    (text) => text.includes('openslideload'),
    () => false,
  );
  return asked;
}

/** libvips says its own version; OpenSlide's it does not tell. */
export async function openSlideVersion(): Promise<string | null> {
  const text = await vips('vips', ['--version'], HEADER_SECONDS).catch(() => '');
  const version = /(\d+\.\d+\.\d+)/.exec(text)?.[1];
  return version === undefined ? null : `OpenSlide, libvips ${version}`;
}

export interface OpenSlideFacts {
  readonly width: number;
  readonly height: number;
  readonly mpp: number | null;
  readonly objective: number | null;
  readonly associated: readonly AssociatedImageName[];
}

let last: { readonly file: string; readonly facts: OpenSlideFacts } | null = null;

/** Rejects with `SlideRefusal` when OpenSlide cannot open the file. Asked several times for one slide: remembered. */
export async function readOpenSlideFacts(path: string): Promise<OpenSlideFacts> {
  const { ino, size, mtimeMs, ctimeMs } = await stat(path);
  const file = [path, ino, size, mtimeMs, ctimeMs].join('|');
  if (last?.file !== file) last = { file, facts: await askOpenSlide(path) };
  return last.facts;
}

async function askOpenSlide(path: string): Promise<OpenSlideFacts> {
  const header = await vips('vipsheader', ['-a', named(path)], HEADER_SECONDS).catch(refuse);
  const value = (key: string) => new RegExp(`^${key}: (.*)$`, 'm').exec(header)?.[1]?.trim();
  const number = (key: string) => Number(value(key) ?? Number.NaN);
  const width = number('width');
  const height = number('height');
  if (value('vips-loader') !== 'openslideload' || !(width > 0) || !(height > 0)) {
    throw corrupt('OpenSlide does not know it');
  }
  const objective = number('openslide.objective-power');
  const names = (value('slide-associated-images') ?? '').split(',').map((name) => name.trim());
  return {
    width,
    height,
    mpp: plausibleMpp(number('openslide.mpp-x')),
    objective: objective >= 1 && objective <= 150 ? objective : null,
    associated: (['label', 'macro', 'thumbnail'] as const).filter((name) => names.includes(name)),
  };
}

/** Writes the tissue, on white where the scanner left holes, as a tiled pyramid in JPEG, and nothing else of the file. */
export async function convertWithOpenSlide(
  path: string,
  target: string,
  { mpp, quality, seconds }: { mpp: number | null; quality: number; seconds: number },
): Promise<void> {
  const scale = mpp === null ? '' : `,xres=${1000 / mpp},yres=${1000 / mpp},resunit=cm`;
  const as = `${target}[tile,tile-width=256,tile-height=256,pyramid,compression=jpeg,Q=${quality},bigtiff,strip${scale}]`;
  try {
    await vips('vips', ['flatten', named(path), as, '--background', '255 255 255'], seconds);
  } catch (error) {
    await rm(target, { force: true });
    throw isTimeout(error)
      ? new SlideRefusal('SLIDE_TOO_LARGE', {}, 'conversion took too long')
      : conversionError(error);
  }
}

/**
 * A JPEG of the label, macro or thumbnail image; made in `folder`, where the caller clears away. null when this
 * OpenSlide cannot give it (Debian 12's libvips 8.14 ends with a fault): the tissue can still be read.
 */
export async function readOpenSlideAssociated(
  path: string,
  name: AssociatedImageName,
  folder: string,
): Promise<Buffer | null> {
  const file = join(folder, `${name}.jpg`);
  const as = `${file}[Q=90,strip,background=255]`;
  const made = await vips('vips', ['openslideload', path, as, '--associated', name], HEADER_SECONDS).then(
    () => true,
    () => false,
  );
  return made ? await readFile(file) : null;
}

/** libvips takes `[` in a name for its own options; every warning of a damaged tile becomes an error. */
function named(path: string): string {
  if (path.includes('[')) throw new SlideRefusal('SLIDE_UNREADABLE_FILE', {}, 'a path with a bracket');
  return `${path}[fail-on=error]`;
}

/** `ulimit` is the shell's: the limit holds for the program that replaces it. Paths are arguments, never code. */
async function vips(command: string, arguments_: string[], seconds: number): Promise<string> {
  const { stdout } = await run(
    '/bin/sh',
    ['-c', `ulimit -v ${MEMORY_KB}; exec "$@"`, 'sh', command, ...arguments_],
    {
      timeout: seconds * 1000,
      killSignal: 'SIGKILL',
      maxBuffer: OUTPUT_BYTES,
      // One conversion leaves a core to the readers.
      env: { PATH: process.env.PATH ?? '/usr/bin:/bin', VIPS_CONCURRENCY: '1', LC_ALL: 'C.UTF-8' },
    },
  );
  return stdout;
}

const isTimeout = (error: unknown): boolean => (error as { killed?: boolean }).killed === true;

function refuse(error: unknown): never {
  if (isTimeout(error)) throw new SlideRefusal('SLIDE_TOO_LARGE', {}, 'its header took too long');
  throw corrupt('OpenSlide cannot open it');
}

/** A full disk is ours to mend and must not be called a damaged file. */
function conversionError(error: unknown): Error {
  const text = String((error as { stderr?: unknown }).stderr ?? '');
  if (/no space left|write error|unable to open for write|unable to write/i.test(text)) {
    return new Error('the converted slide could not be written', { cause: error });
  }
  return corrupt('OpenSlide cannot decode its pixels');
}
