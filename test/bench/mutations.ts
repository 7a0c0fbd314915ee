/**
 * `npm run bench:mutations`: damages a sample of every format a thousand times (`--count`, `--seed`, `--only NAME`)
 * and has each copy looked at, converted and judged by a decoding process. Says, per format, how many became slides,
 * which codes the others got, the longest time and the largest growth of memory. Exit code 1: a crash, an error
 * without a code, more than 2 s (of the processor, when others keep it busy) or 256 MB. `--keep FOLDER` keeps the files that did it.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { samples } from '../integration/slides-formats/mutations/samples.js';
import { type Findings, tryMutations } from '../integration/slides-formats/mutations/try-mutations.js';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '20261123' },
    only: { type: 'string', default: '' },
    keep: { type: 'string' },
  },
});
const folder = await mkdtemp(join(tmpdir(), 'relecture-mutations-'));
const all: Findings[] = [];
try {
  for await (const sample of samples(folder)) {
    if (!sample.name.toLowerCase().includes(values.only.toLowerCase())) continue;
    const findings = await tryMutations(
      sample,
      Number(values.count),
      Number(values.seed),
      folder,
      values.keep ?? null,
    );
    all.push(findings);
    const { name, slides, codes, worstMs, worstCpuMs, worstMb, faults, beyond } = findings;
    const refused = Object.entries(codes).map(([code, times]) => `${code.replace('SLIDE_', '')} ${times}`);
    console.error(
      `${name}: ${slides} slides, ${refused.join(', ')}; at most ${Math.round(worstMs)} ms (${Math.round(worstCpuMs)} of the processor), ${Math.round(worstMb)} MB`,
    );
    for (const fault of [...faults, ...beyond].slice(0, 20)) console.error(`  ${fault}`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
console.log(
  JSON.stringify({
    formats: all.map(({ name, slides, codes, worstMs, worstCpuMs, worstMb, faults, beyond }) => ({
      name,
      slides,
      codes,
      worstMs: Math.round(worstMs),
      worstCpuMs: Math.round(worstCpuMs),
      worstMb: Math.round(worstMb),
      faults: faults.length,
      beyond: beyond.length,
    })),
  }),
);
process.exitCode = all.every(({ faults, beyond }) => faults.length + beyond.length === 0) ? 0 : 1;
