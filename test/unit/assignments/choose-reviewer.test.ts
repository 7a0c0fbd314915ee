import {
  type CandidateFacts,
  chooseReviewer,
  mayBeChosen,
} from '@relecture/shared/assignments/choose-reviewer.js';
import { expect } from 'chai';
import fc from 'fast-check';

const facts = (id: string, overrides: Partial<CandidateFacts> = {}): CandidateFacts => ({
  person: { id, displayName: `Dr ${id}`, organisation: `CHU ${id}` },
  organisationId: `organisation-${id}`,
  region: 'Bretagne',
  competences: [],
  capacity: 10,
  leaves: [],
  load: 0,
  declinedBefore: false,
  knowsPatient: false,
  knowsSender: false,
  ages: 'all',
  third: false,
  conflicts: [],
  ...overrides,
});

const choose = (
  candidates: CandidateFacts[],
  overrides: Partial<Parameters<typeof chooseReviewer>[0]> = {},
) =>
  chooseReviewer({
    candidates,
    otherReaders: [],
    senderOrganisationId: 'sender',
    senderRegion: 'Bretagne',
    wishedUserId: null,
    entity: 'Lymphome folliculaire 9690/3 C77.3',
    age: 61,
    level: 2,
    day: '2026-11-23',
    ...overrides,
  });
const firstOf = (candidates: CandidateFacts[], overrides = {}) =>
  choose(candidates, overrides).find(({ eligible }) => eligible)?.reviewer.id ?? null;

describe('choose-reviewer', () => {
  it('never takes somebody of the sender’s organisation, even wished for', () => {
    const own = facts('a', { organisationId: 'sender' });
    expect(firstOf([own], { wishedUserId: 'a' })).to.equal(null);
    expect(choose([own])[0]?.against.map(({ code }) => code)).to.deep.equal(['same_organisation']);
    const linked = facts('b', { conflicts: ['sender'] });
    expect(firstOf([linked], { wishedUserId: 'b' })).to.equal(null);
    expect(choose([linked])[0]?.against.map(({ code }) => code)).to.deep.equal(['conflict_declared']);
  });

  it('takes the wished expert before a lighter load, unless on leave, full or declined', () => {
    const wished = facts('b', { load: 5 });
    expect(firstOf([facts('a'), wished], { wishedUserId: 'b' })).to.equal('b');
    for (const hindrance of [
      { leaves: [{ from: '2026-11-20', to: '2026-11-23' }] },
      { capacity: 5 },
      { declinedBefore: true },
    ]) {
      expect(firstOf([facts('a'), { ...wished, ...hindrance }], { wishedUserId: 'b' })).to.equal('a');
    }
  });

  it('prefers continuity, then competence, then the lighter load, then the region', () => {
    expect(firstOf([facts('a'), facts('b', { knowsPatient: true, load: 4 })])).to.equal('b');
    expect(firstOf([facts('a'), facts('b', { competences: ['folliculaire'], load: 4 })])).to.equal('b');
    expect(firstOf([facts('a', { load: 2 }), facts('b', { load: 1, region: 'Corse' })])).to.equal('b');
    expect(firstOf([facts('a', { region: 'Corse' }), facts('b')])).to.equal('b');
  });

  it('says a load is lighter only where it is, among those who can take it, with the figures', () => {
    const loadOf = (candidates: CandidateFacts[]) =>
      Object.fromEntries(
        choose(candidates).map(({ reviewer, for: reasons }) => [
          reviewer.id,
          reasons.find(({ code }) => code === 'lighter_load')?.params ?? null,
        ]),
      );
    expect(loadOf([facts('a', { load: 2 }), facts('b', { load: 3 }), facts('c', { load: 5 })])).to.deep.equal(
      {
        a: { load: 2, next: 3 },
        b: null,
        c: null,
      },
    );
    expect(loadOf([facts('a', { load: 3 }), facts('b', { load: 3 })]), 'equals').to.deep.equal({
      a: null,
      b: null,
    });
    const away = facts('a', { load: 0, declinedBefore: true });
    expect(
      loadOf([away, facts('b', { load: 1 }), facts('c', { load: 4 })]),
      'one who declined',
    ).to.deep.equal({
      a: null,
      b: { load: 1, next: 4 },
      c: null,
    });
  });

  it('gives a child to whoever reads children, and a third reading to a coordinating centre', () => {
    const adults = facts('a', { ages: 'adult' });
    const children = facts('b', { ages: 'child', load: 4 });
    expect(firstOf([adults, children], { age: 17 })).to.equal('b');
    expect(firstOf([adults, children], { age: 18 })).to.equal('a');
    expect(firstOf([adults, children], { age: null })).to.equal('a');
    expect(firstOf([facts('a'), facts('b', { third: true, load: 4 })], { level: 3 })).to.equal('b');
    expect(firstOf([facts('a')], { level: 3 })).to.equal(null);
  });

  it('prefers among equal loads whoever the sender knows, then the region', () => {
    expect(firstOf([facts('a'), facts('b', { knowsSender: true, region: 'Corse' })])).to.equal('b');
    expect(firstOf([facts('a'), facts('b', { knowsSender: true, load: 1 })])).to.equal('a');
  });

  it('says of everybody what speaks for them and against them', () => {
    const [first, second] = choose([
      facts('a', { competences: ['folliculaire'] }),
      facts('b', { competences: ['cutané'], load: 3, region: 'Corse' }),
    ]);
    expect(first?.for.map(({ code }) => code)).to.deep.equal(['competent', 'same_region', 'lighter_load']);
    expect(first?.against).to.deep.equal([]);
    expect(second?.eligible).to.equal(true);
    expect(second?.against).to.deep.equal([
      { code: 'heavier_load', params: { load: 3, next: 0 } },
      { code: 'not_competent', params: {} },
      { code: 'other_region', params: { region: 'Corse' } },
    ]);
  });

  it('reads a competence without minding accents and case', () => {
    expect(firstOf([facts('a'), facts('b', { competences: ['FOLLICULAIRE'], load: 3 })])).to.equal('b');
  });

  it('gives the same answer in whatever order the candidates come', () => {
    const candidate = fc.record({
      load: fc.integer({ min: 0, max: 6 }),
      capacity: fc.integer({ min: 1, max: 6 }),
      knowsPatient: fc.boolean(),
      declinedBefore: fc.boolean(),
      region: fc.constantFrom('Bretagne', 'Corse'),
    });
    fc.assert(
      fc.property(fc.array(candidate, { minLength: 1, maxLength: 6 }), fc.integer(), (raw, seed) => {
        const candidates = raw.map((item, index) => facts(`p${index}`, item));
        const turned = candidates.toSorted(
          (a, b) => ((a.person.id.charCodeAt(1) * seed) % 7) - ((b.person.id.charCodeAt(1) * seed) % 7),
        );
        expect(choose(turned)).to.deep.equal(choose(candidates));
      }),
    );
  });

  it('keeps the loads of equals within one of each other, over a thousand random sequences', () => {
    const step = fc.constantFrom('comes' as const, 'comes' as const, 'ends' as const);
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 6 }),
        fc.array(step, { minLength: 1, maxLength: 30 }),
        (people, steps) => {
          const loads = new Map(Array.from({ length: people }, (_, index) => [`p${index}`, 0]));
          for (const each of steps) {
            if (each === 'ends') {
              // Equals work as fast as each other: whoever has most ends one first.
              const [id, load] = [...loads].reduce((a, b) => (b[1] > a[1] ? b : a));
              loads.set(id, Math.max(0, load - 1));
            } else {
              const chosen = firstOf([...loads].map(([id, load]) => facts(id, { load, capacity: 1000 })));
              loads.set(chosen ?? '', (loads.get(chosen ?? '') ?? 0) + 1);
            }
            expect(Math.max(...loads.values()) - Math.min(...loads.values())).to.be.at.most(1);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('reads a third time in another house than the second reader’s, and never the second reader', () => {
    const level = { level: 3 as const, otherReaders: [{ userId: 'a', organisationId: 'organisation-a' }] };
    const colleague = facts('b', { third: true, organisationId: 'organisation-a' });
    const elsewhere = facts('c', { third: true, load: 5 });
    const candidates = [facts('a', { third: true }), colleague, elsewhere];
    expect(firstOf(candidates, level)).to.equal('c');
    const against = new Map(choose(candidates, level).map((candidate) => [candidate.reviewer.id, candidate]));
    expect(against.get('a')?.against.map(({ code }) => code)).to.include('reads_already');
    expect(against.get('b')?.against.map(({ code }) => code)).to.include('reader_organisation');
    expect([...against.values()].map(mayBeChosen)).to.deep.equal([true, false, true]);
  });
});
