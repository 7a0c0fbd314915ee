import { passOnFromCentres } from '@relecture/server/assignments/index.js';
import { runAt } from '@relecture/server/platform/clock.js';
import { getReview } from '@relecture/server/reviews/index.js';
import { principalFromAuthorization } from '@relecture/server/users/index.js';
import type { CentreCandidate } from '@relecture/shared/assignments/schema.js';
import type { Review, ReviewRow } from '@relecture/shared/reviews/schema.js';
import { expect } from 'chai';
import { submitByPost } from '../../factories/cases.js';
import { told } from '../../factories/inbox.js';
import { makeOrganisation, makePeople, makeUser, PASSWORD, type People } from '../../factories/people.js';
import { type Client, problemOf, startTestApp, type TestApp } from '../../support/app.js';

const DAY = 86_400_000;
const REASON = 'Centre compétent pour cette entité.';

/** Two centres: one with two readers, one with one. */
describe('a reading given to a centre', () => {
  let app: TestApp;
  let people: People;
  let colleague: Client;
  let home: string;
  let away: string;

  before(async () => {
    app = await startTestApp();
    people = await makePeople(app);
    home = await houseOf(people.reviewer);
    away = await houseOf(people.otherReviewer);
    const { email } = await makeUser({
      roles: ['reviewer'],
      organisationId: home as never,
      networks: [{ networkId: 'LYMPHOPATH', as: 'reviewer', competences: [] }],
    });
    colleague = await app.signIn(email, PASSWORD);
  });
  after(() => app.stop());

  const houseOf = async (client: Client) =>
    (await principalFromAuthorization(`Bearer ${client.token}`)).organisationId;
  const start = async () => {
    const sent = await submitByPost(people);
    return { caseId: sent.id, reviewId: sent.reviews[0]?.id ?? '' };
  };
  const give = (reviewId: string, organisationId: string, client: Client = people.coordinator) =>
    client.post<Review>(`/api/reviews/${reviewId}/assign-centre`, { organisationId, reason: REASON });
  const free = async (client: Client) =>
    (await client.get<{ items: ReviewRow[] }>('/api/reviews?scope=unassigned&limit=100')).body.items.map(
      ({ id }) => id,
    );
  const take = (client: Client, reviewId: string) => client.post<Review>(`/api/reviews/${reviewId}/take`);

  it('is offered to the centres of the network, with what they carry', async () => {
    const { reviewId } = await start();
    const { body } = await people.coordinator.get<{ centres: CentreCandidate[] }>(
      `/api/reviews/${reviewId}/candidates`,
    );
    expect(body.centres.map(({ organisationId }) => organisationId)).to.have.members([home, away]);
    expect(body.centres.find(({ organisationId }) => organisationId === home)).to.include({
      readers: 2,
      available: 2,
    });
  });

  it('is free for the readers of that centre alone, who are told; the patient’s clock goes on', async () => {
    const { caseId, reviewId } = await start();
    const { dueAt, assignment } = await getReview(reviewId);
    const given = await give(reviewId, home);
    expect(given.status, JSON.stringify(given.body)).to.equal(200);
    expect(given.body).to.include({ status: 'admitted', party: 'reviewer', assignment: null });
    expect(given.body.centre).to.be.a('string');
    expect(given.body.dueAt).to.equal(dueAt?.toISOString());
    const entry = given.body.timeline.at(-1);
    expect(entry).to.include({ event: 'review.centre-assigned' });
    expect(entry?.params).to.include({ centre: given.body.centre, reason: REASON });
    expect(entry?.params.formerReviewer).to.equal(assignment?.reviewer.displayName);

    expect(await free(people.reviewer)).to.include(reviewId);
    expect(await free(colleague)).to.include(reviewId);
    expect(await free(people.otherReviewer)).to.not.include(reviewId);
    expect((await take(people.otherReviewer, reviewId)).status).to.equal(403);
    expect(await told(colleague, 'review.centre-assigned', caseId)).to.have.length(1);
    expect(await told(people.otherReviewer, 'review.centre-assigned', caseId)).to.have.length(0);
    // Who had it no longer sees the patient.
    expect((await getReview(reviewId)).assignment).to.equal(null);

    const taken = await take(colleague, reviewId);
    expect(taken.body).to.include({ status: 'assigned', dueAt: dueAt?.toISOString() });
    expect(taken.body.assignment?.reviewer.id).to.equal(colleague.userId);

    // Declined, it goes to a colleague of the centre before anybody else.
    await colleague.post(`/api/reviews/${reviewId}/decline`, { reason: 'Absence.' });
    expect(String((await getReview(reviewId)).assignment?.reviewerId)).to.equal(people.reviewer.userId);
  });

  it('goes to a reader chosen there when nobody takes it in time', async () => {
    const { reviewId } = await start();
    await give(reviewId, away);
    const { openBy } = await getReview(reviewId);
    const sweepAt = (at: number) => runAt(new Date(at), passOnFromCentres);
    expect(await sweepAt(Number(openBy) - 1000)).to.equal(0);
    const moved = await Promise.all([1, 2].map(() => sweepAt(Number(openBy) + 1000)));
    expect(moved.reduce((sum, count) => sum + count, 0)).to.equal(1);
    const after = await getReview(reviewId);
    expect(String(after.assignment?.reviewerId)).to.equal(people.otherReviewer.userId);
    expect(after.assignment?.by).to.equal('engine');
    expect(await sweepAt(Number(openBy) + DAY)).to.equal(0);
  });

  it('is a coordinator’s act, on what nobody reads yet, and never the sender’s own house', async () => {
    const { reviewId } = await start();
    for (const client of [people.reviewer, people.submitter, people.admin])
      expect((await give(reviewId, home, client)).status).to.equal(403);
    const none = await makeOrganisation();
    for (const organisationId of [String(none._id), people.senderOrganisationId])
      expect(problemOf(await give(reviewId, organisationId)).code).to.equal('REVIEWER_NOT_ELIGIBLE');
    const { assignment } = await getReview(reviewId);
    const reader = [people.reviewer, people.otherReviewer, colleague].find(
      ({ userId }) => userId === String(assignment?.reviewerId),
    );
    await reader?.post(`/api/reviews/${reviewId}/open`, {});
    expect(problemOf(await give(reviewId, home)).code).to.equal('STATUS_CONFLICT');
  });
});
