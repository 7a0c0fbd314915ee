import { getReview } from '@relecture/server/reviews/index.js';
import type { CasePage } from '@relecture/shared/cases/page.js';
import { expect } from 'chai';
import { sendByPost, submitByPost } from '../../factories/cases.js';
import { handOnAgain, told } from '../../factories/inbox.js';
import { makePeople, type People } from '../../factories/people.js';
import { type Client, startTestApp, type TestApp } from '../../support/app.js';

const AWAY = [{ from: '2000-01-01', to: '2999-12-31' }];

/** Who has to choose a reader, or a network, hears what nobody else could answer. */
describe('those who choose', () => {
  let app: TestApp;
  let people: People;

  beforeEach(async () => {
    app = await startTestApp();
    people = await makePeople(app);
  });
  afterEach(() => app.stop());

  const change = async (client: Client, body: object) => {
    const answer = await people.admin.patch(`/api/admin/users/${client.userId}`, body);
    expect(answer.status).to.equal(200);
  };
  const page = async (id: string) => (await people.submitter.get<CasePage>(`/api/cases/${id}`)).body;
  const asked = async (reviewId: string) =>
    (await getReview(reviewId)).timeline.filter(({ event }) => event === 'review.coordinator-asked');
  const post = async (client: Client, caseId: string, text = 'Faut-il un autre bloc ?') => {
    const answer = await client.post(`/api/cases/${caseId}/messages`, { text });
    expect(answer.status).to.be.within(200, 201);
  };
  const heardMessage = (client: Client, caseId: string) => told(client, 'message.posted', caseId);

  it('are asked once when nobody is eligible, however often the admission is heard', async () => {
    await change(people.reviewer, { leaves: AWAY });
    await change(people.otherReviewer, { leaves: AWAY });
    const sent = await submitByPost(people);
    const reviewId = sent.reviews[0]?.id ?? '';
    expect(sent.reviews[0]).to.deep.include({ status: 'admitted', assignment: null });
    await handOnAgain('reviews', reviewId);
    await handOnAgain('cases', sent.id);
    expect(await asked(reviewId)).to.have.length(1);
    expect(await told(people.coordinator, 'review.coordinator-asked', sent.id)).to.have.length(1);
    for (const client of [people.national, people.submitter, people.reviewer, people.otherReviewer])
      expect(await told(client, 'review.coordinator-asked', sent.id)).to.deep.equal([]);
  });

  it('are asked, once, when the last eligible reader declines', async () => {
    await change(people.otherReviewer, { leaves: AWAY });
    const sent = await submitByPost(people);
    const reviewId = sent.reviews[0]?.id ?? '';
    expect(sent.reviews[0]?.assignment?.reviewer.id).to.equal(people.reviewer.userId);
    expect(await asked(reviewId)).to.deep.equal([]);
    const declined = await people.reviewer.post(`/api/reviews/${reviewId}/decline`, {
      reason: 'Entité hors de mon domaine.',
    });
    expect(declined.status).to.equal(200);
    await handOnAgain('reviews', reviewId);
    expect(await asked(reviewId)).to.have.length(1);
    expect(await told(people.coordinator, 'review.coordinator-asked', sent.id)).to.have.length(1);
  });

  it('are the national coordinators when the network has none left', async () => {
    await change(people.reviewer, { leaves: AWAY });
    await change(people.otherReviewer, { leaves: AWAY });
    const sent = await sendByPost(people.submitter);
    const parcel = `/api/cases/${sent.id}/shipments/${sent.shipments[0]?.id}`;
    await change(people.coordinator, { active: false });
    // A reader of the network may say that the parcel came.
    expect((await people.reviewer.patch(parcel, { receivedOn: '2026-11-23' })).status).to.equal(200);
    expect(await told(people.national, 'review.coordinator-asked', sent.id)).to.have.length(1);
  });

  it('hear the sender as long as nobody reads; then the reader does, and they no more', async () => {
    const sent = await sendByPost(people.submitter);
    expect(sent.reviews[0]?.assignment).to.equal(null);
    await post(people.submitter, sent.id);
    expect(await heardMessage(people.coordinator, sent.id)).to.have.length(1);
    for (const client of [people.submitter, people.national, people.reviewer, people.otherReviewer])
      expect(await heardMessage(client, sent.id)).to.deep.equal([]);

    const parcel = `/api/cases/${sent.id}/shipments/${sent.shipments[0]?.id}`;
    await people.coordinator.patch(parcel, { receivedOn: '2026-11-23' });
    const readerId = (await page(sent.id)).reviews[0]?.assignment?.reviewer.id;
    const reader = [people.reviewer, people.otherReviewer].find(
      ({ userId }) => userId === readerId,
    ) as Client;
    await post(people.submitter, sent.id, 'Et maintenant ?');
    expect(await heardMessage(reader, sent.id)).to.have.length(1);
    expect(await heardMessage(people.coordinator, sent.id)).to.have.length(1);
  });

  it('hear the sender of a case that waits for its network, and are answered', async () => {
    const sent = await sendByPost(people.submitter, {
      contestedRouting: { reason: 'Plutôt un autre réseau.' },
    });
    expect(sent.status).to.equal('to_dispatch');
    await post(people.submitter, sent.id);
    expect(await heardMessage(people.national, sent.id)).to.have.length(1);
    expect(await heardMessage(people.coordinator, sent.id)).to.deep.equal([]);
    await post(people.national, sent.id, 'Quel réseau proposez-vous ?');
    expect(await heardMessage(people.submitter, sent.id)).to.have.length(1);
    expect(await heardMessage(people.national, sent.id)).to.have.length(1);
  });
});
