import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { User } from '@relecture/shared/users/schema.js';
import { expect } from 'chai';
import { startTestApp } from '../../support/app.js';
import { run } from './run.js';

describe('relecture audit', () => {
  it('checks the chain of a store that nobody else has open', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'relecture-audit-'));
    try {
      const { code, out } = await run(['audit', '--json'], {
        DATA_DIR: join(folder, 'data'),
        UPLOADS_DIR: join(folder, 'uploads'),
      });
      expect(code).to.equal(0);
      expect(JSON.parse(out)).to.deep.equal({ entries: 0, brokenAt: null });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('says in one sentence that the store is in use', async () => {
    const app = await startTestApp();
    try {
      if (app.config.mongodbUri) return;
      const { code, err } = await run(['audit'], {
        DATA_DIR: app.config.dataDir,
        UPLOADS_DIR: app.config.uploadsDir,
      });
      expect(code).to.equal(1);
      expect(err).to.contain('Relecture est démarré sur ce dossier');
      expect(err).to.not.match(/\n\s+at /);
    } finally {
      await app.stop();
    }
  });
});

describe('relecture admin', () => {
  it('makes the first administrator with their house, and gives a new password later', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'relecture-admin-'));
    const folders = { DATA_DIR: join(folder, 'data'), UPLOADS_DIR: join(folder, 'uploads') };
    const admin = (...argv: string[]) => run(['admin', '--email', 'Chef@relecture.test', ...argv], folders);
    const temporary = /[a-z\d]{4}(-[a-z\d]{4}){3}/;
    const facts = {
      'first-name': 'Anne',
      'last-name': 'Le Goff',
      organisation: 'CHU d’Essai',
      city: 'Brest',
      // As typed at a terminal.
      region: "provence-alpes-cote d'azur",
      kind: 'chu',
    };
    const whole = Object.entries(facts).flatMap(([name, value]) => [`--${name}`, value]);
    try {
      const lacking = await admin('--first-name', 'Anne');
      expect(lacking.code).to.equal(2);
      expect(lacking.err).to.include('--last-name --organisation --city --region --kind\n');
      expect((await admin('--new-password')).code, 'nobody has this e-mail').to.equal(1);

      const made = await admin(...whole);
      expect(made.code, made.err).to.equal(0);
      const [first] = temporary.exec(made.out) ?? [];
      expect((await admin(...whole)).err).to.include('--new-password');
      const again = await admin('--new-password');
      const [second = ''] = temporary.exec(again.out) ?? [];
      expect(second).to.not.equal(first);

      const app = await startTestApp(folders);
      try {
        const administrator = await app.signIn('chef@relecture.test', second);
        const { body } = await administrator.get<User>('/api/users/me');
        expect(body).to.deep.include({ roles: ['admin'], passwordTemporary: true });
        expect(body.organisation).to.include({
          name: facts.organisation,
          region: 'Provence-Alpes-Côte d’Azur',
        });
      } finally {
        await app.stop();
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
