import {
  compareEntries,
  entriesOf,
  keyOf,
  loadSeedRuleSet,
  putEntry,
  removeEntry,
} from '@relecture/server/routing/index.js';
import { type DraftEntry, ENTRY_KINDS, type RuleDraft } from '@relecture/shared/routing/drafts.js';
import { expect } from 'chai';
import { makePeople, type People } from '../../factories/people.js';
import { type Client, problemOf, startTestApp, type TestApp } from '../../support/app.js';

const OUTSIDE: DraftEntry = {
  kind: 'outside',
  entry: {
    id: 'nodes-nowhere',
    when: { sites: ['C77'] },
    effect: 'exclude',
    because: { fr: 'Aucun ganglion, pour l’essai.', en: 'No node, for the test.' },
    source: 'essai',
    confidence: 'low',
  },
};

describe('what a rule set holds beside the rules of its networks', () => {
  const rules = loadSeedRuleSet();

  it('is all of it, each known by a name of its own', () => {
    const entries = entriesOf(rules);
    for (const kind of ENTRY_KINDS) {
      const keys = entries.filter((what) => what.kind === kind).map(keyOf);
      expect(keys, kind).to.not.have.length(0);
      expect(new Set(keys).size, kind).to.equal(keys.length);
    }
  });

  it('is put back as it was, and taken out alone', () => {
    const entries = entriesOf(rules);
    for (const what of entries) {
      expect(entriesOf(putEntry(rules, what)), `${what.kind} ${keyOf(what)}`).to.deep.equal(entries);
      const less = removeEntry(rules, what.kind, keyOf(what));
      expect(entriesOf(less)).to.have.length(entries.length - 1);
      expect(compareEntries(less, rules).removedEntries).to.deep.equal([
        { kind: what.kind, key: keyOf(what) },
      ]);
    }
  });
});

describe('the entries of a draft', () => {
  let app: TestApp;
  let people: People;
  let draft: RuleDraft;

  before(async () => {
    app = await startTestApp();
    people = await makePeople(app);
    draft = (await people.coordinator.post<RuleDraft>('/api/routing/drafts')).body;
  });
  after(() => app.stop());

  const write = (client: Client, what: unknown, revision = draft.revision) =>
    client.put<RuleDraft>(`/api/routing/drafts/${draft.id}/entry`, { revision, what });
  const remove = (kind: string, key: string) =>
    people.coordinator.post<RuleDraft>(`/api/routing/drafts/${draft.id}/remove-entry`, {
      revision: draft.revision,
      kind,
      key,
    });
  const marked = () => draft.entries.flatMap(({ key, what, mark }) => (mark ? [[what.kind, key, mark]] : []));

  it('are those of the rules in force, unmarked', () => {
    expect(new Set(draft.entries.map(({ what }) => what.kind))).to.deep.equal(new Set(ENTRY_KINDS));
    expect([marked(), draft.removedEntries]).to.deep.equal([[], []]);
  });

  it('are written one by one, of each kind, and marked', async () => {
    const words = draft.entries.find(({ what }) => what.kind === 'words')?.what;
    const group = draft.entries.find(({ key, what }) => what.kind === 'siteGroup' && key === 'skin')?.what;
    if (words?.kind !== 'words' || group?.kind !== 'siteGroup') throw new Error('no such entry');
    const written: DraftEntry[] = [
      OUTSIDE,
      {
        kind: 'contradiction',
        entry: {
          id: 'young-prostate',
          when: { sites: ['C61'], maxAge: 10 },
          fields: ['age', 'site'],
          because: { fr: 'Âge et siège.', en: 'Age and site.' },
          source: 'essai',
          confidence: 'low',
        },
      },
      { kind: 'words', entry: { ...words.entry, words: [...words.entry.words, 'zorglubome'] } },
      {
        kind: 'suspicion',
        entry: { sites: ['C62'], morphology: '9064/3', because: { fr: 'Essai.', en: 'Test.' } },
      },
      { kind: 'siteGroup', entry: { ...group.entry, ranges: [...group.entry.ranges, 'C00'] } },
      {
        kind: 'morphologyGroup',
        entry: { name: 'trialGroup', names: { fr: 'essai', en: 'test' }, ranges: ['8000/3'] },
      },
    ];
    for (const what of written) {
      const answer = await write(people.coordinator, what);
      expect(answer.status, JSON.stringify(answer.body)).to.equal(200);
      draft = answer.body;
    }
    expect(marked()).to.have.deep.members([
      ['outside', 'nodes-nowhere', 'added'],
      ['contradiction', 'young-prostate', 'added'],
      ['words', words.entry.morphology, 'changed'],
      ['suspicion', '9064/3', 'added'],
      ['siteGroup', 'skin', 'changed'],
      ['morphologyGroup', 'trialGroup', 'added'],
    ]);
    expect(draft.authors.map(({ id }) => id)).to.deep.equal([people.coordinator.userId]);
  });

  it('are tried with the rest', async () => {
    await people.admin.post(`/api/routing/drafts/${draft.id}/trial`, { count: 0 });
    for (;;) {
      const { trial } = (await people.admin.get<RuleDraft>(`/api/routing/drafts/${draft.id}`)).body;
      if (trial?.state === 'running') continue;
      expect(trial?.state).to.equal('done');
      // Nodes go nowhere now: examples with a node have lost their network.
      expect(trial?.brokenExamples.map(({ id }) => id)).to.include('OC-001');
      break;
    }
  });

  it('are taken out; not a group that a rule still names', async () => {
    const used = await remove('siteGroup', 'skin');
    expect(used.status).to.equal(400);
    expect(problemOf(used).fields?.[0]?.code).to.equal('unknown_group');
    const gone = await remove('outside', 'nodes-nowhere');
    expect(gone.status).to.equal(200);
    draft = gone.body;
    const shipped = draft.entries.find(({ what, mark }) => what.kind === 'suspicion' && mark === null);
    draft = (await remove('suspicion', shipped?.key ?? '')).body;
    expect(draft.removedEntries).to.deep.equal([{ kind: 'suspicion', key: shipped?.key }]);
  });

  it('are refused when they cannot hold, from others, or on what somebody changed meanwhile', async () => {
    for (const what of [
      { ...OUTSIDE, entry: { ...OUTSIDE.entry, effect: 'sometimes' } },
      { ...OUTSIDE, entry: { ...OUTSIDE.entry, when: { sites: ['skin'] } } },
      { ...OUTSIDE, entry: { ...OUTSIDE.entry, when: { sites: ['@nowhere'] } } },
      { kind: 'words', entry: { morphology: '9690', words: ['x'] } },
      { kind: 'siteGroup', entry: { name: 'a b', names: { fr: 'x', en: 'x' }, ranges: ['C00'] } },
      { kind: 'unknown', entry: {} },
    ])
      expect((await write(people.coordinator, what)).status, JSON.stringify(what)).to.equal(400);
    for (const client of [people.submitter, people.reviewer])
      expect((await write(client, OUTSIDE)).status).to.equal(403);
    expect((await write(people.coordinator, OUTSIDE, draft.revision - 1)).status).to.equal(409);
  });
});
