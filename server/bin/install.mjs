import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';
import { runStep } from './step.mjs';

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

/**
 * What package-lock.json asks for and node_modules does not hold. npm writes node_modules/.package-lock.json
 * as the last act of an installation, so that file is the stamp: absent after a broken one, different after
 * a change of the lock, and true as well when somebody ran npm by hand.
 */
export function missingPackages({ development, directory = root }) {
  const installedPath = join(directory, 'node_modules/.package-lock.json');
  const wanted = readJson(join(directory, 'package-lock.json')).packages;
  const installed = existsSync(installedPath) ? readJson(installedPath).packages : {};
  return Object.entries(wanted)
    .filter(([path]) => path.includes('node_modules/'))
    .filter(([, entry]) => !entry.optional)
    .filter(([, entry]) => development || !(entry.dev || entry.devOptional))
    .filter(([path, entry]) => {
      const found = installed[path];
      return !found || found.version !== entry.version || found.integrity !== entry.integrity;
    })
    .map(([path]) => path);
}

export function installStep() {
  // npm tells its scripts where it lives; started by `node server/bin/start.mjs`, the PATH is asked.
  const npm = process.env.npm_execpath;
  // Building needs the development packages, even where NODE_ENV=production would leave them out.
  const options = ['ci', '--include=dev', '--no-audit', '--no-fund'];
  return runStep({
    title: 'Installation des paquets / installing packages (npm ci)',
    command: npm?.endsWith('.js') ? process.execPath : 'npm',
    args: npm?.endsWith('.js') ? [npm, ...options] : options,
    cwd: root,
    failure:
      "L'installation des paquets a échoué : vérifiez l'accès au registre npm et la place sur le disque, puis relancez. " +
      '/ Installing the packages failed: check that the npm registry can be reached and that the disk has room, then start again.',
  });
}
