import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { startTestApp } from '../../support/app.js';

const MAIN = fileURLToPath(new URL('../../../server/src/cli/main.ts', import.meta.url));

function run(
  argv: string[],
  env: Record<string, string>,
): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ['--conditions=relecture-source', '--import', 'tsx', MAIN, ...argv],
      {
        env: { ...process.env, NODE_ENV: 'test', ...env },
      },
    );
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString();
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out, err }));
  });
}

describe('relecture audit', () => {
  it('checks the chain of a store that nobody else has open', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'relecture-audit-'));
    try {
      const { code, out } = await run(['audit', '--json'], {
        DATA_DIR: join(folder, 'data'),
        UPLOADS_DIR: join(folder, 'uploads'),
      });
      expect(code).to.equal(0);
      expect(JSON.parse(out)).to.deep.equal({ entries: 0, brokenAt: null });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('says in one sentence that the store is in use', async () => {
    const app = await startTestApp();
    try {
      if (app.config.mongodbUri) return;
      const { code, err } = await run(['audit'], {
        DATA_DIR: app.config.dataDir,
        UPLOADS_DIR: app.config.uploadsDir,
      });
      expect(code).to.equal(1);
      expect(err).to.contain('Relecture est démarré sur ce dossier');
      expect(err).to.not.match(/\n\s+at /);
    } finally {
      await app.stop();
    }
  });
});
