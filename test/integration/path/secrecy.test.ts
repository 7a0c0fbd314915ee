import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkAccessChain } from '@relecture/server/platform/access-log.js';
import type { CasePage } from '@relecture/shared/cases/page.js';
import { expect } from 'chai';
import mongoose from 'mongoose';
import { attach, completeContent, createCase, submitByPost } from '../../factories/cases.js';
import { makePeople, type People } from '../../factories/people.js';
import { startTestApp, type TestApp } from '../../support/app.js';

const NAME = 'ZWINGELSTEIN';
const FIRST = 'Philomène-Aldegonde';
const INS = '268042912345678';
const EXAM = '26H77777';

/** A name is planted in every place that takes one; then everything the server wrote is searched. */
describe('secrecy', () => {
  let app: TestApp;
  let people: People;
  let sent: CasePage;

  before(async () => {
    app = await startTestApp({ LOG_LEVEL: 'trace' });
    people = await makePeople(app);
    const patient = {
      birthName: NAME,
      firstName: FIRST,
      usedName: NAME,
      birthDate: '1968-04-12',
      sex: 'F' as const,
      ins: { matricule: INS, status: 'qualified' as const },
      localExamNumber: EXAM,
    };
    const draft = await createCase(people.submitter, { patient });
    const pdf = Buffer.concat([Buffer.from('%PDF-1.4\n'), Buffer.from(`(${NAME} ${FIRST})\n%%EOF\n`)]);
    await attach(people.submitter, draft.id, pdf, `${NAME}_${FIRST}.pdf`);
    await people.submitter.post('/api/cases/search', { text: NAME });
    await people.submitter.post('/api/cases/duplicates', { patient });
    // Errors must not repeat what was typed.
    await people.submitter.post('/api/cases', {
      ...completeContent(),
      patient: { ...patient, birthDate: NAME },
    });
    await people.submitter.call('POST', '/api/cases', `{"patient": {"birthName": "${NAME}"`);
    await people.submitter.get(`/api/cases?after=${NAME}`);
    await people.stranger.get(`/api/cases/${draft.id}`);
    sent = await submitByPost(people.submitter, { patient });
    await people.submitter.post(`/api/cases/${sent.id}/patient`, {
      patient: { ...patient, firstName: `${FIRST}-Bis` },
      reason: 'Prénom incomplet.',
    });
  });
  after(() => app.stop());

  const secrets = [NAME, FIRST, INS, EXAM];
  const holds = (text: string) =>
    secrets.filter((secret) => text.toLowerCase().includes(secret.toLowerCase()));

  it('shows the planted name to its sender (so that the search below could fail)', async () => {
    const { body } = await people.submitter.get<CasePage>(`/api/cases/${sent.id}`);
    expect(holds(JSON.stringify(body))).to.have.members(secrets);
  });

  it('writes it in no log line', () => {
    expect(app.logged()).to.not.equal('');
    expect(holds(app.logged())).to.deep.equal([]);
  });

  it('keeps it encrypted in every collection', async () => {
    const collections = (await mongoose.connection.db?.listCollections().toArray()) ?? [];
    expect(collections.length).to.be.greaterThan(3);
    for (const { name } of collections) {
      const documents = await mongoose.connection.collection(name).find().toArray();
      expect(holds(JSON.stringify(documents)), name).to.deep.equal([]);
    }
  });

  it('keeps it out of every file and file name below the data and uploads folders', async () => {
    let files = 0;
    for (const folder of [app.config.dataDir, app.config.uploadsDir]) {
      for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
        expect(holds(entry.name)).to.deep.equal([]);
        if (!entry.isFile()) continue;
        files += 1;
        expect(
          holds((await readFile(join(entry.parentPath, entry.name))).toString('latin1')),
          entry.name,
        ).to.deep.equal([]);
      }
    }
    expect(files).to.be.greaterThan(2);
  });

  it('gives the document back to its sender as it was sent', async () => {
    const { body } = await people.submitter.get<CasePage>(`/api/cases/${sent.id}`);
    const file = await people.submitter.get<Buffer>(
      `/api/cases/${sent.id}/attachments/${body.attachments[0]?.id}`,
    );
    expect(file.headers.get('content-type')).to.equal('application/pdf');
    expect(file.body.toString()).to.contain('%PDF-1.4');
  });

  it('finds the person again by exact search, whatever the accents and the case', async () => {
    const { body } = await people.submitter.post<{ items: unknown[] }>('/api/cases/search', {
      text: 'zwingelstein',
    });
    expect(body.items.length).to.be.greaterThan(0);
    const elsewhere = await people.stranger.post<{ items: unknown[] }>('/api/cases/search', { text: NAME });
    expect(elsewhere.body.items).to.deep.equal([]);
  });

  it('has recorded each act in a chain that holds, and notices a change', async () => {
    const whole = await checkAccessChain();
    expect(whole.brokenAt).to.equal(null);
    expect(whole.entries).to.be.greaterThan(5);
    const log = mongoose.connection.collection('accesslog');
    const entry = await log.findOne({ seq: 3 });
    await log.updateOne({ seq: 3 }, { $set: { action: 'nothing.happened' } });
    expect((await checkAccessChain()).brokenAt).to.equal(3);
    await log.updateOne({ seq: 3 }, { $set: { action: entry?.action } });
    expect((await checkAccessChain()).brokenAt).to.equal(null);
  });
});
