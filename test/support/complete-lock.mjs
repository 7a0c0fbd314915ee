// `npm run lock`: writes into package-lock.json the optional packages of other machines that npm left out.
// A registry mirror that lacks the Biome of Windows makes npm write a lock without it, and every later `npm ci`
// then refuses the lock as out of step with package.json. Packages ask for their binaries by exact version, so the entry is known.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const systems = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const processors = [
  'arm64',
  'arm',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'x64',
  'wasm32',
];

/** The entries that package-lock.json lacks, by path. */
export function missingEntries({ packages }) {
  const missing = {};
  for (const [parent, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      const exact = /^\d+\.\d+\.\d+/.test(version);
      if (!exact || isLocked(packages, parent, name)) continue;
      missing[`node_modules/${name}`] = {
        version,
        ...(dev ? { dev } : {}),
        optional: true,
        ...machineOf(name),
      };
    }
  }
  return missing;
}

/** npm looks for a package beside the one that asks, then in each folder above. */
function isLocked(packages, parent, name) {
  const folders = parent.split('/node_modules/');
  for (let depth = folders.length; depth > 0; depth -= 1) {
    if (packages[`${folders.slice(0, depth).join('/node_modules/')}/node_modules/${name}`]) return true;
  }
  return Boolean(packages[`node_modules/${name}`]);
}

function machineOf(name) {
  const words = name.split(/[/-]/);
  const pick = (known) => known.filter((word) => words.includes(word)).slice(0, 1);
  const libc = words.some((word) => word.startsWith('musl'))
    ? ['musl']
    : words.includes('gnu')
      ? ['glibc']
      : [];
  const machine = { os: pick(systems), cpu: pick(processors), libc };
  return Object.fromEntries(Object.entries(machine).filter(([, words]) => words.length > 0));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  const missing = missingEntries(lock);
  const byPath = ([a], [b]) => (a < b ? -1 : 1);
  lock.packages = Object.fromEntries(Object.entries({ ...lock.packages, ...missing }).sort(byPath));
  writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`package-lock.json: ${Object.keys(missing).length} optional packages of other machines added.`);
}
