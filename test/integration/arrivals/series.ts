import sharp from 'sharp';
import { buildInstance, words } from '../slides-formats/dicom-builder.js';

const TILE = 256;

/** JPEG frames with structure, so that none is blank. */
async function frames(count: number, seed: number): Promise<Buffer[]> {
  return await Promise.all(
    Array.from({ length: count }, async (_, n) => {
      const data = Buffer.alloc(TILE * TILE * 3);
      for (let at = 0; at < data.length; at += 3) {
        data[at] = 120 + ((at / 3 + n * 31 + seed) % 100);
        data[at + 1] = 60 + ((at / 3 / TILE) % 90);
        data[at + 2] = 150;
      }
      return await sharp(data, { raw: { width: TILE, height: TILE, channels: 3 } })
        .jpeg()
        .toBuffer();
    }),
  );
}

export interface SeriesUids {
  readonly study: string;
  readonly series: string;
  readonly accession: string;
}

/** A slide of two levels, one instance each, as a scanner exports it, with a patient's name in every header. */
export async function buildSeries({ study, series, accession }: SeriesUids): Promise<Buffer[]> {
  const extra = (n: number) => [
    words(0x00080018, 'UI', `${series}.${n}`),
    words(0x00080050, 'SH', accession),
    words(0x0008103e, 'LO', 'Lame A1 HES'),
    words(0x0020000d, 'UI', study),
    words(0x00400512, 'LO', `${accession}-A1`),
  ];
  const seed = [...series].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
  return [
    buildInstance({
      width: 768,
      height: 512,
      tile: TILE,
      frames: await frames(6, seed),
      series,
      extra: extra(1),
    }),
    buildInstance({
      width: 384,
      height: 256,
      tile: TILE,
      frames: await frames(2, seed),
      series,
      extra: extra(2),
    }),
  ];
}
