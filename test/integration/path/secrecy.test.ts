import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rebuildProjections } from '@relecture/server/overview/index.js';
import { checkAccessChain } from '@relecture/server/platform/access-log.js';
import type { CasePage } from '@relecture/shared/cases/page.js';
import { expect } from 'chai';
import mongoose from 'mongoose';
import { io, type Socket } from 'socket.io-client';
import { attach, completeContent, createCase, submitByPost } from '../../factories/cases.js';
import { makePeople, type People } from '../../factories/people.js';
import { type PlantedPath, plantWords } from '../../factories/planted-words.js';
import { type Client, startTestApp, type TestApp } from '../../support/app.js';
import { type MailSink, startMailSink } from '../../support/mail-sink.js';

const NAME = 'ZWINGELSTEIN';
const FIRST = 'Philomène-Aldegonde';
const INS = '268042912345678';
const EXAM = '26H77777';
/** Written where the coordination reads by its work; at rest it is as secret as the name. */
const SPOKEN = 'KRUMMENACKERIN';

/** Hears whatever the server says to a person who joined all that they may. */
async function listenIn(app: TestApp, client: Client, heard: string[]): Promise<Socket> {
  const link = io(app.url, { auth: { token: client.token }, transports: ['websocket'], forceNew: true });
  link.onAny((...message: unknown[]) => heard.push(JSON.stringify(message)));
  await new Promise<void>((resolve, reject) => {
    link.once('connect', resolve);
    link.once('connect_error', reject);
  });
  for (const room of ['network:LYMPHOPATH', 'national']) await link.emitWithAck('join', room);
  return link;
}

/** An address with each id of each of its parameters; none when a parameter has no known id. */
function fill(address: string, ids: Record<string, string[]>): string[] {
  const name = /\{(\w+)\}/.exec(address)?.[1];
  if (!name) return [address];
  return (ids[name] ?? []).flatMap((id) => fill(address.replace(`{${name}}`, id), ids));
}

/** A name is planted in every place that takes one; then everything the server wrote is searched. */
describe('secrecy', () => {
  let app: TestApp;
  let people: People;
  let sent: CasePage;
  let path: PlantedPath;
  let mails: MailSink;
  const heard: string[] = [];
  const links: Socket[] = [];

  before(async () => {
    mails = await startMailSink();
    app = await startTestApp({
      LOG_LEVEL: 'trace',
      SMTP_URL: mails.url,
    });
    people = await makePeople(app);
    for (const client of [people.submitter, people.reviewer, people.coordinator, people.national])
      links.push(await listenIn(app, client, heard));
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
    sent = await submitByPost(people, { patient });
    await people.submitter.post(`/api/cases/${sent.id}/patient`, {
      patient: { ...patient, firstName: `${FIRST}-Bis` },
      reason: 'Prénom incomplet.',
    });
    path = await plantWords(people, patient, { closed: NAME, open: SPOKEN });
  });
  after(async () => {
    for (const link of links) link.disconnect();
    await app.stop();
    await mails.stop();
  });

  const identity = [NAME, FIRST, INS, EXAM];
  const found = (text: string, secrets: readonly string[]) =>
    secrets.filter((secret) => text.toLowerCase().includes(secret.toLowerCase()));
  const holds = (text: string) => found(text, [...identity, SPOKEN]);

  /** Everything that a person gets who asks for all there is: each address of the product, with each id. */
  const askForAll = async (client: Client): Promise<Array<{ address: string; text: string }>> => {
    const { paths } = app.app.document() as { paths: Record<string, object> };
    const addresses = Object.entries(paths)
      .filter(([address, methods]) => 'get' in methods && !/\{(level|code)\}/.test(address))
      .flatMap(([address]) => fill(address, path.ids));
    const lists = ['mine', 'unassigned', 'network'].flatMap((scope) =>
      ['true', 'false'].map((open) => `/api/reviews?scope=${scope}&open=${open}&limit=200`),
    );
    const answers: Array<{ address: string; text: string }> = [];
    for (const address of [...addresses, ...lists, '/api/cases?networkId=LYMPHOPATH&limit=200']) {
      const { body } = await client.get(address);
      answers.push({
        address,
        text: Buffer.isBuffer(body) ? body.toString('latin1') : JSON.stringify(body),
      });
    }
    return answers;
  };

  it('shows the planted name to its sender (so that the search below could fail)', async () => {
    const { body } = await people.submitter.get<CasePage>(`/api/cases/${sent.id}`);
    expect(found(JSON.stringify(body), identity)).to.have.members(identity);
  });

  it('shows each planted text to somebody who may read it', async () => {
    const shown = [...(await askForAll(people.submitter)), ...(await askForAll(path.reading.reader))]
      .map(({ text }) => text)
      .join('\n');
    expect(path.texts.length).to.be.greaterThan(40);
    expect(path.texts.filter((text) => !shown.includes(text))).to.deep.equal([]);
  });

  it('gives no name to whoever may not see the identity, whatever they ask for', async () => {
    const others = [people.coordinator, people.national, people.stranger, people.admin, path.reading.other];
    for (const client of others)
      for (const { address, text } of await askForAll(client))
        expect(found(text, identity), address).to.deep.equal([]);
    for (const client of [people.stranger, people.admin])
      for (const { address, text } of await askForAll(client)) expect(holds(text), address).to.deep.equal([]);
  });

  it('tells the others that there is a reason, and its words to those it was written for', async () => {
    const entriesFor = async (client: Client, caseId: string) =>
      new Map(
        (await client.get<CasePage>(`/api/cases/${caseId}`)).body.timeline
          .filter(({ params }) => 'reason' in params || 'reasonWithheld' in params)
          .map(({ event, params }) => [event, params.reasonWithheld ?? params.reason]),
      );
    const ended = path.withdrawn.id;
    expect(Object.fromEntries(await entriesFor(people.submitter, ended))).to.include({
      'case.routed': `${SPOKEN} dispatch`,
      'review.declined': `${SPOKEN} decline`,
      'review.reassigned': `${SPOKEN} assign`,
      'case.withdrawn': `${NAME} withdrawal`,
    });
    expect(Object.fromEntries(await entriesFor(people.coordinator, ended))).to.include({
      'case.routed': true,
      'review.declined': `${SPOKEN} decline`,
      'review.reassigned': `${SPOKEN} assign`,
      'case.withdrawn': true,
    });
    expect(Object.fromEntries(await entriesFor(people.national, ended))).to.include({
      'case.routed': `${SPOKEN} dispatch`,
      'case.withdrawn': true,
    });
    const read = path.reading.caseId;
    expect(Object.fromEntries(await entriesFor(people.coordinator, read))).to.include({
      'case.patient-corrected': true,
      'review.material-asked': true,
    });
    expect((await entriesFor(path.reading.reader, read)).get('case.patient-corrected')).to.equal(
      `${NAME} correction`,
    );
  });

  it('sends it over no socket and in no mail', async () => {
    await mails.first;
    expect(mails.received()).to.match(/R\d\d-\d{6}/);
    expect(heard.join('\n')).to.contain('review.signed').and.contain('case.withdrawn');
    expect(holds(mails.received())).to.deep.equal([]);
    expect(holds(heard.join('\n'))).to.deep.equal([]);
  });

  it('keeps the projections when they are made again', async () => {
    const before = (await people.submitter.get(`/api/cases?limit=200`)).body;
    expect(await rebuildProjections()).to.be.greaterThan(2);
    expect((await people.submitter.get(`/api/cases?limit=200`)).body).to.deep.equal(before);
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
    let numbered = false;
    for (const folder of [app.config.dataDir, app.config.uploadsDir]) {
      for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
        expect(holds(entry.name)).to.deep.equal([]);
        if (!entry.isFile()) continue;
        files += 1;
        const text = (await readFile(join(entry.parentPath, entry.name))).toString('latin1');
        numbered ||= text.includes(sent.number);
        expect(holds(text), entry.name).to.deep.equal([]);
      }
    }
    expect(files).to.be.greaterThan(2);
    if (!process.env.TEST_MONGODB_URI) expect(numbered, 'the store is readable as it lies').to.equal(true);
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
