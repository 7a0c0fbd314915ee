import { execFile } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { buildNeeds, recordBuild } from '../../../server/bin/build.mjs';
import { missingPackages } from '../../../server/bin/install.mjs';
import { explainOldNode, minimumNode } from '../../../server/bin/node-version.mjs';
import { withSetupLock } from '../../../server/bin/setup-lock.mjs';
import { findChromium } from '../../support/find-chromium.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));

describe('the two commands', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'relecture-commands-'));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  describe('the version of Node', () => {
    it('is the one package.json asks for', () => {
      const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
        engines: { node: string };
      };
      expect(engines.node).to.equal(`>=${minimumNode.join('.')}`);
    });

    it('is compared as numbers, not as text', () => {
      for (const old of ['v9.0.0', 'v18.19.1', 'v20.2.0', 'v20.18.3'])
        expect(explainOldNode(old), old).to.include(old);
      for (const good of ['v20.19.0', 'v20.100.0', 'v22.1.0', 'v100.0.0'])
        expect(explainOldNode(good), good).to.equal(null);
    });

    for (const command of ['server/bin/start.mjs', 'server/bin/relecture.mjs', 'test/support/run.mjs']) {
      it(`is refused by ${command} with one sentence in both languages and exit code 1`, async () => {
        const pretend = 'data:text/javascript,Object.defineProperty(process,"version",{value:"v18.19.0"})';
        const { code, stdout, stderr } = await run(process.execPath, [
          '--import',
          pretend,
          join(root, command),
        ]);
        expect(code).to.equal(1);
        expect(stdout).to.equal('');
        expect(stderr.trim().split('\n')).to.have.length(1);
        expect(stderr).to.match(/a besoin de Node 20\.19.*v18\.19\.0.*Relecture needs Node 20\.19/);
      });
    }
  });

  describe('what is installed', () => {
    const lock = {
      '': { name: 'relecture' },
      shared: { name: '@relecture/shared' },
      'node_modules/@relecture/shared': { link: true },
      'node_modules/express': { version: '5.3.0', integrity: 'sha512-a' },
      'node_modules/mocha': { version: '12.0.3', integrity: 'sha512-b', dev: true },
      'node_modules/lmdb-darwin': { version: '3.0.0', integrity: 'sha512-c', optional: true },
    };
    const links = { shared: {}, 'node_modules/@relecture/shared': { link: true } };
    const complete = {
      ...links,
      'node_modules/express': lock['node_modules/express'],
      'node_modules/mocha': lock['node_modules/mocha'],
    };
    const missing = (development: boolean, installed?: Record<string, object>) => {
      write('package-lock.json', JSON.stringify({ packages: lock }));
      if (installed) write('node_modules/.package-lock.json', JSON.stringify({ packages: installed }));
      return missingPackages({ development, directory: folder });
    };

    it('is nothing on a fresh clone', () => {
      expect(missing(true)).to.have.members([
        'node_modules/@relecture/shared',
        'node_modules/express',
        'node_modules/mocha',
      ]);
    });

    it('is enough when all but the optional packages of other machines are there', () => {
      expect(missing(true, complete)).to.deep.equal([]);
    });

    it('is enough to run, without the tools that build and test', () => {
      const { 'node_modules/mocha': _, ...production } = complete;
      expect(missing(false, production)).to.deep.equal([]);
      expect(missing(true, production)).to.deep.equal(['node_modules/mocha']);
    });

    it('is not enough once package-lock.json asks for another version or another content', () => {
      const other = { version: '5.2.0', integrity: 'sha512-a' };
      expect(missing(true, { ...complete, 'node_modules/express': other })).to.deep.equal([
        'node_modules/express',
      ]);
      const tampered = { version: '5.3.0', integrity: 'sha512-z' };
      expect(missing(true, { ...complete, 'node_modules/express': tampered })).to.deep.equal([
        'node_modules/express',
      ]);
    });
  });

  describe('what is built', () => {
    beforeEach(() => {
      write('server/src/main.ts', 'export {};\n');
      write('shared/src/words.ts', 'export {};\n');
    });

    const finishBuild = () => {
      write('server/dist/main.js', 'export {};\n');
      recordBuild('server', folder);
    };

    it('needs a build when there is none, or one that did not finish', () => {
      expect(buildNeeds('server', folder)).to.equal('build');
      write('server/dist/main.js', 'export {};\n');
      expect(buildNeeds('server', folder)).to.equal('build');
    });

    it('needs nothing afterwards, whatever the dates say', () => {
      finishBuild();
      utimesSync(join(folder, 'server/src/main.ts'), new Date(), new Date(Date.now() + 60_000));
      expect(buildNeeds('server', folder)).to.equal('nothing');
    });

    it('needs to be done again when a source changes, appears or goes', () => {
      finishBuild();
      write('server/src/main.ts', 'export const x = 1;\n');
      expect(buildNeeds('server', folder)).to.equal('rebuild');
      finishBuild();
      write('shared/src/more.ts', 'export {};\n');
      expect(buildNeeds('server', folder)).to.equal('rebuild');
      finishBuild();
      rmSync(join(folder, 'shared/src/more.ts'));
      expect(buildNeeds('server', folder)).to.equal('rebuild');
    });

    it('is trusted where it was delivered without its sources', () => {
      finishBuild();
      rmSync(join(folder, 'server/src'), { recursive: true });
      expect(buildNeeds('server', folder)).to.equal('nothing');
    });
  });

  describe('two commands at once', () => {
    it('wait for each other', async () => {
      const order: string[] = [];
      let finishFirst = () => {};
      const first = withSetupLock(async () => {
        order.push('first begins');
        await new Promise<void>((resolve) => {
          finishFirst = resolve;
        });
        order.push('first ends');
      }, folder);
      const second = withSetupLock(async () => order.push('second'), folder);
      finishFirst();
      await Promise.all([first, second]);
      expect(order).to.deep.equal(['first begins', 'first ends', 'second']);
      expect(existsSync(join(folder, '.setup.lock'))).to.equal(false);
    });

    it('are not stopped by one that was killed', async () => {
      const { stdout: deadPid } = await run(process.execPath, ['-p', 'process.pid']);
      write('.setup.lock', deadPid.trim());
      expect(await withSetupLock(async () => 'done', folder)).to.equal('done');
    });

    it('are not stopped by one whose number now belongs to another process', async () => {
      write('.setup.lock', String(process.ppid));
      const longAgo = new Date(Date.now() - 60_000);
      utimesSync(join(folder, '.setup.lock'), longAgo, longAgo);
      expect(await withSetupLock(async () => 'done', folder)).to.equal('done');
    });
  });

  describe('the browser', () => {
    const executable = (path: string) => {
      write(path, '#!/bin/sh\n');
      chmodSync(join(folder, path), 0o755);
      return join(folder, path);
    };
    const find = (environment: Record<string, string>) =>
      findChromium({
        PATH: '',
        HOME: join(folder, 'nobody'),
        XDG_CACHE_HOME: join(folder, 'empty'),
        ...environment,
      });

    it('is the one that was named, or none', () => {
      const named = executable('named/browser');
      expect(find({ CHROMIUM_PATH: named })).to.equal(named);
      executable('bin/chromium');
      expect(find({ CHROMIUM_PATH: join(folder, 'absent'), PATH: join(folder, 'bin') })).to.equal(null);
    });

    it('is looked for in the PATH, whatever its name', () => {
      const chrome = executable('bin/google-chrome');
      expect(find({ PATH: `/nowhere:${join(folder, 'bin')}` })).to.equal(chrome);
    });

    it("is Playwright's newest download otherwise", () => {
      executable('browsers/chromium-999/chrome-linux/chrome');
      const newest = executable('browsers/chromium-1200/chrome-linux64/chrome');
      expect(find({ PLAYWRIGHT_BROWSERS_PATH: join(folder, 'browsers') })).to.equal(newest);
    });

    it('is none on a bare machine', () => {
      expect(find({})).to.equal(null);
    });
  });

  describe('continuous integration', () => {
    const ci = async (script: string) => {
      mkdirSync(join(folder, '.ci'));
      copyFileSync(join(root, '.ci/run'), join(folder, '.ci/run'));
      write('package.json', JSON.stringify({ name: 'x', scripts: { test: 'exec node test.mjs' } }));
      write('test.mjs', script);
      const { code, stdout } = await run('bash', [join(folder, '.ci/run')]);
      return { code, lastLine: stdout.trimEnd().split('\n').at(-1) };
    };

    it('ends with the totals of the run', async () => {
      const result = await ci(`console.log('\\n  1234 passing (3m)\\n  2 pending\\n');`);
      expect(result).to.deep.equal({ code: 0, lastLine: '1234 passed, 0 failed' });
    });

    it('fails with the tests', async () => {
      const result = await ci(
        `console.log('  10 passing (1s)\\n  3 failing\\n\\n  1) x\\n'); process.exitCode = 3;`,
      );
      expect(result).to.deep.equal({ code: 3, lastLine: '10 passed, 3 failed' });
    });

    it('never calls a run that broke a success', async () => {
      const result = await ci('process.exitCode = 1;');
      expect(result).to.deep.equal({ code: 1, lastLine: '0 passed, 1 failed' });
    });
  });

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
});

function run(command: string, args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(command, args, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}
