import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Pixels } from './compare.js';

const run = promisify(execFile);

/** Debian's python3-openslide belongs to the system's own python, whichever else stands before it in PATH. */
const PYTHON = '/usr/bin/python3';

/** Each level on white, as raw RGB beside its size. */
const LEVELS = `
import sys, json, openslide
from PIL import Image
slide = openslide.OpenSlide(sys.argv[1])
for level, size in enumerate(slide.level_dimensions):
    region = slide.read_region((0, 0), level, size)
    white = Image.new('RGBA', size, (255, 255, 255, 255))
    white.alpha_composite(region)
    with open('%s/%d.rgb' % (sys.argv[2], level), 'wb') as out:
        out.write(white.convert('RGB').tobytes())
print(json.dumps({'sizes': slide.level_dimensions, 'properties': dict(slide.properties)}))
`;

export interface OpenSlideTruth {
  readonly levels: Pixels[];
  readonly properties: Readonly<Record<string, string>>;
}

export const hasPythonOpenSlide = (): Promise<boolean> =>
  run(PYTHON, ['-c', 'import openslide, PIL']).then(
    () => true,
    () => false,
  );
export const hasOpenJpeg = (): Promise<boolean> =>
  run('opj_compress', ['-h']).then(
    () => true,
    (error: { code?: unknown }) => error.code !== 'ENOENT',
  );

/** What OpenSlide itself, through its Python binding and not through libvips, decodes. */
export async function openSlideTruth(path: string): Promise<OpenSlideTruth> {
  return await inFolder(async (folder) => {
    const { stdout } = await run(PYTHON, ['-c', LEVELS, path, folder], { maxBuffer: 16 * 1024 * 1024 });
    const { sizes, properties } = JSON.parse(stdout) as {
      sizes: Array<[number, number]>;
      properties: Record<string, string>;
    };
    const levels: Pixels[] = [];
    for (const [number, [width, height]] of sizes.entries()) {
      levels.push({ width, height, data: await readFile(join(folder, `${number}.rgb`)) });
    }
    return { levels, properties };
  });
}

/** A codestream as Aperio's: `subsampled` halves the width of the second and third component. */
export async function openJpegEncode(components: readonly Buffer[], side: number, subsampled = false) {
  return await inFolder(async (folder) => {
    await writeFile(join(folder, 'tile.raw'), Buffer.concat([...components]));
    const sampling = subsampled ? '1x1:2x1:2x1' : '1x1:1x1:1x1';
    const format = `${side},${side},3,8,u@${sampling}`;
    await run('opj_compress', ['-i', 'tile.raw', '-o', 'tile.j2k', '-F', format, '-mct', '0'], {
      cwd: folder,
    });
    return await readFile(join(folder, 'tile.j2k'));
  });
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'relecture-truth-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
