import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './root.mjs';
import { runStep } from './step.mjs';

const shared = [
  'package-lock.json',
  'tsconfig.base.json',
  'shared/package.json',
  'shared/tsconfig.json',
  'shared/src',
];

const parts = {
  server: {
    title: 'Compilation du serveur / building the server (tsc)',
    sources: [
      ...shared,
      'server/embedded-store/package.json',
      'server/embedded-store/tsconfig.json',
      'server/embedded-store/src',
      'server/package.json',
      'server/tsconfig.json',
      'server/src',
    ],
    entry: 'server/dist/main.js',
    stamp: 'server/dist/.built-from',
    // tsc trusts its own notes about what it wrote last time, even when someone deleted dist: force a first build.
    command: (fresh) => ['node_modules/typescript/bin/tsc', '-b', 'server', ...(fresh ? ['--force'] : [])],
    cwd: '.',
  },
  client: {
    title: 'Construction des écrans / building the screens (vite)',
    sources: [...shared, 'client'],
    entry: 'client/dist/index.html',
    stamp: 'client/dist/.built-from',
    command: () => [join(root, 'node_modules/vite/bin/vite.js'), 'build'],
    cwd: 'client',
  },
};

/** 'nothing', 'rebuild' (the sources changed) or 'build' (there is no finished build). */
export function buildNeeds(name, directory = root) {
  const part = parts[name];
  const finished = existsSync(join(directory, part.entry));
  // A deployed copy may carry the build without the sources: there is nothing to compare it with.
  if (finished && !existsSync(join(directory, name, 'src'))) return 'nothing';
  const stamp = join(directory, part.stamp);
  if (!finished || !existsSync(stamp)) return 'build';
  return readFileSync(stamp, 'utf8') === fingerprint(part.sources, directory) ? 'nothing' : 'rebuild';
}

export async function buildStep(name) {
  const part = parts[name];
  const fresh = buildNeeds(name) === 'build';
  // Taken before the build: a source saved meanwhile must make the next start build again.
  const builtFrom = fingerprint(part.sources, root);
  rmSync(join(root, part.stamp), { force: true });
  await runStep({
    title: part.title,
    command: process.execPath,
    args: part.command(fresh),
    cwd: join(root, part.cwd),
    failure:
      'La construction a échoué, les messages ci-dessus disent où. / The build failed, the messages above say where.',
  });
  recordBuild(name, root, builtFrom);
}

export function recordBuild(name, directory, builtFrom = fingerprint(parts[name].sources, directory)) {
  const stamp = join(directory, parts[name].stamp);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, builtFrom);
}

/** By content, not by date: a checkout, a copy or a container image changes dates at will. */
function fingerprint(sources, directory) {
  const hash = createHash('sha256');
  for (const source of sources) {
    for (const file of filesUnder(directory, source)) {
      hash.update(`${file}\0`);
      hash.update(readFileSync(join(directory, file)));
      hash.update('\0');
    }
  }
  return hash.digest('hex');
}

function filesUnder(directory, path) {
  const entries = listOrNull(join(directory, path));
  if (entries === null) return existsSync(join(directory, path)) ? [path] : [];
  return entries
    .filter(
      (entry) =>
        entry.name !== 'dist' && entry.name !== 'node_modules' && !entry.name.endsWith('.tsbuildinfo'),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const child = `${path}/${entry.name}`;
      return entry.isDirectory() ? filesUnder(directory, child) : [child];
    });
}

function listOrNull(path) {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOTDIR' || error.code === 'ENOENT') return null;
    throw error;
  }
}
