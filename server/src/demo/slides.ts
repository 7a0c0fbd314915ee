import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateSyntheticSlide, type SyntheticKind } from '../slides/synthetic/index.js';

/** The masters that the demo cases take their copies from. */
export type SlideKind = 'lymphoid' | 'gland' | 'sarcoma' | 'ihc' | 'large';

const MASTERS: Record<
  SlideKind,
  { kind: SyntheticKind; width: number; height: number; stain: string; block: string }
> = {
  lymphoid: { kind: 'he-lymphoid', width: 6000, height: 4600, stain: 'HES', block: 'A1' },
  gland: { kind: 'he-gland', width: 5200, height: 4200, stain: 'HES', block: 'A1' },
  sarcoma: { kind: 'he-sarcoma', width: 5600, height: 4400, stain: 'HES', block: 'B1' },
  ihc: { kind: 'ihc-dab', width: 5200, height: 4000, stain: 'Ki-67', block: 'A1' },
  large: { kind: 'he-gland', width: 20_000, height: 16_000, stain: 'HES', block: 'A2' },
};

export const stainOf = (kind: SlideKind): { stain: string; block: string } => MASTERS[kind];

export interface Masters {
  path(kind: SlideKind): string;
  /** A file that is no slide, for the case that shows a refusal. */
  readonly notASlide: string;
  remove(): Promise<void>;
}

/** Draws the masters into a folder of their own, which goes when the demo is made. */
export async function drawMasters(dataDir: string, say: (line: string) => void): Promise<Masters> {
  const folder = join(dataDir, 'demo-slides');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = (kind: SlideKind) => join(folder, `${kind}.svs`);
  for (const [index, [name, master]] of Object.entries(MASTERS).entries()) {
    say(
      `  lame synthétique ${index + 1}/${Object.keys(MASTERS).length} (${master.width} × ${master.height} px)…`,
    );
    await generateSyntheticSlide({
      path: path(name as SlideKind),
      kind: master.kind,
      width: master.width,
      height: master.height,
      seed: 4200 + index,
      label: {
        examNumber: '26H00000',
        block: master.block,
        stain: master.stain,
        laboratory: 'RELECTURE DEMO',
      },
    });
  }
  const notASlide = join(folder, 'notes.txt');
  await writeFile(notASlide, 'Ceci n’est pas une lame.\n'.repeat(50));
  return { path, notASlide, remove: () => rm(folder, { recursive: true, force: true }) };
}
