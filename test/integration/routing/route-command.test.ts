import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { productEntry } from '../../support/children.js';
import { givenCases } from '../../unit/routing/cases.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const casesFile = join(root, 'test/fixtures/routing-cases.json');

const relecture = (...args: string[]) =>
  spawnSync(process.execPath, [...productEntry('cli/main'), ...args], { cwd: root, encoding: 'utf8' });

describe('relecture route', () => {
  const folder = mkdtempSync(join(tmpdir(), 'route-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('prints one decision per case, in the order of the file, and nothing else', () => {
    const { status, stdout, stderr } = relecture('route', '--cases', casesFile, '--json');
    expect([status, stderr]).to.deep.equal([0, '']);
    const decisions = JSON.parse(stdout);
    expect(decisions.map(({ id }: { id: string }) => id)).to.deep.equal(givenCases.map(({ id }) => id));
    for (const decision of decisions) {
      expect(decision).to.include.keys('outcome', 'networks', 'roles', 'explanation', 'rulesVersion');
      expect(decision.roles).to.have.length(decision.networks.length);
      expect(decision.explanation).not.to.equal('');
    }
  });

  it('prints lines for a person without --json', () => {
    const { status, stdout } = relecture('route', `--cases=${casesFile}`);
    expect(status).to.equal(0);
    expect(stdout).to.match(/^RC-003\trouted\tLYMPHOPATH\n/);
  });

  it('says in a sentence why a file cannot be used', () => {
    const notJson = join(folder, 'notes.txt');
    writeFileSync(notJson, 'not JSON');
    const notCases = join(folder, 'cases.json');
    writeFileSync(notCases, '[{"age": 41}]');
    for (const [file, why] of [
      [notJson, /n’est pas du JSON/],
      [notCases, /n’a pas la forme attendue : 0\.id/],
      [join(folder, 'absent.json'), /ne peut pas être lu/],
    ] as const) {
      const { status, stdout, stderr } = relecture('route', '--cases', file, '--json');
      expect([status, stdout]).to.deep.equal([1, '']);
      expect(stderr).to.match(why);
    }
  });

  it('shows its usage when misused', () => {
    expect(relecture('route').status).to.equal(2);
    expect(relecture('unknown').status).to.equal(2);
    expect(relecture('toString').status).to.equal(2);
  });
});
