import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { findBrokenWalls } from '../../support/walls/find-broken-walls.js';
import { drivers, ends, ground, path } from '../../support/walls/rules.js';
import { brokenRules, brokenWalls, clean, cleanRules } from './planted.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

describe('the walls of the house', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'relecture-walls-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('lets every permitted import pass, and reads every one of them', async () => {
    await plant(clean);
    const { broken, modulesRead } = findBrokenWalls(folder);
    expect(broken).to.deep.equal([]);
    expect(Object.values(modulesRead).reduce((sum, count) => sum + count)).to.equal(
      Object.keys(clean).length,
    );
  });

  it('refuses every planted violation, for its own reason', async () => {
    await plant({ ...clean, ...texts(brokenWalls) });
    const { broken } = findBrokenWalls(folder);
    expect(broken.map(({ file }) => file)).to.have.members(Object.keys(brokenWalls));
    for (const { file, reason } of broken) expect(reason, file).to.include(brokenWalls[file]?.reason);
  });

  it('says where: the line and the import as written', async () => {
    await plant({ 'shared/src/cases/late.ts': `export const a = 1;\n\nexport * from 'express';\n` });
    expect(findBrokenWalls(folder).broken).to.deep.include({
      file: 'shared/src/cases/late.ts',
      line: 3,
      specifier: 'express',
      reason: 'shared imports only itself and zod: no node, no DOM, no framework, no other workspace',
    });
  });

  it('keeps every pair of steps in order: up is open, down is shut', async () => {
    for (const [at, step] of path.entries()) {
      for (const [otherAt, other] of path.entries()) {
        if (at === otherAt) continue;
        await plant({ [`server/src/${step}/to-${other}.ts`]: `export * from '../${other}/index.js';\n` });
      }
    }
    const { broken } = findBrokenWalls(folder);
    const refused = new Set(broken.map(({ file }) => file));
    for (const [at, step] of path.entries()) {
      for (const [otherAt, other] of path.entries()) {
        if (at === otherAt) continue;
        const open = otherAt < at;
        expect(!refused.has(`server/src/${step}/to-${other}.ts`), `${step} to ${other}`).to.equal(open);
      }
    }
    expect(path.slice(-ends.length)).to.deep.equal(ends);
    expect(new Set([...ground, ...path, ...drivers]).size).to.equal(
      ground.length + path.length + drivers.length,
    );
  });

  it('is kept by Biome too: what needs a rule of the language is refused, its twin passes', async () => {
    await plant({ ...cleanRules, ...texts(brokenRules) });
    for (const name of ['biome.json', '.gitignore']) await copyFile(join(root, name), join(folder, name));
    const diagnostics = await lint(folder);
    for (const [file, { reason }] of Object.entries(brokenRules)) {
      expect(diagnostics.get(file), file).to.include(`lint/${reason}`);
    }
    for (const file of Object.keys(cleanRules)) expect(diagnostics.has(file), file).to.equal(false);
  });

  async function plant(files: Record<string, string>): Promise<void> {
    for (const [file, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), text);
    }
  }
});

const texts = (planted: typeof brokenWalls) =>
  Object.fromEntries(Object.entries(planted).map(([file, { text }]) => [file, text]));

/** One run over the whole folder: the rules broken, by file. */
function lint(folder: string): Promise<Map<string, string[]>> {
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const args = [biome, 'lint', '--reporter=json', '--max-diagnostics=none'];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 10_000_000 }, (_failed, stdout, stderr) => {
      try {
        const { diagnostics } = JSON.parse(stdout) as {
          diagnostics: { category: string; severity: string; location: { path: string } }[];
        };
        const byFile = new Map<string, string[]>();
        for (const { category, severity, location } of diagnostics) {
          if (severity !== 'error') continue;
          byFile.set(location.path, [...(byFile.get(location.path) ?? []), category]);
        }
        resolve(byFile);
      } catch (error) {
        reject(new Error(`${String(error)}\n${stdout.slice(0, 2000)}\n${stderr.slice(0, 2000)}`));
      }
    });
  });
}
