import { type CaseRecord, getCase } from '@relecture/server/cases/index.js';
import { listen, MOST_ATTEMPTS, recoverOutbox, transition } from '@relecture/server/events/index.js';
import { runAt } from '@relecture/server/platform/clock.js';
import { expect } from 'chai';
import { createCase } from '../../factories/cases.js';
import { makePeople, type People } from '../../factories/people.js';
import { startTestApp, type TestApp } from '../../support/app.js';

/** What two listeners heard of the records; the first can be told to fail. */
const heard = { shaky: [] as string[], steady: [] as string[] };
let broken: (id: string) => boolean = () => false;
let gate: Promise<void> | null = null;

describe('the outbox', () => {
  let app: TestApp;
  let people: People;

  before(async () => {
    app = await startTestApp();
    people = await makePeople(app);
    const events = ['case.patient-corrected'] as const;
    listen('test.shaky', events, async ({ recordId, entry }) => {
      if (broken(recordId)) throw new Error('KERVELLA');
      heard.shaky.push(String(entry.params.step));
    });
    listen('test.steady', events, async ({ entry }) => {
      await gate;
      heard.steady.push(String(entry.params.step));
    });
  });
  beforeEach(() => {
    heard.shaky = [];
    heard.steady = [];
    broken = () => false;
    gate = null;
  });
  after(() => app.stop());

  const step = (id: string, number: number) =>
    transition<CaseRecord>({
      kind: 'case',
      id,
      event: 'case.patient-corrected',
      from: ['draft'],
      to: 'same',
      party: 'same',
      by: null,
      params: { step: String(number) },
    });
  const hoursLater = (hours: number) => new Date(Date.now() + hours * 3600_000);
  const outbox = async () =>
    (await people.admin.get<{ pending: number; setAside: number }>('/api/admin/outbox')).body;

  it('lets nobody wait for a listener that fails, and hands it the entries in their order later', async () => {
    const { id } = await createCase(people.submitter);
    broken = () => true;
    for (const number of [1, 2, 3]) await step(id, number);
    expect(heard).to.deep.equal({ shaky: [], steady: ['1', '2', '3'] });
    expect((await getCase(id)).outboxPending).to.equal(3);
    broken = () => false;
    await recoverOutbox();
    expect(heard.shaky, 'before its time').to.deep.equal([]);
    await runAt(hoursLater(1), recoverOutbox);
    expect(heard).to.deep.equal({ shaky: ['1', '2', '3'], steady: ['1', '2', '3'] });
    expect((await getCase(id)).outboxPending).to.equal(0);
  });

  it('keeps the order when several publish at once', async () => {
    const { id } = await createCase(people.submitter);
    let open: () => void = () => undefined;
    gate = new Promise((resolve) => {
      open = resolve;
    });
    const steps = Promise.all([1, 2, 3, 4].map((number) => step(id, number)));
    await Promise.all([recoverOutbox, recoverOutbox].map((recover) => Promise.race([recover(), null])));
    open();
    await steps;
    const written = (await getCase(id)).timeline.flatMap(({ params }) => (params.step ? [params.step] : []));
    expect(written).to.have.length(4);
    expect(heard).to.deep.equal({ shaky: written, steady: written });
  });

  it('sets aside what always fails, says so without a name, and tries again when asked', async () => {
    const { id } = await createCase(people.submitter);
    broken = (recordId) => recordId === id;
    await step(id, 1);
    for (let attempt = 1; attempt < MOST_ATTEMPTS; attempt++) {
      await runAt(hoursLater(24 * attempt), recoverOutbox);
    }
    expect((await getCase(id)).outboxPending).to.equal(0);
    expect(await outbox()).to.deep.equal({ pending: 0, setAside: 1 });
    expect(app.logged()).to.contain('entry set aside').and.not.contain('KERVELLA');
    await step(id, 2);
    expect(heard.steady).to.deep.equal(['1', '2']);

    broken = () => false;
    const retried = await people.admin.post('/api/admin/outbox/retry');
    expect(retried.status).to.equal(200);
    await runAt(hoursLater(24 * 400), recoverOutbox);
    expect(heard.shaky).to.have.members(['1', '2']);
    expect(heard.steady).to.deep.equal(['1', '2']);
    expect(await outbox()).to.deep.equal({ pending: 0, setAside: 0 });
  });
});
