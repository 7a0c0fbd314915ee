import { ruleSetOn } from '@relecture/server/routing/index.js';
import type { MovedCase, PublishedLine, RuleDraft } from '@relecture/shared/routing/drafts.js';
import type { NetworkRule } from '@relecture/shared/routing/schema.js';
import { expect } from 'chai';
import mongoose from 'mongoose';
import { submitByPost } from '../../factories/cases.js';
import { makePeople, type People } from '../../factories/people.js';
import { type Client, problemOf, startTestApp, type TestApp } from '../../support/app.js';

const today = () => new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Paris' }).format(new Date());

describe('drafts of the routing rules', () => {
  let app: TestApp;
  let people: People;
  let draft: RuleDraft;
  const lymphoid = () => draft.rules.find(({ id }) => id === 'lymphopath-lymphoid') as NetworkRule;
  const write = (client: Client, revision: number, rule: unknown) =>
    client.put<RuleDraft>(`/api/routing/drafts/${draft.id}/rule`, { revision, rule });
  const tried = async (count: number): Promise<RuleDraft> => {
    await people.admin.post(`/api/routing/drafts/${draft.id}/trial`, { count });
    for (;;) {
      const { body } = await people.admin.get<RuleDraft>(`/api/routing/drafts/${draft.id}`);
      if (body.trial?.state !== 'running') return body;
    }
  };
  const publish = (client: Client, validFrom: string, revision = draft.revision) =>
    client.post(`/api/routing/drafts/${draft.id}/publish`, { revision, validFrom });

  before(async () => {
    app = await startTestApp();
    people = await makePeople(app);
    await submitByPost(people);
  });
  after(() => app.stop());

  it('begins from the rules in force, for coordinators and administrators only', async () => {
    expect((await people.submitter.post('/api/routing/drafts')).status).to.equal(403);
    expect((await people.reviewer.get('/api/routing/rule-sets')).status).to.equal(403);
    const begun = await people.coordinator.post<RuleDraft>('/api/routing/drafts');
    expect(begun.status).to.equal(201);
    draft = begun.body;
    expect([draft.added, draft.changed, draft.removed, draft.mayPublish]).to.deep.equal([[], [], [], false]);
  });

  it('keeps a rule that is written, and refuses what cannot hold or what somebody else wrote meanwhile', async () => {
    const narrower = { ...lymphoid(), when: { ...lymphoid().when, notSites: ['C77'] } };
    const unknown = await write(people.coordinator, 1, { ...narrower, when: { sites: ['@nowhere'] } });
    expect(problemOf(unknown).fields?.[0]?.path).to.equal('rule.when');
    expect((await write(people.coordinator, 1, { ...narrower, networkId: 'NOBODY' })).status).to.equal(400);
    const written = await write(people.coordinator, 1, narrower);
    expect(written.body.changed).to.deep.equal(['lymphopath-lymphoid']);
    expect((await write(people.national, 1, narrower)).status).to.equal(409);
    draft = written.body;
  });

  it('is tried on examples, on sites and morphologies, and on the last real cases', async () => {
    expect((await publish(people.admin, today())).status).to.equal(409);
    const { trial } = await tried(100);
    expect(trial).to.include({ state: 'done', replayed: 1, moved: 1, reproduced: 1, overlapCount: 0 });
    expect(trial?.brokenExamples.map(({ id }) => id)).to.include('OC-001');
    // Every site and morphology that some rule tells from the others; only nodes have lost their network.
    expect(trial?.gapCount).to.be.greaterThan(0);
    expect(trial?.gaps.every(({ site }) => site.startsWith('C77'))).to.equal(true);
    const { body } = await people.national.get<{ items: MovedCase[] }>(
      `/api/routing/drafts/${draft.id}/moves`,
    );
    const [moved] = body.items;
    expect(moved?.before.networkIds).to.deep.equal(['LYMPHOPATH']);
    expect(moved?.after.networkIds).to.deep.equal([]);
    expect(moved?.caseNumber).to.be.a('string');
    // An administrator keeps the rules and reads no case.
    const blind = await people.admin.get<{ items: MovedCase[] }>(`/api/routing/drafts/${draft.id}/moves`);
    expect([blind.body.items[0]?.caseId, blind.body.items[0]?.caseNumber]).to.deep.equal([null, null]);
  });

  it('is published by somebody who wrote none of it, never for a day gone by', async () => {
    expect((await publish(people.coordinator, today())).status).to.equal(403);
    expect((await publish(people.admin, '2020-01-01')).status).to.equal(400);
    expect((await publish(people.admin, today(), 1)).status).to.equal(409);
    expect((await publish(people.admin, today())).status).to.equal(204);
    expect((await publish(people.admin, today())).status).to.equal(409);
    expect(ruleSetOn(today()).version).to.equal(draft.version);
    const preview = { primarySite: 'C77.3', morphology: '9690/3', age: 58, sex: 'F' };
    const { body } = await people.submitter.post<{ rulesVersion: string; networks: unknown[] }>(
      '/api/routing/preview',
      preview,
    );
    expect([body.rulesVersion, body.networks]).to.deep.equal([draft.version, []]);
    expect((await write(people.coordinator, draft.revision, lymphoid())).status).to.equal(409);
  });

  it('is rolled back, once, and what is shipped with the product never', async () => {
    const reason = { reason: 'Les ganglions ne vont plus nulle part.' };
    const withdraw = (version: string) =>
      people.coordinator.post(`/api/routing/rule-sets/${version}/withdraw`, reason);
    expect((await withdraw('2025-1')).status).to.equal(409);
    expect((await withdraw(draft.version)).status).to.equal(204);
    expect((await withdraw(draft.version)).status).to.equal(409);
    expect(ruleSetOn(today()).version).to.equal('2025-1');
    const { body } = await people.admin.get<{ published: PublishedLine[] }>('/api/routing/rule-sets');
    expect(body.published.map(({ version, inForce }) => [version, inForce])).to.deep.equal([
      [draft.version, false],
      ['2025-1', true],
    ]);
    const log = await mongoose.connection
      .collection('accesslog')
      .distinct('action', { recordKind: 'rule-set' });
    expect(log).to.include.members(['rules.rule-written', 'rules.published', 'rules.withdrawn']);
  });
});
