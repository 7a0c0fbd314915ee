import { readAccessLog } from '@relecture/server/platform/access-log.js';
import { getReview } from '@relecture/server/reviews/index.js';
import type { BulkChoice, BulkOutcome } from '@relecture/shared/assignments/schema.js';
import { expect } from 'chai';
import { submitByPost } from '../../factories/cases.js';
import { makePeople, makeUser, PASSWORD, type People } from '../../factories/people.js';
import { type Client, startTestApp, type TestApp } from '../../support/app.js';

interface Preview {
  items: BulkChoice[];
  more: boolean;
}
interface Result {
  items: Array<{ reviewId: string; outcome: BulkOutcome }>;
}

const REASON = 'Absence imprévue de l’expert.';

/** Three readings, all given by hand to one reviewer, who falls ill. */
describe('several readings moved at once', () => {
  let app: TestApp;
  let people: People;
  let reviewIds: string[];

  before(async () => {
    app = await startTestApp();
    people = await makePeople(app);
    reviewIds = [];
    for (let count = 0; count < 3; count += 1) {
      const reviewId = (await submitByPost(people)).reviews[0]?.id ?? '';
      reviewIds.push(reviewId);
      const { assignment } = await getReview(reviewId);
      if (String(assignment?.reviewerId) !== people.reviewer.userId)
        await people.coordinator.post(`/api/reviews/${reviewId}/assign`, {
          reviewerId: people.reviewer.userId,
          reason: 'Son domaine.',
        });
    }
  });
  after(() => app.stop());

  const preview = (client: Client, body: object) => client.post<Preview>('/api/board/reassign/preview', body);
  const carryOut = (client: Client, items: BulkChoice[], reviewerId: string) =>
    client.post<Result>('/api/board/reassign', {
      reason: REASON,
      items: items.map(({ reviewId, version }) => ({ reviewId, version, reviewerId })),
    });

  it('shows who would get each with the loads it would make, and writes nothing', async () => {
    const before = await Promise.all(reviewIds.map((id) => getReview(id)));
    const { status, body } = await preview(people.coordinator, { reviewerId: people.reviewer.userId });
    expect(status).to.equal(200);
    expect(body.more).to.equal(false);
    expect(body.items.map(({ reviewId }) => reviewId)).to.have.members(reviewIds);
    expect(body.items.map(({ to }) => to?.reviewer.id)).to.deep.equal(
      Array(3).fill(people.otherReviewer.userId),
    );
    expect(
      body.items.map(({ to }) => to?.load),
      'as it goes',
    ).to.deep.equal([0, 1, 2]);
    expect(body.items.every(({ to }) => (to?.for.length ?? 0) + (to?.against.length ?? 0) > 0)).to.equal(
      true,
    );
    const after = await Promise.all(reviewIds.map((id) => getReview(id)));
    expect(after.map(({ version }) => version)).to.deep.equal(before.map(({ version }) => version));
  });

  it('is for those who may assign each of them', async () => {
    for (const client of [people.reviewer, people.submitter, people.admin])
      expect((await preview(client, { reviewIds })).status).to.equal(403);
    const elsewhere = await makeUser({
      roles: ['coordinator'],
      organisationId: (await getReview(reviewIds[0] ?? '')).organisationId,
      networks: [{ networkId: 'NETSARC+', as: 'coordinator', competences: [] }],
    });
    const stranger = await app.signIn(elsewhere.email, PASSWORD);
    expect((await preview(stranger, { reviewerId: people.reviewer.userId })).body.items).to.deep.equal([]);
    expect((await preview(stranger, { reviewIds })).status).to.be.oneOf([403, 404]);
    const items = (await preview(people.coordinator, { reviewIds })).body.items;
    const refused = await carryOut(stranger, items, people.otherReviewer.userId);
    expect(refused.status).to.equal(200);
    for (const { outcome } of refused.body.items) expect(outcome).to.be.oneOf(['FORBIDDEN', 'NOT_FOUND']);
    for (const id of reviewIds)
      expect(String((await getReview(id)).assignment?.reviewerId)).to.equal(people.reviewer.userId);
  });

  it('moves each by itself, leaves what changed since, and keeps who did it and why', async () => {
    const { items } = (await preview(people.coordinator, { reviewIds })).body;
    const [changed, ...others] = items;
    expect((await people.reviewer.post(`/api/reviews/${changed?.reviewId}/accept`)).status).to.equal(200);
    const dueAt = (await getReview(others[0]?.reviewId ?? '')).dueAt;
    const answer = await carryOut(people.coordinator, items, people.otherReviewer.userId);
    expect(answer.body.items.map(({ outcome }) => outcome)).to.deep.equal(['CONFLICT', 'moved', 'moved']);
    const kept = await getReview(changed?.reviewId ?? '');
    expect(String(kept.assignment?.reviewerId)).to.equal(people.reviewer.userId);
    const moved = await getReview(others[0]?.reviewId ?? '');
    expect(String(moved.assignment?.reviewerId)).to.equal(people.otherReviewer.userId);
    expect(moved.dueAt, 'the patient’s clock goes on').to.deep.equal(dueAt);
    expect(moved.timeline.at(-1)).to.include({ event: 'review.reassigned' });
    expect(moved.timeline.at(-1)?.params).to.include({ reason: REASON, how: 'coordinator' });
    const [logged] = await readAccessLog({ recordId: String(moved._id) }, null, 1);
    expect(logged).to.deep.include({ action: 'review.bulk-reassigned', actorId: people.coordinator.userId });

    // Twice the same: it has changed by then.
    const again = await carryOut(people.coordinator, others, people.otherReviewer.userId);
    expect(again.body.items.map(({ outcome }) => outcome)).to.deep.equal(['CONFLICT', 'CONFLICT']);
  });

  it('says of each that cannot be moved why', async () => {
    const sent = await submitByPost(people);
    const reviewId = sent.reviews[0]?.id ?? '';
    const withdrawn = await people.submitter.post(`/api/cases/${sent.id}/withdraw`, { reason: 'Erreur.' });
    expect(withdrawn.status).to.equal(200);
    const { body } = await preview(people.coordinator, { reviewIds: [reviewId] });
    expect(body.items.map(({ to, blocked }) => ({ to, blocked }))).to.deep.equal([
      { to: null, blocked: 'ended' },
    ]);
  });
});
