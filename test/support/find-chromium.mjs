import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir, platform } from 'node:os';
import { delimiter, join } from 'node:path';

export const chromiumAdvice =
  'Chromium introuvable : installez-le (apt-get install chromium, ou npx playwright-core install chromium), ou donnez son chemin dans CHROMIUM_PATH. ' +
  '/ No Chromium found: install it (apt-get install chromium, or npx playwright-core install chromium), or put its path in CHROMIUM_PATH.';

const namesInPath = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Where Playwright unpacks a browser, inside `chromium-<revision>/`, per platform. */
const filesInDownload = [
  'chrome-linux64/chrome',
  'chrome-linux/chrome',
  'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
  'chrome-mac-arm64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
  'chrome-win64/chrome.exe',
  'chrome-win/chrome.exe',
];

/** The browser of the e2e tests: CHROMIUM_PATH, else the PATH, else Playwright's own download; null when none. */
export function findChromium(environment = process.env) {
  if (environment.CHROMIUM_PATH) {
    return isExecutable(environment.CHROMIUM_PATH) ? environment.CHROMIUM_PATH : null;
  }
  return inPath(environment) ?? inPlaywrightDownloads(environment);
}

/** On Debian and as root, as in a fresh container: takes the distribution's package. */
export function installChromium() {
  if (!mayInstall()) return null;
  const apt = (...args) =>
    spawnSync('apt-get', args, {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0;
  console.error('Installation de Chromium / installing Chromium (apt-get install chromium) …');
  return apt('update', '-qq') && apt('install', '-y', '-qq', '--no-install-recommends', 'chromium')
    ? findChromium()
    : null;
}

function mayInstall() {
  if (process.getuid?.() !== 0 || !existsSync('/etc/os-release')) return false;
  return /^ID(_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'));
}

function inPath(environment) {
  const folders = (environment.PATH ?? '').split(delimiter).filter(Boolean);
  return first(namesInPath.flatMap((name) => folders.map((folder) => join(folder, name))));
}

function inPlaywrightDownloads(environment) {
  const folder = environment.PLAYWRIGHT_BROWSERS_PATH ?? join(cacheFolder(environment), 'ms-playwright');
  if (!existsSync(folder)) return null;
  const newestFirst = readdirSync(folder)
    .filter((name) => /^chromium-\d+$/.test(name))
    .sort((a, b) => Number(b.slice(9)) - Number(a.slice(9)));
  return first(
    newestFirst.flatMap((revision) => filesInDownload.map((file) => join(folder, revision, file))),
  );
}

function cacheFolder(environment) {
  const home = environment.HOME ?? homedir();
  if (platform() === 'darwin') return join(home, 'Library/Caches');
  if (platform() === 'win32') return environment.LOCALAPPDATA ?? join(home, 'AppData/Local');
  return environment.XDG_CACHE_HOME ?? join(home, '.cache');
}

const first = (paths) => paths.find(isExecutable) ?? null;

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
