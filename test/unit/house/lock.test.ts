import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { missingEntries } from '../../support/complete-lock.mjs';

describe('package-lock.json', () => {
  it('names the binaries of every machine, or npm ci would refuse it on a fresh clone: npm run lock', () => {
    const lock = JSON.parse(readFileSync(new URL('../../../package-lock.json', import.meta.url), 'utf8'));
    expect(missingEntries(lock)).to.deep.equal({});
  });

  it('is completed with the version the package asks for and the machine its name tells', () => {
    const packages = {
      'node_modules/tool': {
        version: '2.0.0',
        dev: true,
        optionalDependencies: {
          '@tool/linux-x64-musl': '2.0.0',
          '@tool/win32-arm64': '2.0.0',
          fsevents: '~2.3.3',
        },
      },
      'node_modules/@tool/win32-arm64': { version: '2.0.0' },
    };
    expect(missingEntries({ packages })).to.deep.equal({
      'node_modules/@tool/linux-x64-musl': {
        version: '2.0.0',
        dev: true,
        optional: true,
        os: ['linux'],
        cpu: ['x64'],
        libc: ['musl'],
      },
    });
  });

  it('counts a package that lies beside the one that asks for it', () => {
    const packages = {
      'node_modules/a/node_modules/b': { optionalDependencies: { 'b-linux-x64': '1.0.0' } },
      'node_modules/a/node_modules/b-linux-x64': { version: '1.0.0' },
    };
    expect(missingEntries({ packages })).to.deep.equal({});
  });
});
