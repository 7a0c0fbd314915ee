import { sweepSlides } from '@relecture/server/slides/index.js';
import type { Slide } from '@relecture/shared/slides/schema.js';
import { expect } from 'chai';
import mongoose from 'mongoose';
import { bearer, postSlide, problemOf, readySlide, slidesOf } from './calls.js';
import { pyramid } from './files.js';
import { type Person, type SlideServer, startSlideServer } from './slide-server.js';
import { CHUNK, uploadsOf } from './uploading.js';

describe('the quota of an organisation', () => {
  let server: SlideServer;
  let sender: Person;
  let admin: Person;
  let caseId: string;

  before(async () => {
    server = await startSlideServer();
    admin = await server.person({ roles: ['admin'] });
  });
  after(() => server.stop());
  beforeEach(async () => {
    sender = await server.person();
    caseId = await server.caseOf(sender);
  });

  const call = (method: string, path: string, body?: object, person = admin) =>
    fetch(`${server.url}${path}`, {
      method,
      headers: { ...bearer(person), 'Content-Type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  const setQuota = async (quotaBytes: number | null) => {
    const path = `/api/admin/organisations/${sender.organisationId}/slide-rules`;
    const answer = await call('PUT', path, { labels: 'keep', quotaBytes, retentionMonths: null });
    expect(answer.status).to.equal(200);
  };
  const used = async (): Promise<number> => {
    const { items } = (await (await call('GET', '/api/admin/slide-usage')).json()) as {
      items: Array<{ organisationId: string; bytes: number }>;
    };
    return items.find(({ organisationId }) => organisationId === sender.organisationId)?.bytes ?? 0;
  };

  it('is the administrator’s to set and to read', async () => {
    const path = `/api/admin/organisations/${sender.organisationId}/slide-rules`;
    const body = { labels: 'keep', quotaBytes: 5_000_000, retentionMonths: null };
    expect((await call('PUT', path, body, sender)).status).to.equal(403);
    expect((await call('GET', '/api/admin/slide-usage', undefined, sender)).status).to.equal(403);
  });

  it('refuses an upload before its first byte, with advice, and keeps what was accepted', async () => {
    await setQuota(5_000_000);
    const uploads = uploadsOf(server, sender);
    const bytes = await pyramid();
    const first = await uploads.begin(caseId, 4_000_000);
    const refused = await uploads.create(2_000_000, { caseId });
    expect(refused.status).to.equal(507);
    const problem = await problemOf(refused);
    expect(problem.code).to.equal('STORAGE_QUOTA_REACHED');
    expect(problem.params).to.include({ quotaBytes: 5_000_000, usedBytes: 4_000_000 });
    // What was accepted goes on, also when the quota is lowered meanwhile.
    await setQuota(1_000_000);
    const sent = await fetch(first.address, {
      method: 'PATCH',
      headers: { ...bearer(sender), ...CHUNK, 'Upload-Offset': '0' },
      body: bytes as Uint8Array<ArrayBuffer>,
    });
    expect(sent.status).to.equal(204);
    expect(
      (await problemOf(await postSlide(server, sender, caseId, await pyramid({ seed: 3 })))).code,
    ).to.equal('STORAGE_QUOTA_REACHED');
    expect(await slidesOf(server, sender, caseId)).to.have.length(1);
  });

  it('is not exceeded by uploads that begin together', async () => {
    await setQuota(10_000_000);
    const uploads = uploadsOf(server, sender);
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => uploads.create(3_000_000, { caseId })),
    );
    expect(answers.filter(({ status }) => status === 201)).to.have.length(3);
    expect(answers.filter(({ status }) => status === 507)).to.have.length(9);
    expect(await used()).to.equal(9_000_000);
  });

  it('gives back what was removed or refused, once', async () => {
    await setQuota(50_000_000);
    const slide: Slide = await readySlide(server, sender, caseId, await pyramid());
    expect(await used()).to.equal(slide.bytes);
    await postSlide(server, sender, caseId, Buffer.from('texte '.repeat(100)));
    expect(await used()).to.equal(slide.bytes);
    expect((await call('DELETE', `/api/slides/${slide.id}`, undefined, sender)).status).to.equal(204);
    expect(await used()).to.equal(0);
  });

  it('is counted anew where a crash left the counter wrong, never while it moves', async () => {
    await setQuota(50_000_000);
    const slide = await readySlide(server, sender, caseId, await pyramid());
    const counters = mongoose.connection.collection('slideusage');
    const own = { _id: new mongoose.Types.ObjectId(sender.organisationId) };
    await counters.updateOne(own, { $set: { bytes: 40_000_000 } });
    await sweepSlides();
    expect(await used()).to.equal(40_000_000);
    await sweepSlides(new Date(Date.now() + 3600_000));
    expect(await used()).to.equal(slide.bytes);
  });
});
