import { readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sweepAttachments } from '@relecture/server/cases/index.js';
import type { CasePage } from '@relecture/shared/cases/page.js';
import { CASE_LIMITS } from '@relecture/shared/cases/schema.js';
import { expect } from 'chai';
import mongoose from 'mongoose';
import { attach, createCase } from '../../factories/cases.js';
import { makePeople, type People } from '../../factories/people.js';
import { problemOf, startTestApp, type TestApp } from '../../support/app.js';

const MEGABYTE = 1024 * 1024;
const form = (field: string, bytes = 4 * MEGABYTE) => {
  const body = new FormData();
  body.set(field, new Blob([Buffer.concat([Buffer.from('%PDF-1.4\n'), Buffer.alloc(bytes, 7)])]), 'x.pdf');
  return body;
};

describe('bytes that nobody may send', () => {
  let app: TestApp;
  let people: People;

  before(async () => {
    app = await startTestApp();
    people = await makePeople(app);
  });
  after(() => app.stop());

  const kept = async () => {
    const found = await readdir(app.config.uploadsDir, { recursive: true, withFileTypes: true });
    return found.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  };
  const begin = (client: People['submitter'], caseId: string, length: number, body?: string) =>
    client.call('POST', '/api/uploads', body, {
      'Tus-Resumable': '1.0.0',
      'Upload-Length': String(length),
      'Upload-Metadata': `caseId ${Buffer.from(caseId).toString('base64')}`,
      ...(body === undefined ? {} : { 'Content-Type': 'application/offset+octet-stream' }),
    });

  it('leave nothing on the disk when a stranger sends them, whichever way', async () => {
    const { id } = await createCase(people.submitter);
    const answers = [
      await people.stranger.post(`/api/cases/${id}/slides`, form('slide')),
      await people.stranger.post(`/api/cases/${id}/attachments`, form('attachment')),
      await begin(people.stranger, id, 4 * MEGABYTE, 'x'.repeat(4 * MEGABYTE)),
      await people.stranger.post(`/api/cases/${'0'.repeat(24)}/slides`, form('slide')),
      await people.stranger.post('/api/cases/nothing/attachments', form('attachment')),
    ];
    expect(answers.map(({ status }) => status)).to.deep.equal([404, 404, 404, 404, 404]);
    expect(await people.reviewer.post(`/api/cases/${id}/slides`, form('slide'))).to.include({ status: 403 });
    expect(await kept()).to.deep.equal([]);
  });

  it('are not even received: the store of documents is never asked to write', async () => {
    const { id } = await createCase(people.submitter);
    // The type check reads the first bytes: a body that would be refused for its type is refused for its sender first.
    const body = new FormData();
    body.set('attachment', new Blob([Buffer.alloc(MEGABYTE, 'x')]), 'x.txt');
    const answer = await people.stranger.post(`/api/cases/${id}/attachments`, body);
    expect(problemOf(answer).code).to.equal('NOT_FOUND');
  });

  it('are refused by the size they announce', async () => {
    const { id } = await createCase(people.submitter);
    const tooLong = await people.submitter.post(
      `/api/cases/${id}/attachments`,
      form('attachment', 51 * MEGABYTE),
    );
    expect(problemOf(tooLong).code).to.equal('FILE_TOO_LARGE');
    const huge = await begin(people.submitter, id, 11 * 1024 ** 3);
    expect(huge.status).to.equal(413);
    expect(await kept()).to.deep.equal([]);
  });

  it('are refused once the case was withdrawn, also for an upload that had begun', async () => {
    const draft = await createCase(people.submitter, { materialBy: 'shipment' });
    await attach(people.submitter, draft.id);
    await people.submitter.post(`/api/cases/${draft.id}/shipments`, {
      items: [{ kind: 'block', label: 'A1', count: 1 }],
    });
    const begun = await begin(people.submitter, draft.id, 1000);
    expect(begun.status).to.equal(201);
    expect((await people.submitter.post(`/api/cases/${draft.id}/submit`, {})).status).to.equal(200);
    await people.submitter.post(`/api/cases/${draft.id}/withdraw`, { reason: 'Envoyé par erreur.' });
    const before = await kept();
    const more = await people.submitter.call('PATCH', begun.headers.get('location') ?? '', 'x'.repeat(500), {
      'Tus-Resumable': '1.0.0',
      'Upload-Offset': '0',
      'Content-Type': 'application/offset+octet-stream',
    });
    expect(more.status).to.equal(403);
    expect(
      (await people.submitter.post(`/api/cases/${draft.id}/attachments`, form('attachment'))).status,
    ).to.equal(403);
    expect(await kept()).to.deep.equal(before);
  });

  it('go at once with the draft they belong to', async () => {
    const draft = await createCase(people.submitter);
    const before = await kept();
    await attach(people.submitter, draft.id);
    const begun = await begin(people.submitter, draft.id, 1000);
    const slideId = begun.headers.get('slide-id');
    expect((await kept()).length).to.equal(before.length + 2);
    expect((await people.submitter.delete(`/api/cases/${draft.id}`)).status).to.equal(204);
    expect(await kept()).to.deep.equal(before);
    const slide = await mongoose.connection
      .collection('slides')
      .findOne({ _id: new mongoose.Types.ObjectId(slideId ?? '') });
    // Every listener did with it: nothing waits in the outbox for a case that is gone.
    expect(slide).to.include({ status: 'removed', outboxPending: 0 });
  });

  it('raise the version of the case they leave', async () => {
    const draft = await createCase(people.submitter);
    const report = await attach(people.submitter, draft.id);
    const begun = await begin(people.submitter, draft.id, 1000);
    const version = async () =>
      (await people.submitter.get<{ version: number }>(`/api/cases/${draft.id}`)).body.version;
    const first = await version();
    await people.submitter.delete(`/api/cases/${draft.id}/attachments/${report.body.id}`);
    expect(await version()).to.be.greaterThan(first);
    const stale = await people.submitter.patch(`/api/cases/${draft.id}`, {
      version: first,
      content: { question: 'Autre question.' },
    });
    expect(problemOf(stale).code).to.equal('CONFLICT');
    const second = await version();
    await people.submitter.delete(`/api/slides/${begun.headers.get('slide-id')}`);
    expect(await version()).to.be.greaterThan(second);
  });

  it('are never taken from under a case that is being sent', async () => {
    for (let round = 0; round < 5; round++) {
      const draft = await createCase(people.submitter);
      await attach(people.submitter, draft.id);
      const begun = await begin(people.submitter, draft.id, 1000);
      const [, sent] = await Promise.all([
        people.submitter.delete(`/api/slides/${begun.headers.get('slide-id')}`),
        people.submitter.post(`/api/cases/${draft.id}/submit`, {}),
      ]);
      const slide = await mongoose.connection
        .collection('slides')
        .findOne({ _id: new mongoose.Types.ObjectId(begun.headers.get('slide-id') ?? '') });
      const { status, submittedAt } = (await people.submitter.get<CasePage>(`/api/cases/${draft.id}`)).body;
      expect(status === 'draft').to.equal(sent.status !== 200);
      // Sent with its slide, which may be given up afterwards; or not sent.
      if (submittedAt && slide?.status === 'removed')
        expect((slide.updatedAt as Date).toISOString() >= submittedAt).to.equal(true);
    }
  });

  it('are refused once a case has forty documents, however many come at once', async () => {
    const { id } = await createCase(people.submitter);
    const before = await attachmentsOnDisk();
    const first = await attach(people.submitter, id);
    const cases = mongoose.connection.collection('cases');
    const _id = new mongoose.Types.ObjectId(id);
    const record = await cases.findOne({ _id });
    // As if thirty-eight more had come before.
    await cases.updateOne(
      { _id },
      {
        $set: {
          attachments: Array.from({ length: CASE_LIMITS.attachments - 1 }, () => record?.attachments[0]),
        },
      },
    );
    expect(first.status).to.equal(201);
    const answers = await Promise.all([1, 2, 3].map(() => attach(people.submitter, id)));
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([201, 409, 409]);
    const refused = await attach(people.submitter, id);
    expect(problemOf(refused).code).to.equal('ATTACHMENTS_LIMIT');
    expect(await attachmentsOnDisk()).to.have.length(before.length + 2);
  });

  it('go when their case went and nobody removed them: those of a case stay, and those that have just come', async () => {
    const { id } = await createCase(people.submitter);
    await attach(people.submitter, id);
    const before = await attachmentsOnDisk();
    const old = new Date(Date.now() - 48 * 3600 * 1000);
    const folder = join(app.config.uploadsDir, 'attachments');
    await writeFile(join(folder, 'orphan'), 'x');
    for (const name of [...before, 'orphan']) await utimes(join(folder, name), old, old);
    await writeFile(join(folder, 'arriving'), 'x');
    expect(await sweepAttachments()).to.equal(1);
    expect(await attachmentsOnDisk()).to.have.members([...before, 'arriving']);
  });

  const attachmentsOnDisk = () => readdir(join(app.config.uploadsDir, 'attachments'));
});
