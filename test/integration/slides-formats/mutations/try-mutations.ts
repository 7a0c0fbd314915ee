import { readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
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
  /** By the clock; and of the processor, which is what counts when others keep it busy. */
  readonly worstMs: number;
  readonly worstCpuMs: number;
  readonly worstMb: number;
  /** Every crash and every error without a code, with the number of the mutation. */
  readonly faults: readonly string[];
  /** Those that took longer or more than the bounds. */
  readonly beyond: readonly string[];
}

export const MOST_MS = 2000;
/** Nobody waits for so long, whatever else the machine does. */
const HANGS_MS = 20_000;
export const MOST_MB = 256;

interface Trial {
  readonly outcome: string;
  readonly ms: number;
  readonly cpuMs: number;
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
  let worstCpuMs = 0;
  let worstMb = 0;
  const path = `${folder}/mutated`;
  let decoder = new Decoder();
  for (let n = 0; n < count; n += 1) {
    const file = mutator.next();
    await writeFile(path, file);
    const { outcome, ms, cpuMs, mb } = await tryOne(decoder, path, folder, file.length);
    if (!decoder.alive) decoder = new Decoder();
    worstMs = Math.max(worstMs, ms);
    worstCpuMs = Math.max(worstCpuMs, cpuMs);
    worstMb = Math.max(worstMb, mb);
    if (outcome === 'slide') slides += 1;
    else if (outcome.startsWith('SLIDE_')) codes[outcome] = (codes[outcome] ?? 0) + 1;
    else faults.push(`${n}: ${outcome}`);
    const tooLong = isBusy() ? cpuMs > MOST_MS || ms > HANGS_MS : ms > MOST_MS;
    const tooMuch = tooLong || mb > MOST_MB;
    if (tooMuch)
      beyond.push(
        `${n}: ${outcome}, ${Math.round(ms)} ms (${Math.round(cpuMs)} of the processor), ${Math.round(mb)} MB`,
      );
    if (keep && (tooMuch || !/^(slide|SLIDE_)/.test(outcome)))
      await writeFile(`${keep}/${name.replaceAll(/\W+/g, '-')}-${n}`, file);
  }
  await decoder.stop();
  await rm(path, { force: true });
  return { name, bytes: bytes.length, slides, codes, worstMs, worstCpuMs, worstMb, faults, beyond };
}

async function tryOne(decoder: Decoder, path: string, folder: string, bytes: number): Promise<Trial> {
  const memory = await watchMemory(decoder);
  const cpu = await cpuTime(decoder.pid);
  const begin = performance.now();
  const outcome = await decoder.run('inspect', [path, folder], bytes).then(
    () => 'slide',
    (error: unknown) =>
      error instanceof SlideRefusal ? error.code : `${(error as Error).name}: ${(error as Error).message}`,
  );
  const ms = performance.now() - begin;
  // Gone with its process when it was ended: then the clock says it.
  const cpuMs = decoder.alive ? (await cpuTime(decoder.pid)) - cpu : ms;
  return { outcome, ms, cpuMs, mb: await memory() };
}

/** More work than cores: the clock measures the others too. */
const isBusy = () => (loadavg()[0] ?? 0) > availableParallelism();

/** Of the process and of those it has started and outlived, milliseconds; 0 where there is no /proc. */
async function cpuTime(pid: number | undefined): Promise<number> {
  const line = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
  // After the name, which may hold anything: fields 14 to 17 of proc(5), in hundredths.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks) * 10, 0);
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
