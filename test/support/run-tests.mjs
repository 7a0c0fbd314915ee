import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { prepare } from '../../server/bin/prepare.mjs';
import { root } from '../../server/bin/root.mjs';
import { chromiumAdvice, findChromium, installChromium } from './find-chromium.mjs';

const suites = ['unit', 'integration', 'e2e'];

export async function runTests(args) {
  await prepare({ development: true });
  const { files, options, partial } = selectFiles(args);

  const checked = partial ? 0 : await run('npm', ['run', '--silent', 'check']);

  // What was just built, as it is run: its processes start twice as fast as from sources.
  const environment = { ...process.env, TESTED_CODE: 'built' };
  if (files.some((file) => file.startsWith('test/e2e/'))) {
    const chromium = findChromium() ?? installChromium();
    if (!chromium) {
      console.error(chromiumAdvice);
      return 1;
    }
    environment.CHROMIUM_PATH = chromium;
  }
  // --exit: a handle that a failing test leaves open must not keep a whole run from ending.
  const mocha = [
    'node_modules/mocha/bin/mocha.js',
    '--exit',
    // Files share nothing but the machine: those of the whole suite run three at a time: each waits for a browser or a restart half of its time.
    ...(partial ? [] : ['--parallel', '--jobs', '3']),
    ...(process.env.CI ? ['--forbid-only'] : []),
    ...options,
    ...files,
  ];
  const tested = await run(process.execPath, mocha, environment);
  if (checked !== 0) {
    console.error(
      '`npm run check` a trouvé des fautes, plus haut. / `npm run check` found faults, see above.',
    );
  }
  return tested || checked;
}

/** Words are suites, folders or files; what begins with a dash, and its value, goes to mocha as it is. */
function selectFiles(args) {
  const firstOption = args.findIndex((arg) => arg.startsWith('-'));
  const words = firstOption === -1 ? args : args.slice(0, firstOption);
  const options = firstOption === -1 ? [] : args.slice(firstOption);
  const places = (words.length > 0 ? words : suites).map((word) =>
    existsSync(join(root, word)) ? word : `test/${word}`,
  );
  const files = places.flatMap((place) =>
    place.endsWith('.ts') ? [place] : testFilesUnder(place.replace(/\/$/, '')),
  );
  if (files.length === 0) {
    throw Object.assign(new Error(`No test in ${places.join(', ')}.`), { name: 'StepFailure' });
  }
  return { files: files.sort(), options, partial: args.length > 0 };
}

function testFilesUnder(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `${folder}/${name}`);
}

function run(command, args, env = process.env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env, stdio: 'inherit' });
    const pass = (signal) => child.kill(signal);
    process.on('SIGTERM', pass).on('SIGINT', pass);
    child.once('error', reject);
    child.once('close', (code) => {
      process.off('SIGTERM', pass).off('SIGINT', pass);
      resolve(code ?? 1);
    });
  });
}
