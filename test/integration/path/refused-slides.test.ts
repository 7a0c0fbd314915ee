import type { CasePage } from '@relecture/shared/cases/page.js';
import { expect } from 'chai';
import sharp from 'sharp';
import { attach, createCase } from '../../factories/cases.js';
import { makePeople, type People } from '../../factories/people.js';
import { startTestApp, type TestApp } from '../../support/app.js';

/** A small slide that becomes a pyramid, and a file that is none. */
const photograph = () =>
  sharp({ create: { width: 900, height: 700, channels: 3, background: '#c48aa8' } })
    .jpeg()
    .toBuffer();
const NOT_A_SLIDE = Buffer.from('Ceci n’est pas une lame.\n'.repeat(40));

describe('refused slides', () => {
  let app: TestApp;
  let people: People;

  before(async () => {
    app = await startTestApp();
    people = await makePeople(app);
  });
  after(() => app.stop());

  const send = async (caseId: string, bytes: Buffer) => {
    const form = new FormData();
    form.set('stain', 'HES');
    form.set('slide', new Blob([new Uint8Array(bytes)]), 'lame.svs');
    return await people.submitter.post(`/api/cases/${caseId}/slides`, form);
  };
  const page = async (caseId: string) => (await people.submitter.get<CasePage>(`/api/cases/${caseId}`)).body;
  /** Asks again until it holds: each question is a round trip, and mocha's own limit ends a hopeless wait. */
  const until = async (caseId: string, holds: (found: CasePage) => boolean): Promise<CasePage> => {
    for (;;) {
      const found = await page(caseId);
      if (holds(found)) return found;
    }
  };

  it('do not hold a case whose sender was told before sending it', async () => {
    const draft = await createCase(people.submitter);
    await attach(people.submitter, draft.id);
    expect((await send(draft.id, NOT_A_SLIDE)).status).to.equal(422);
    expect((await send(draft.id, await photograph())).status).to.equal(201);
    await people.submitter.post(`/api/cases/${draft.id}/submit`, {});
    const sent = await until(draft.id, ({ progress }) => progress === 'assigned');
    expect(sent.slides.map(({ state }) => state)).to.have.members(['rejected', 'ready']);
    // As the sender was told: nobody else sees what never became a slide, on no screen.
    const { body } = await people.coordinator.get<CasePage>(`/api/cases/${draft.id}`);
    expect(body.slides.map(({ state }) => state)).to.deep.equal(['ready']);
    expect(body.timeline.map(({ event }) => event))
      .to.include('slide.ready')
      .and.not.include('slide.rejected');
  });

  it('ask the sender for another when they were refused after sending', async () => {
    const draft = await createCase(people.submitter);
    await attach(people.submitter, draft.id);
    await send(draft.id, await photograph());
    await people.submitter.post(`/api/cases/${draft.id}/submit`, {});
    await until(draft.id, ({ progress }) => progress === 'assigned');
    expect((await send(draft.id, NOT_A_SLIDE)).status).to.equal(422);
    const rows = await people.submitter.get<{ items: Array<{ id: string; toDo: string | null }> }>(
      '/api/cases?toDo=true',
    );
    expect(rows.body.items.find(({ id }) => id === draft.id)?.toDo).to.equal('replace_slide');
    const refused = (await page(draft.id)).slides.find(({ state }) => state === 'rejected');
    expect((await people.submitter.delete(`/api/slides/${refused?.id}`)).status).to.equal(204);
    const after = await people.submitter.get<{ items: Array<{ id: string }> }>('/api/cases?toDo=true');
    expect(after.body.items.map(({ id }) => id)).to.not.include(draft.id);
  });

  it('ring no bell for whoever is filling in the case', async () => {
    const bells = async (caseId: string) =>
      (
        await people.submitter.get<{ items: Array<{ caseId: string | null; event: string }> }>(
          '/api/notifications?limit=100',
        )
      ).body.items.filter((item) => item.caseId === caseId && item.event === 'slide.rejected').length;
    const draft = await createCase(people.submitter);
    await attach(people.submitter, draft.id);
    await send(draft.id, NOT_A_SLIDE);
    await send(draft.id, await photograph());
    await people.submitter.post(`/api/cases/${draft.id}/submit`, {});
    await until(draft.id, ({ progress }) => progress === 'assigned');
    await send(draft.id, NOT_A_SLIDE);
    // The later refusal is told: by then the earlier one would have been.
    while ((await bells(draft.id)) === 0);
    expect(await bells(draft.id)).to.equal(1);
  });
});
