import { readFile, rm, writeFile } from 'node:fs/promises';
import { Decoder } from '@relecture/server/slides/decoding/decoder.js';
import { SlideRefusal } from '@relecture/server/slides/formats/refusal.js';
import { randomFrom } from '@relecture/server/slides/synthetic/random.js';
import { Mutator } from './mutate.js';
import type { Sample } from './samples.js';

export interface Findings {
  readonly name: string;
  readonly bytes: number;
  readonly slides: number;
  /** How often each code was given. */
  readonly codes: Readonly<Record<string, number>>;
  readonly worstMs: number;
  readonly worstMb: number;
  /** Every crash and every error without a code, with the number of the mutation. */
  readonly faults: readonly string[];
  /** Those that took longer or more than the bounds. */
  readonly beyond: readonly string[];
}

export const MOST_MS = 2000;
export const MOST_MB = 256;

interface Trial {
  readonly outcome: string;
  readonly ms: number;
  readonly mb: number;
}

/** Damages a sample so many times, and has each copy looked at and converted as the product does. */
export async function tryMutations(
  { name, bytes }: Sample,
  count: number,
  seed: number,
  folder: string,
  keep: string | null = null,
): Promise<Findings> {
  const mutator = new Mutator(bytes, randomFrom(seed));
  const codes: Record<string, number> = {};
  const faults: string[] = [];
  const beyond: string[] = [];
  let slides = 0;
  let worstMs = 0;
  let worstMb = 0;
  const path = `${folder}/mutated`;
  let decoder = new Decoder();
  for (let n = 0; n < count; n += 1) {
    const file = mutator.next();
    await writeFile(path, file);
    const { outcome, ms, mb } = await tryOne(decoder, path, folder, file.length);
    if (!decoder.alive) decoder = new Decoder();
    worstMs = Math.max(worstMs, ms);
    worstMb = Math.max(worstMb, mb);
    if (outcome === 'slide') slides += 1;
    else if (outcome.startsWith('SLIDE_')) codes[outcome] = (codes[outcome] ?? 0) + 1;
    else faults.push(`${n}: ${outcome}`);
    const tooMuch = ms > MOST_MS || mb > MOST_MB;
    if (tooMuch) beyond.push(`${n}: ${outcome}, ${Math.round(ms)} ms, ${Math.round(mb)} MB`);
    if (keep && (tooMuch || !/^(slide|SLIDE_)/.test(outcome)))
      await writeFile(`${keep}/${name.replaceAll(/\W+/g, '-')}-${n}`, file);
  }
  await decoder.stop();
  await rm(path, { force: true });
  return { name, bytes: bytes.length, slides, codes, worstMs, worstMb, faults, beyond };
}

async function tryOne(decoder: Decoder, path: string, folder: string, bytes: number): Promise<Trial> {
  const memory = await watchMemory(decoder);
  const begin = performance.now();
  const outcome = await decoder.run('inspect', [path, folder], bytes).then(
    () => 'slide',
    (error: unknown) =>
      error instanceof SlideRefusal ? error.code : `${(error as Error).name}: ${(error as Error).message}`,
  );
  return { outcome, ms: performance.now() - begin, mb: await memory() };
}

/** How far the process, and the program it starts for OpenSlide, grow at the most; 0 where there is no /proc. */
async function watchMemory(decoder: Decoder): Promise<() => Promise<number>> {
  await decoder.started();
  const { pid } = decoder;
  if (process.platform !== 'linux') return async () => 0;
  await writeFile(`/proc/${pid}/clear_refs`, '5');
  const before = await residentKb(`/proc/${pid}`, 'VmRSS');
  let most = before;
  let others = 0;
  const look = async () => {
    most = Math.max(most, await residentKb(`/proc/${pid}`, 'VmHWM'));
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'latin1').catch(() => '');
    for (const child of children.split(' ').filter(Boolean))
      others = Math.max(others, await residentKb(`/proc/${child}`, 'VmHWM'));
  };
  const timer = setInterval(() => void look(), 15);
  return async () => {
    clearInterval(timer);
    await look();
    return (most - before + others) / 1024;
  };
}

/** 0: it is gone. */
async function residentKb(process: string, line: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`${process}/status`, 'latin1').catch(() => '');
  return Number(new RegExp(`${line}:\\s+(\\d+)`).exec(status)?.[1] ?? 0);
}
