import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { walkHistory } from '@relecture/server/demo/history.js';
import { generateSyntheticSlide, type SyntheticKind } from '@relecture/server/slides/synthetic/index.js';
import { PASSWORD } from './people.js';

const KINDS: Record<string, SyntheticKind> = {
  lymphoid: 'he-lymphoid',
  gland: 'he-gland',
  sarcoma: 'he-sarcoma',
  ihc: 'ihc-dab',
  large: 'he-gland',
};

const nothing = () => undefined;

/** The demonstration's people and cases, in every status, on slides small enough for a test. */
export async function makeDemoCases(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'relecture-demo-cases-'));
  try {
    for (const [name, kind] of Object.entries(KINDS))
      await generateSyntheticSlide({
        path: join(folder, `${name}.svs`),
        kind,
        width: 1800,
        height: 1400,
        seed: 4200 + name.length,
        label: { examNumber: '26H00000', block: 'A1', stain: 'HES', laboratory: 'RELECTURE' },
      });
    const notASlide = join(folder, 'notes.txt');
    await writeFile(notASlide, 'Ceci n’est pas une lame.\n'.repeat(50));

    const masters = { path: (kind: string) => join(folder, `${kind}.svs`), notASlide };
    await walkHistory(PASSWORD, masters, { line: nothing, part: nothing }, new AbortController().signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
