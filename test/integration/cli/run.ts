import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { productEntry } from '../../support/children.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** `relecture …` as typed at a terminal. */
export function run(
  argv: string[],
  env: Record<string, string>,
): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...productEntry('cli/main'), ...argv], {
      cwd: ROOT,
      env: { ...process.env, NODE_ENV: 'test', ...env },
    });
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
