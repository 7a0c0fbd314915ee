import { recipientsOf } from '@relecture/server/assignments/index.js';
import { getCase, updateShipment } from '@relecture/server/cases/index.js';
import { runAt } from '@relecture/server/platform/clock.js';
import { principalFromAuthorization } from '@relecture/server/users/index.js';
import type { CasePage } from '@relecture/shared/cases/page.js';
import type { CaseRow, Shipment } from '@relecture/shared/cases/schema.js';
import type { Notification } from '@relecture/shared/notifications/schema.js';
import type { ReviewRow } from '@relecture/shared/reviews/schema.js';
import { expect } from 'chai';
import mongoose from 'mongoose';
import sharp from 'sharp';
import { attach, createCase, receiveParcel, sendByPost } from '../../factories/cases.js';
import { makePeople, type People } from '../../factories/people.js';
import { type Client, problemOf, startTestApp, type TestApp } from '../../support/app.js';

describe('admission', () => {
  let app: TestApp;
  let people: People;

  before(async () => {
    app = await startTestApp();
    people = await makePeople(app);
  });
  after(() => app.stop());

  const page = async (id: string) => (await people.submitter.get<CasePage>(`/api/cases/${id}`)).body;
  /** Asks again until it holds: each question is a round trip, and mocha's own limit ends a hopeless wait. */
  const until = async (id: string, holds: (found: CasePage) => boolean): Promise<CasePage> => {
    for (;;) {
      const found = await page(id);
      if (holds(found)) return found;
    }
  };
  const addSlide = async (id: string, stain: string): Promise<string> => {
    const form = new FormData();
    const image = sharp({ create: { width: 900, height: 700, channels: 3, background: '#c48aa8' } });
    form.set('stain', stain);
    form.set('slide', new Blob([new Uint8Array(await image.jpeg().toBuffer())]), 'lame.jpg');
    const answer = await people.submitter.post<{ id: string }>(`/api/cases/${id}/slides`, form);
    expect(answer.status).to.equal(201);
    return answer.body.id;
  };
  const heldForItsStain = async (): Promise<{ held: CasePage; slideId: string; reviewId: string }> => {
    const draft = await createCase(people.submitter);
    await attach(people.submitter, draft.id);
    const slideId = await addSlide(draft.id, 'CD20');
    await people.submitter.post(`/api/cases/${draft.id}/submit`, {});
    const held = await until(
      draft.id,
      ({ reviews }) => reviews[0]?.lacks.length === 1 && reviews[0].lacks[0]?.code === 'stain',
    );
    return { held, slideId, reviewId: held.reviews[0]?.id ?? '' };
  };
  const told = async (client: Client, event: Notification['event'], caseId: string) =>
    (await client.get<{ items: Notification[] }>('/api/notifications')).body.items.filter(
      (item) => item.event === event && item.caseId === caseId,
    );

  it('holds a case whose slides lack the stain that the network requires, and says so to both sides', async () => {
    const { held, reviewId } = await heldForItsStain();
    const lacks = [{ code: 'stain', what: 'HES', count: null }];
    expect(held).to.include({ progress: 'submitted', party: 'submitter' });
    expect(held.reviews[0]).to.deep.include({ status: 'routed', assignment: null, lacks });
    const row = (await people.submitter.get<{ items: CaseRow[] }>('/api/cases?toDo=true')).body.items.find(
      ({ id }) => id === held.id,
    );
    expect(row).to.deep.include({ toDo: 'complete_material', lacks });
    const board = await people.coordinator.get<{ items: ReviewRow[] }>('/api/reviews?scope=network');
    expect(board.body.items.find(({ id }) => id === reviewId)).to.deep.include({ lacks });
    expect(await told(people.submitter, 'review.held', held.id)).to.have.length(1);
    expect(held.timeline.filter(({ event }) => event === 'review.admitted')).to.deep.equal([]);
  });

  it('admits it when the sender corrects the stain: the correction is an event of the slide', async () => {
    const { held, slideId } = await heldForItsStain();
    const described = await people.submitter.patch(`/api/slides/${slideId}`, { stain: 'HES' });
    expect(described.status).to.equal(200);
    const after = await until(held.id, ({ progress }) => progress === 'assigned');
    expect(after.timeline.some(({ event }) => event === 'slide.described')).to.equal(true);
    expect(after.reviews[0]?.lacks).to.deep.equal([]);
    // The same words again change nothing.
    await people.submitter.patch(`/api/slides/${slideId}`, { stain: 'HES' });
    expect((await page(held.id)).timeline.length).to.equal(after.timeline.length);
  });

  it('admits it when the slide comes late', async () => {
    const { held } = await heldForItsStain();
    await addSlide(held.id, 'HES');
    await until(held.id, ({ progress }) => progress === 'assigned');
  });

  it('lets a coordinator of the network admit it anyway, by name and with a reason', async () => {
    const { held, reviewId } = await heldForItsStain();
    const admit = (client: Client, reason = 'Matériel épuisé, lecture sur CD20.') =>
      client.post(`/api/reviews/${reviewId}/admit`, { reason });
    expect((await admit(people.reviewer)).status).to.equal(403);
    expect((await admit(people.submitter)).status).to.equal(403);
    expect((await admit(people.coordinator, '')).status).to.equal(400);
    expect((await admit(people.coordinator)).status).to.equal(200);
    const after = await page(held.id);
    expect(after.progress).to.equal('assigned');
    const entry = after.timeline.find(({ event }) => event === 'review.admitted');
    expect(entry?.by?.id).to.equal(people.coordinator.userId);
    expect(entry?.params).to.deep.include({
      anyway: true,
      reason: 'Matériel épuisé, lecture sur CD20.',
      lacks: ['stain:HES'],
    });
    expect(problemOf(await admit(people.coordinator)).code).to.equal('STATUS_CONFLICT');
  });

  it('gives a case by post to nobody before the parcel has come; the clock is with the transfer', async () => {
    const sent = await sendByPost(people.submitter);
    expect(sent).to.include({ progress: 'submitted', party: 'transfer' });
    expect(sent.reviews[0]).to.deep.include({
      status: 'routed',
      assignment: null,
      lacks: [{ code: 'parcel_on_its_way', what: null, count: null }],
    });
    await receiveParcel(people.coordinator, sent);
    expect(await page(sent.id)).to.include({ progress: 'assigned', party: 'reviewer' });
  });

  it('waits for the sender as long as a declared parcel was not sent', async () => {
    const draft = await createCase(people.submitter, { materialBy: 'shipment' });
    await attach(people.submitter, draft.id);
    const parcel = await people.submitter.post<Shipment>(`/api/cases/${draft.id}/shipments`, {
      items: [{ kind: 'glass_slide', label: 'A1', count: 1, stain: 'CD20' }],
    });
    await people.submitter.post(`/api/cases/${draft.id}/submit`, {});
    const address = `/api/cases/${draft.id}/shipments/${parcel.body.id}`;
    const codes = async () => (await page(draft.id)).reviews[0]?.lacks.map(({ code }) => code);
    expect(await codes()).to.deep.equal(['stain', 'parcel_to_send']);
    expect((await page(draft.id)).party).to.equal('submitter');
    // What is in the parcel is put right before it leaves.
    await people.submitter.patch(address, {
      items: [{ kind: 'glass_slide', label: 'A1', count: 2, stain: 'HES' }],
    });
    expect(await codes()).to.deep.equal(['parcel_to_send']);
    await people.submitter.patch(address, { sentOn: '2026-11-20' });
    expect(await codes()).to.deep.equal(['parcel_on_its_way']);
    expect((await page(draft.id)).party).to.equal('transfer');
  });

  it('lets each side of a parcel write its own part', async () => {
    const sent = await sendByPost(people.submitter);
    const address = `/api/cases/${sent.id}/shipments/${sent.shipments[0]?.id}`;
    const code = async (client: Client, body: object) => problemOf(await client.patch(address, body)).code;
    expect(await code(people.submitter, { receivedOn: '2026-11-23' })).to.equal('FORBIDDEN');
    for (const body of [
      { carrier: 'X' },
      { items: [{ kind: 'block', label: 'Z', count: 9 }] },
      { sentOn: '2026-11-01' },
    ])
      expect(await code(people.coordinator, body), JSON.stringify(body)).to.equal('FORBIDDEN');
    expect(await code(people.coordinator, { receivedOn: '2026-11-23', note: 'x' })).to.equal('FORBIDDEN');
    expect((await people.submitter.patch(address, { carrier: 'La Poste' })).status).to.equal(200);
    const received = await people.coordinator.patch<Shipment>(address, {
      receivedOn: '2026-11-23',
      condition: 'damaged',
      remarks: 'Emballage ouvert.',
    });
    expect(received.body).to.include({
      status: 'received',
      carrier: 'La Poste',
      condition: 'damaged',
      remarks: 'Emballage ouvert.',
    });
    expect(await code(people.submitter, { carrier: 'Autre' })).to.equal('STATUS_CONFLICT');
  });

  it('writes a received parcel and the clock in one write', async () => {
    const sent = await sendByPost(people.submitter);
    const before = await getCase(sent.id);
    const receiver = await principalFromAuthorization(`Bearer ${people.coordinator.token}`);
    const writes: string[] = [];
    mongoose.set('debug', (collection: string, method: string) => {
      if (collection === 'cases' && /update|save|insert/i.test(method)) writes.push(method);
    });
    try {
      await updateShipment(
        sent.id,
        String(before.shipments[0]?.id),
        { receivedOn: '2026-11-23' },
        receiver,
        recipientsOf,
      );
    } finally {
      mongoose.set('debug', false);
    }
    const entry = (await getCase(sent.id)).timeline.find(({ event }) => event === 'shipment.received');
    expect(entry?.party).to.equal('admission');
    expect(writes[0]).to.equal('findOneAndUpdate');
    // Two people at once, on both sides: neither word is lost.
    const other = await sendByPost(people.submitter);
    const address = `/api/cases/${other.id}/shipments/${other.shipments[0]?.id}`;
    const answers = await Promise.all([
      people.submitter.patch(address, { trackingNumber: 'XD1' }),
      people.coordinator.patch(address, { receivedOn: '2026-11-23' }),
    ]);
    const [parcel] = (await page(other.id)).shipments;
    expect(parcel?.status).to.equal('received');
    // The sender was first, or was told that it had arrived.
    expect(parcel?.trackingNumber === 'XD1').to.equal(answers[0].status === 200);
  });

  it('leaves the clock with the transfer when a reader opens what was answered by a parcel', async () => {
    const sent = await sendByPost(people.submitter);
    await receiveParcel(people.coordinator, sent);
    const review = (await page(sent.id)).reviews[0];
    const reader = [people.reviewer, people.otherReviewer].find(
      ({ userId }) => userId === review?.assignment?.reviewer.id,
    ) as Client;
    const asked = await reader.post<{ id: string }>(`/api/reviews/${review?.id}/material-requests`, {
      items: [{ kind: 'block', detail: '' }],
      reason: 'Bloc nécessaire.',
    });
    const parcel = await people.submitter.post<Shipment>(`/api/cases/${sent.id}/shipments`, {
      items: [{ kind: 'block', label: 'A2', count: 1 }],
      sentOn: '2026-11-21',
      materialRequestId: asked.body.id,
    });
    await people.submitter.post(`/api/material-requests/${asked.body.id}/answer`, {
      shipmentId: parcel.body.id,
    });
    expect((await page(sent.id)).party).to.equal('transfer');
    await reader.post(`/api/reviews/${review?.id}/open`, {});
    expect(await page(sent.id)).to.include({ progress: 'in_review', party: 'transfer' });
    await people.coordinator.patch(`/api/cases/${sent.id}/shipments/${parcel.body.id}`, {
      receivedOn: '2026-11-23',
    });
    expect((await page(sent.id)).party).to.equal('reviewer');
  });

  it('ends a leave at midnight in Paris', async () => {
    const leave = { leaves: [{ from: '2026-06-20', to: '2026-06-30' }] };
    await mongoose.connection
      .collection('users')
      .updateMany({ networks: { $elemMatch: { networkId: 'LYMPHOPATH', as: 'reviewer' } } }, { $set: leave });
    const receiver = await principalFromAuthorization(`Bearer ${people.coordinator.token}`);
    const receivedAt = async (instant: string) => {
      const sent = await sendByPost(people.submitter);
      await runAt(new Date(instant), () =>
        updateShipment(
          sent.id,
          sent.shipments[0]?.id ?? '',
          { receivedOn: '2026-11-23' },
          receiver,
          recipientsOf,
        ),
      );
      return (await page(sent.id)).progress;
    };
    // 23:59 on 30 June, then 00:01 on 1 July: in Greenwich both are 30 June.
    expect(await receivedAt('2026-06-30T21:59:00Z')).to.equal('admitted');
    expect(await receivedAt('2026-06-30T22:01:00Z')).to.equal('assigned');
  });
});
