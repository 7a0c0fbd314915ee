import type { ReviewerCandidate } from '@relecture/shared/assignments/schema.js';
import type { CasePage } from '@relecture/shared/cases/page.js';
import type { Availability } from '@relecture/shared/users/schema.js';
import { expect } from 'chai';
import { completeContent, submitByPost } from '../../factories/cases.js';
import { makePeople, type People } from '../../factories/people.js';
import { type Client, problemOf, startTestApp, type TestApp } from '../../support/app.js';

const patient = (birthDate: string) => {
  const { patient: known } = completeContent();
  return { patient: { ...known, birthDate } };
};

describe('who is chosen to read', () => {
  let app: TestApp;
  let people: People;
  const free: Availability = { leaves: [], capacity: 12, conflicts: [] };
  const say = (client: Client, availability: Partial<Availability>) =>
    client.put<Availability>('/api/users/me/availability', { ...free, ...availability });
  const readerOf = ({ reviews }: CasePage): string | null => reviews[0]?.assignment?.reviewer.id ?? null;
  const candidatesFor = async ({ reviews }: CasePage) =>
    (
      await people.coordinator.get<{ candidates: ReviewerCandidate[] }>(
        `/api/reviews/${reviews[0]?.id}/candidates`,
      )
    ).body.candidates;
  const codes = (candidates: ReviewerCandidate[], { userId }: Client) => {
    const found = candidates.find(({ reviewer }) => reviewer.id === userId);
    return { for: found?.for.map(({ code }) => code), against: found?.against.map(({ code }) => code) };
  };

  before(async () => {
    app = await startTestApp();
    people = await makePeople(app);
  });
  after(() => app.stop());

  it('is the one who has read for this patient, whatever the loads', async () => {
    const first = await submitByPost(people, patient('1950-01-02'));
    const reader = readerOf(first);
    for (const day of ['03', '04']) {
      const again = await submitByPost(people, patient('1950-01-02'));
      expect(readerOf(again), day).to.equal(reader);
    }
    const client = reader === people.reviewer.userId ? people.reviewer : people.otherReviewer;
    const other = client === people.reviewer ? people.otherReviewer : people.reviewer;
    const another = await submitByPost(people, patient('1950-01-09'));
    expect(readerOf(another)).to.equal(other.userId);
    const candidates = await candidatesFor(first);
    expect(codes(candidates, client).for).to.include('continuity');
    expect(codes(candidates, other).for).to.not.include('continuity');
  });

  it('is nobody who is away, full, or has a conflict of interest, as they say themselves', async () => {
    const { reviewer, otherReviewer, senderOrganisationId } = people;
    const refused = await say(reviewer, { leaves: [{ from: '2026-12-24', to: '2026-12-20' }] });
    expect(problemOf(refused).code).to.equal('INVALID_INPUT');
    const unknown = await say(reviewer, { conflicts: ['665f1f77bcf86cd799439011'] });
    expect(problemOf(unknown).fields?.[0]?.path).to.equal('conflicts');
    for (const hindrance of [
      { leaves: [{ from: '2020-01-01', to: '2099-01-01' }] },
      { capacity: 0 },
      { conflicts: [senderOrganisationId] },
    ]) {
      expect((await say(reviewer, hindrance)).status).to.equal(200);
      const sent = await submitByPost(people, patient('1951-02-03'));
      expect(readerOf(sent)).to.equal(otherReviewer.userId);
      expect(
        (await people.submitter.post(`/api/cases/${sent.id}/withdraw`, { reason: 'Essai.' })).status,
      ).to.equal(200);
    }
    const linked = await submitByPost(people, patient('1951-02-05'));
    expect(codes(await candidatesFor(linked), reviewer).against).to.include('conflict_declared');
    const given = await people.coordinator.post(`/api/reviews/${linked.reviews[0]?.id}/assign`, {
      reviewerId: reviewer.userId,
      reason: 'Malgré tout.',
    });
    expect(problemOf(given).code).to.equal('REVIEWER_NOT_ELIGIBLE');
    expect((await say(reviewer, {})).body.conflicts).to.deep.equal([]);
  });

  it('is said by reviewers of themselves, and by the administrator of anybody', async () => {
    expect((await people.submitter.get('/api/users/me/availability')).status).to.equal(403);
    const changed = await people.admin.patch<Availability>(`/api/admin/users/${people.reviewer.userId}`, {
      leaves: [{ from: '2026-12-21', to: '2027-01-03' }],
    });
    expect(changed.body.leaves).to.deep.equal([{ from: '2026-12-21', to: '2027-01-03' }]);
    const unknown = await people.admin.patch(`/api/admin/users/${people.reviewer.userId}`, {
      conflicts: ['665f1f77bcf86cd799439011'],
    });
    expect(problemOf(unknown).fields?.[0]?.path).to.equal('conflicts');
    const { items } = (
      await people.admin.get<{ items: Array<{ action: string; actorId: string }> }>(
        `/api/admin/audit?recordId=${people.reviewer.userId}`,
      )
    ).body;
    const changes = items.filter(({ action }) => action === 'user.changed').map(({ actorId }) => actorId);
    expect(changes).to.include.members([people.admin.userId, people.reviewer.userId]);
    const own = await people.reviewer.get<Availability>('/api/users/me/availability');
    expect(own.body).to.deep.include({ leaves: [{ from: '2026-12-21', to: '2027-01-03' }], capacity: 12 });
  });
});
