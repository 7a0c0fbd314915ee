import type { CasePage } from '@relecture/shared/cases/page.js';
import { isAstray } from '@relecture/shared/cases/parcels.js';
import type { Shipment } from '@relecture/shared/cases/schema.js';
import type { Review, ReviewRow } from '@relecture/shared/reviews/schema.js';
import type { Organisation } from '@relecture/shared/users/schema.js';
import { expect } from 'chai';
import { attach, createCase, receiveParcel, sendByPost } from '../../factories/cases.js';
import { makePeople, type People } from '../../factories/people.js';
import { type Client, problemOf, startTestApp, type TestApp } from '../../support/app.js';

const ADDRESS = {
  service: 'Anatomie pathologique',
  street: '12 rue des Écoles',
  postcode: '59037',
  town: 'Lille CEDEX',
  phone: '03 53 01 00 01',
};

describe('a parcel’s way', () => {
  let app: TestApp;
  let people: People;

  before(async () => {
    app = await startTestApp();
    people = await makePeople(app);
  });
  after(() => app.stop());

  const page = async (id: string, client: Client = people.submitter) =>
    (await client.get<CasePage>(`/api/cases/${id}`)).body;
  const houseOf = async (client: Client): Promise<Organisation> =>
    (await client.get<{ organisation: Organisation }>('/api/users/me')).body.organisation;
  const slipOf = ({ id, shipments }: CasePage, client: Client = people.submitter) =>
    client.get<Buffer>(`/api/cases/${id}/shipments/${shipments[0]?.id}/slip.pdf`);

  it('has an address that administrators alone write, and refuse to leave half', async () => {
    const { id } = await houseOf(people.coordinator);
    const write = (client: Client, address: object) =>
      client.patch<Organisation>(`/api/admin/organisations/${id}`, { address });
    expect((await write(people.coordinator, ADDRESS)).status).to.equal(403);
    expect((await write(people.submitter, ADDRESS)).status).to.equal(403);
    const refused = await write(people.admin, { ...ADDRESS, postcode: '590' });
    expect(refused.status).to.equal(400);
    expect(problemOf(refused).fields?.map(({ path }) => path)).to.deep.equal(['address.postcode']);
    expect((await write(people.admin, { ...ADDRESS, street: '' })).status).to.equal(400);
    expect((await write(people.admin, ADDRESS)).body.address).to.deep.equal(ADDRESS);
    expect((await houseOf(people.coordinator)).address).to.deep.equal(ADDRESS);
  });

  it('begins when somebody is there to receive it: no slip before', async () => {
    const draft = await createCase(people.submitter, { materialBy: 'shipment' });
    await attach(people.submitter, draft.id);
    await people.submitter.post(`/api/cases/${draft.id}/shipments`, {
      items: [{ kind: 'block', label: 'A1', count: 1 }],
    });
    const declared = await page(draft.id);
    expect(declared.parcelRecipients).to.deep.equal([]);
    const early = await slipOf(declared);
    expect(early.status).to.equal(409);
    expect(problemOf(early).code).to.equal('RECIPIENT_UNKNOWN');

    await people.submitter.post(`/api/cases/${draft.id}/submit`, {});
    const sent = await page(draft.id);
    const house = await houseOf(people.coordinator);
    expect(sent.parcelRecipients).to.have.length(1);
    expect(sent.parcelRecipients[0]).to.deep.include({
      networkId: 'LYMPHOPATH',
      organisation: house.name,
      address: ADDRESS,
    });
    const slip = await slipOf(sent);
    expect(slip.status).to.equal(200);
    expect(slip.body.toString('latin1')).to.match(/^%PDF/);
    expect((await slipOf(sent, people.stranger)).status).to.equal(404);
  });

  const rowOf = async (client: Client, caseId: string) =>
    (await client.get<{ items: ReviewRow[] }>('/api/reviews?scope=mine&limit=100')).body.items.find(
      (row) => row.caseId === caseId,
    );

  it('is told as going astray when another house reads, until it is sent on', async () => {
    const sent = await sendByPost(people.submitter);
    await receiveParcel(people.coordinator, sent);
    const given = await page(sent.id);
    const home = await houseOf(people.coordinator);
    // Nobody was known when it left: it is where it was taken in.
    expect(given.shipments[0]?.sentTo).to.deep.equal([home.name]);

    // The reader of that house declines: the other one, who has nothing yet, is elsewhere.
    const far = people.otherReviewer;
    const [review] = given.reviews;
    if (review?.assignment?.reviewer.id === people.reviewer.userId) {
      await people.reviewer.post<Review>(`/api/reviews/${review.id}/decline`, { reason: 'Absence.' });
    }
    const astray = await page(sent.id);
    expect(astray.parcelRecipients[0]?.organisation).to.equal((await houseOf(far)).name);
    const parcel = astray.shipments[0];
    if (!parcel) throw new Error('the parcel is gone');
    expect(isAstray(parcel, astray.parcelRecipients)).to.equal(true);

    expect((await rowOf(far, sent.id))?.parcel).to.equal('received');
    const forward = (client: Client, forwardedOn: string) =>
      client.patch<Shipment>(`/api/cases/${sent.id}/shipments/${parcel.id}`, { forwardedOn });
    expect(problemOf(await forward(people.submitter, '2026-11-24')).code).to.equal('FORBIDDEN');
    const tooEarly = await forward(people.coordinator, '2026-11-22');
    expect(problemOf(tooEarly).fields?.[0]?.code).to.equal('before_reception');
    const forwarded = await forward(people.coordinator, '2026-11-24');
    expect(forwarded.body).to.deep.include({
      status: 'received',
      forwardedOn: '2026-11-24',
      sentTo: [(await houseOf(far)).name],
    });
    expect(isAstray(forwarded.body, (await page(sent.id)).parcelRecipients)).to.equal(false);
    const under = await rowOf(far, sent.id);
    expect(under?.parcel).to.equal('forwarded');
    // Nobody's reading time runs while it travels between two readers.
    expect(under).to.include({ party: 'transfer', duePaused: true, dueAt: null });

    const arrive = (arrivedOn: string) =>
      people.coordinator.patch<Shipment>(`/api/cases/${sent.id}/shipments/${parcel.id}`, { arrivedOn });
    expect(problemOf(await arrive('2026-11-23')).fields?.[0]?.code).to.equal('before_sending');
    expect((await arrive('2026-11-25')).body).to.include({ arrivedOn: '2026-11-25' });
    const there = await rowOf(far, sent.id);
    expect(there).to.include({ parcel: 'received', party: 'reviewer', duePaused: false });
    expect(there?.dueAt).to.be.a('string');
    const events = (await page(sent.id)).timeline.map(({ event }) => event);
    expect(events.filter((event) => event.startsWith('review.parcel-'))).to.deep.equal([
      'review.parcel-forwarded',
      'review.parcel-received',
    ]);
  });

  it('stays with the transfer when it is given to another reader on its way', async () => {
    const sent = await sendByPost(people.submitter);
    await receiveParcel(people.coordinator, sent);
    const [review] = (await page(sent.id)).reviews;
    const give = (client: Client) =>
      people.coordinator.post(`/api/reviews/${review?.id}/assign`, {
        reviewerId: client.userId,
        reason: 'Son domaine.',
      });
    if (review?.assignment?.reviewer.id !== people.otherReviewer.userId) await give(people.otherReviewer);
    const [parcel] = (await page(sent.id)).shipments;
    const path = `/api/cases/${sent.id}/shipments/${parcel?.id}`;
    await people.coordinator.patch(path, { forwardedOn: '2026-11-24' });
    expect((await give(people.reviewer)).status).to.equal(200);
    expect(await rowOf(people.reviewer, sent.id)).to.include({ party: 'transfer', duePaused: true });
    // What it holds is told, and nothing starts.
    await people.coordinator.patch(path, { remarks: 'Une lame fêlée.' });
    expect(await rowOf(people.reviewer, sent.id)).to.include({ party: 'transfer', duePaused: true });
  });
});
