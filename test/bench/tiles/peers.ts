import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGES: Record<string, string> = {
  '/usr/bin/wrk': 'wrk',
  '/usr/sbin/nginx': 'nginx-light',
  '/usr/bin/spawn-fcgi': 'spawn-fcgi',
  '/usr/lib/iipimage-server/iipsrv.fcgi': 'iipimage-server',
  '/usr/bin/gunicorn': 'gunicorn',
  '/usr/lib/python3/dist-packages/flask': 'python3-flask',
  '/usr/lib/python3/dist-packages/openslide': 'python3-openslide',
  '/usr/bin/vips': 'libvips-tools',
};

/** Takes what is missing from Debian's packages; says what to install where it may not. */
export function installPeers(): void {
  const missing = Object.entries(PACKAGES)
    .filter(([path]) => spawnSync('test', ['-e', path]).status !== 0)
    .map(([, name]) => name);
  if (missing.length === 0) return;
  const line = `apt-get install -y ${missing.join(' ')}`;
  if (process.getuid?.() !== 0) throw new Error(`The peers are not installed. As root, on Debian: ${line}`);
  console.error(`Installing the peers: ${missing.join(' ')}`);
  spawnSync('apt-get', ['update', '-qq'], { stdio: 'inherit' });
  const installed = spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (installed.status !== 0) throw new Error(`This failed: ${line}`);
}

export interface Peer {
  readonly url: string;
  /** The address of one whole tile of the full resolution. */
  readonly path: (column: number, row: number) => string;
  stop(): Promise<void>;
}

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Two processes, as the machine has two cores. */
export async function startOpenSlide(slide: string): Promise<Peer> {
  const port = await freePort();
  const arguments_ = ['--workers', '2', '--bind', `127.0.0.1:${port}`, '--chdir', here('.'), 'deepzoom:app'];
  const child = start('/usr/bin/gunicorn', arguments_, { BENCH_SLIDE: slide });
  return await ready(port, [child], (column, row) => `/tile/${column}/${row}`);
}

export async function startSharp(slide: string): Promise<Peer> {
  const port = await freePort();
  const child = start(process.execPath, [here('sharp-server.mjs'), slide, String(port)]);
  return await ready(port, [child], (column, row) => `/tile/${column}/${row}`);
}

/** Two iipsrv behind nginx, which spreads the requests over them. */
export async function startIipsrv(folder: string, slide: string, columns: number, resolution: number) {
  const ports = [await freePort(), await freePort()];
  const children = ports.map((port) =>
    start('/usr/bin/spawn-fcgi', ['-n', '-a', '127.0.0.1', '-p', String(port), '-f', IIPSRV], {
      LOGFILE: '/dev/null',
      VERBOSITY: '0',
      JPEG_QUALITY: '75',
      MAX_IMAGE_CACHE_SIZE: '64',
    }),
  );
  const port = await freePort();
  const upstream = `upstream iipsrv { ${ports.map((each) => `server 127.0.0.1:${each};`).join(' ')} }`;
  const location = `location /iip {
      fastcgi_pass iipsrv; fastcgi_param QUERY_STRING $query_string; fastcgi_param REQUEST_METHOD GET;
      fastcgi_param SERVER_PROTOCOL $server_protocol; fastcgi_param REQUEST_URI $request_uri; }`;
  children.push(await startNginx(join(folder, 'nginx-iip'), port, upstream, location));
  return await ready(
    port,
    children,
    (column, row) => `/iip?FIF=${slide}&JTL=${resolution},${row * columns + column}`,
  );
}

const IIPSRV = '/usr/lib/iipimage-server/iipsrv.fcgi';

/** The limit: the very tiles, cut before, as files. `root` has `<column>_<row>.jpg`. */
export async function startFiles(folder: string, root: string): Promise<Peer> {
  const port = await freePort();
  const location = `location / { root ${root}; open_file_cache max=20000; }`;
  const child = await startNginx(join(folder, 'nginx-files'), port, '', location);
  return await ready(port, [child], (column, row) => `/${column}_${row}.jpg`);
}

async function startNginx(folder: string, port: number, http: string, location: string) {
  await mkdir(folder, { recursive: true });
  const configuration = join(folder, 'nginx.conf');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join(' ');
  await writeFile(
    configuration,
    `daemon off; worker_processes 2; pid ${folder}/pid; error_log ${folder}/error.log;
${process.getuid?.() === 0 ? 'user root;' : ''}
events { worker_connections 1024; }
http { ${temporary} access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000;
  types { image/jpeg jpg; }
  ${http}
  server { listen 127.0.0.1:${port}; ${location} } }`,
  );
  return start('/usr/sbin/nginx', ['-c', configuration, '-p', folder, '-e', `${folder}/error.log`]);
}

function start(command: string, arguments_: string[], env: Record<string, string> = {}): ChildProcess {
  return spawn(command, arguments_, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'ignore'],
  });
}

/** Asks until the first answer comes: a server that is not up yet refuses the connection. */
async function ready(port: number, children: ChildProcess[], path: Peer['path']): Promise<Peer> {
  const url = `http://127.0.0.1:${port}`;
  const until = Date.now() + 60_000;
  for (;;) {
    const status = await fetch(`${url}${path(0, 0)}`).then(
      (response) => response.status,
      () => 0,
    );
    if (status > 0) break;
    if (Date.now() > until) throw new Error(`${url} does not answer`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return {
    url,
    path,
    async stop() {
      for (const child of children) {
        if (child.exitCode !== null) continue;
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
    },
  };
}
