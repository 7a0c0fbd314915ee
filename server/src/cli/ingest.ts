import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeSlideRefusal } from '@relecture/shared/slides/refusals.js';
import { createDecoders } from '../slides/decoding/decoders.js';
import type { Inspection } from '../slides/formats/inspect.js';
import { SlideRefusal } from '../slides/formats/refusal.js';

const USAGE = 'Usage : relecture ingest FICHIER [--json]\n';

/**
 * `relecture ingest FILE --json`: what the product would make of a file, without a server or a database.
 * Exit code 0: it would become a slide; 1: refused, with the code; 2: the command was misused.
 */
export async function ingestCommand(argv: string[]): Promise<number> {
  const json = argv.includes('--json');
  const [file, ...others] = argv.filter((argument) => argument !== '--json');
  if (file === undefined || others.length > 0 || file.startsWith('--')) {
    process.stderr.write(USAGE);
    return 2;
  }
  const decoders = createDecoders();
  const scratch = await mkdtemp(join(tmpdir(), 'relecture-'));
  try {
    const inspection = { state: 'ready', ...(await decoders.run('inspect', file, scratch)) };
    process.stdout.write(json ? `${JSON.stringify(inspection)}\n` : describe(inspection));
    return 0;
  } catch (error) {
    if (!(error instanceof SlideRefusal)) throw error;
    const facts = { code: error.code, params: error.params };
    const fr = describeSlideRefusal(facts, 'fr');
    const en = describeSlideRefusal(facts, 'en');
    process.stdout.write(
      json
        ? `${JSON.stringify({ state: 'rejected', ...facts, fr, en })}\n`
        : `${facts.code}\n${fr.reason} ${fr.advice}\n`,
    );
    return 1;
  } finally {
    await decoders.stop();
    await rm(scratch, { recursive: true, force: true });
  }
}

function describe(slide: Inspection): string {
  const lines = [
    `${slide.format} (${slide.reading === 'direct' ? 'lu tel quel' : 'à convertir en pyramide'})`,
    `${slide.width} x ${slide.height} pixels, ${slide.mpp === null ? 'échelle inconnue' : `${slide.mpp} µm/pixel (${slide.mppSource})`}`,
    ...slide.levels.map(
      (level, number) =>
        `niveau ${number} : ${level.width} x ${level.height}, tuiles ${level.tileWidth} x ${level.tileHeight}`,
    ),
    `images associées : ${slide.associated.join(', ') || 'aucune'}`,
  ];
  return `${lines.join('\n')}\n`;
}
