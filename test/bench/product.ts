import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The product as `npm start` gives it, in folders of the benchmark's own, with its demonstration accounts. */
export interface Product {
  readonly url: string;
  readonly process: ChildProcess;
  readonly password: string;
  stop(): Promise<void>;
}

export async function startProduct(folder: string): Promise<Product> {
  const dataDir = join(folder, 'data');
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('../../server/bin/start.mjs', import.meta.url))],
    {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      env: {
        ...process.env,
        PORT: '0',
        DATA_DIR: dataDir,
        UPLOADS_DIR: join(folder, 'uploads'),
        LOG_LEVEL: 'warn',
        NODE_ENV: 'development',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the product ended with ${code}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const address = /^Relecture : (http\S+)/.exec(line)?.[1];
      if (address) resolve(address);
      else if (line !== '') console.error(`  ${line}`);
    });
  });
  const secrets = JSON.parse(readFileSync(join(dataDir, 'secrets.json'), 'utf8')) as { demoPassword: string };
  return {
    url,
    process: child,
    password: secrets.demoPassword,
    async stop() {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

/** Signs in over HTTP; the cookies include the one that opens slides. */
export async function signIn(product: Product, email: string): Promise<{ token: string; cookie: string }> {
  const answer = await fetch(`${product.url}/api/auth/sign-in`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email, password: product.password }),
  });
  if (answer.status !== 200) throw new Error(`sign-in answered ${answer.status}`);
  const { accessToken } = (await answer.json()) as { accessToken: string };
  const cookie = answer.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
  return { token: accessToken, cookie };
}

/**
 * Memory of the server and the processes it started, MB (Linux): all of it, with pages that processes share counted for
 * each of them; these divided among them (PSS), which adds up to what the machine lacks; what is not pages of files.
 */
export interface MemoryMb {
  resident: number;
  proportional: number;
  anonymous: number;
}

export function memoryMb(pid: number): Record<'server' | 'tiles' | 'decoding', MemoryMb> {
  const found = { server: none(), tiles: none(), decoding: none() };
  const add = (process: number) => {
    const command = readFileSync(`/proc/${process}/cmdline`, 'utf8');
    const status = readFileSync(`/proc/${process}/status`, 'utf8');
    const mb = (name: string) =>
      Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) / 1024;
    const of = command.includes('tile-process')
      ? 'tiles'
      : command.includes('decoding-process')
        ? 'decoding'
        : 'server';
    found[of].resident += mb('VmRSS');
    found[of].anonymous += mb('RssAnon');
    const shares = readFileSync(`/proc/${process}/smaps_rollup`, 'utf8');
    found[of].proportional += Number(/^Pss:\s+(\d+) kB/m.exec(shares)?.[1] ?? 0) / 1024;
    const children = readFileSync(`/proc/${process}/task/${process}/children`, 'utf8').trim();
    for (const child of children.split(' ').filter(Boolean)) add(Number(child));
  };
  add(pid);
  return found;
}

const none = (): MemoryMb => ({ resident: 0, proportional: 0, anonymous: 0 });
