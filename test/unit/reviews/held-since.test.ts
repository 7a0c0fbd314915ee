import { heldSince } from '@relecture/server/reviews/index.js';
import { expect } from 'chai';

describe('since when somebody holds a review', () => {
  const since = new Date('2026-10-01T08:00:00Z');
  const assignedAt = new Date('2026-11-20T08:00:00Z');
  const review = (party: string, assignment: object | null) =>
    heldSince({ party, since, assignment } as never).toISOString();

  it('is the day it was given to them, though the readers’ clock has run since the first of them', () => {
    expect(review('reviewer', { assignedAt })).to.equal(assignedAt.toISOString());
  });

  it('is the day the clock passed to whoever else holds it', () => {
    expect(review('submitter', { assignedAt })).to.equal(since.toISOString());
    expect(review('coordinator', null)).to.equal(since.toISOString());
    expect(review('reviewer', { assignedAt: new Date('2026-09-30T08:00:00Z') })).to.equal(
      since.toISOString(),
    );
  });
});
