import { type CaseFacts, projectCase } from '@relecture/server/overview/project-case.js';
import { expect } from 'chai';

const AT = new Date('2026-11-20T09:00:00Z');
const facts = (overrides: Partial<CaseFacts> = {}): CaseFacts => ({
  status: 'routed',
  party: 'admission',
  since: AT,
  createdByName: 'Dr A',
  reviews: [],
  refusedSlides: 0,
  openMaterialRequests: 0,
  unreadReports: 0,
  ...overrides,
});
const review = (
  status: CaseFacts['reviews'][number]['status'],
  rest: Partial<CaseFacts['reviews'][number]> = {},
) => ({
  status,
  party: 'reviewer' as const,
  since: AT,
  dueAt: null,
  reviewerName: 'Pr B',
  lacks: [],
  ...rest,
});

describe('project-case', () => {
  it('shows the case’s own status before and beside its readings', () => {
    expect(projectCase(facts({ status: 'draft', party: 'none' })).toDo).to.equal('finish_draft');
    expect(projectCase(facts({ status: 'to_correct' })).toDo).to.equal('correct_fields');
    for (const status of ['submitted', 'to_dispatch', 'clinical_pathway', 'withdrawn'] as const) {
      expect(projectCase(facts({ status, reviews: [review('cancelled')] })).progress).to.equal(status);
    }
  });

  it('shows the reading that is furthest behind', () => {
    const shown = projectCase(
      facts({ reviews: [review('signed'), review('assigned', { reviewerName: 'Dr C' })] }),
    );
    expect(shown.progress).to.equal('assigned');
    expect(shown.heldBy).to.equal('Dr C');
  });

  it('takes the nearest due date of what is still open', () => {
    const soon = new Date('2026-11-25T17:00:00Z');
    const later = new Date('2026-12-25T17:00:00Z');
    const past = new Date('2026-11-01T17:00:00Z');
    const reviews = [
      review('signed', { dueAt: past }),
      review('in_review', { dueAt: later }),
      review('assigned', { dueAt: soon }),
    ];
    expect(projectCase(facts({ reviews })).dueAt).to.deep.equal(soon);
  });

  it('asks the sender for a slide in place of a refused one, and waits for it as long as nobody reads', () => {
    const waiting = projectCase(facts({ refusedSlides: 1, reviews: [review('routed')] }));
    expect([waiting.progress, waiting.party, waiting.toDo]).to.deep.equal([
      'to_correct',
      'submitter',
      'replace_slide',
    ]);
    const read = projectCase(facts({ refusedSlides: 1, reviews: [review('in_review')] }));
    expect([read.progress, read.toDo]).to.deep.equal(['in_review', 'replace_slide']);
    expect(projectCase(facts({ refusedSlides: 1, reviews: [review('signed')] })).toDo).to.equal(null);
  });

  it('asks the sender for what the network requires, and for nothing while it is on its way', () => {
    const stain = { code: 'stain' as const, what: 'HES', count: null };
    const held = projectCase(
      facts({ reviews: [review('routed', { party: 'submitter', reviewerName: null, lacks: [stain] })] }),
    );
    expect([held.progress, held.party, held.toDo, held.lacks]).to.deep.equal([
      'submitted',
      'submitter',
      'complete_material',
      [stain],
    ]);
    const lacks = [{ code: 'parcel_on_its_way' as const, what: null, count: null }];
    const travelling = projectCase(facts({ reviews: [review('routed', { party: 'transfer', lacks })] }));
    expect([travelling.progress, travelling.party, travelling.toDo]).to.deep.equal([
      'submitted',
      'transfer',
      null,
    ]);
  });

  it('puts an open request for material before a report to read', () => {
    const reviews = [review('on_hold', { party: 'material' })];
    const shown = projectCase(facts({ reviews, openMaterialRequests: 1, unreadReports: 1 }));
    expect([shown.progress, shown.party, shown.toDo]).to.deep.equal([
      'on_hold',
      'material',
      'answer_material',
    ]);
    expect(
      projectCase(facts({ status: 'completed', reviews: [review('signed')], unreadReports: 1 })).toDo,
    ).to.equal('read_report');
  });

  it('holds nobody responsible once everything is signed', () => {
    const shown = projectCase(facts({ status: 'completed', reviews: [review('signed', { party: 'none' })] }));
    expect([shown.progress, shown.party, shown.dueAt]).to.deep.equal(['signed', 'none', null]);
  });
});
