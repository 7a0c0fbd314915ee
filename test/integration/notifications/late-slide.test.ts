import { slidesOfCase } from '@relecture/server/slides/index.js';
import { expect } from 'chai';
import sharp from 'sharp';
import { handOnAgain, told } from '../../factories/inbox.js';
import { makePeople, type People } from '../../factories/people.js';
import { startReading } from '../../factories/readings.js';
import { startTestApp, type TestApp } from '../../support/app.js';

describe('a slide that comes late', () => {
  let app: TestApp;
  let people: People;

  before(async () => {
    app = await startTestApp();
    people = await makePeople(app);
  });
  after(() => app.stop());

  const addSlide = async (caseId: string): Promise<string> => {
    const form = new FormData();
    const image = sharp({ create: { width: 900, height: 700, channels: 3, background: '#c48aa8' } });
    form.set('stain', 'CD20');
    form.set('slide', new Blob([new Uint8Array(await image.jpeg().toBuffer())]), 'lame.jpg');
    const answer = await people.submitter.post<{ id: string }>(`/api/cases/${caseId}/slides`, form);
    expect(answer.status).to.equal(201);
    const { id } = answer.body;
    // Asks again until it is handed on: mocha's own limit ends a hopeless wait.
    for (;;) {
      const slide = (await slidesOfCase(caseId)).find(({ _id }) => String(_id) === id);
      if (slide?.status === 'ready' && slide.outboxPending === 0) return id;
    }
  };

  it('is told to the reader who has the case, once, and to nobody who has it not', async () => {
    const { caseId, slideId: first, reader, other } = await startReading(people);
    await handOnAgain('slides', first);
    expect(await told(reader, 'slide.ready', caseId), 'the slides that were there').to.deep.equal([]);
    const slideId = await addSlide(caseId);
    await handOnAgain('slides', slideId);
    expect(await told(reader, 'slide.ready', caseId)).to.have.length(1);
    for (const client of [other, people.coordinator, people.submitter])
      expect(await told(client, 'slide.ready', caseId)).to.deep.equal([]);
  });

  it('is told to the reader of now, and not to the one who gave the case back', async () => {
    const { caseId, reviewId, reader, other } = await startReading(people);
    const declined = await reader.post(`/api/reviews/${reviewId}/decline`, { reason: 'Absence.' });
    expect(declined.status).to.equal(200);
    await addSlide(caseId);
    expect(await told(reader, 'slide.ready', caseId)).to.deep.equal([]);
    expect(await told(other, 'slide.ready', caseId)).to.have.length(1);
  });
});
