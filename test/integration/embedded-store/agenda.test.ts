import { MongoBackend } from '@agendajs/mongo-backend';
import { Agenda } from 'agenda';
import { expect } from 'chai';
import { native, openTestStore, type TestStore } from './store.js';

describe('embedded store with agenda', () => {
  let store: TestStore;
  let agenda: Agenda;
  before(async () => {
    store = await openTestStore();
    agenda = new Agenda({
      backend: new MongoBackend({ mongo: native(store.connection) as never }),
      processEvery: 50,
    });
  });
  after(async () => {
    await agenda.stop();
    await store.close();
  });

  it('runs jobs at once, later and again, and keeps what became of them', async () => {
    const ran: unknown[] = [];
    let again = 0;
    const done = new Promise<void>((resolve) => {
      const check = (): void => {
        if (ran.length === 2 && again >= 2) resolve();
      };
      agenda.define('report', async (job) => {
        ran.push(job.attrs.data);
        check();
      });
      agenda.define('reminder', async () => {
        again += 1;
        check();
      });
    });
    agenda.define('broken', async () => {
      throw new Error('no printer');
    });
    await agenda.start();
    await agenda.now('report', { at: 'once' });
    await agenda.schedule(new Date(Date.now() + 100), 'report', { at: 'later' });
    await agenda.every(100, 'reminder');
    await agenda.every(100, 'reminder');
    const failed = new Promise((resolve) => agenda.on('fail:broken', resolve));
    await agenda.now('broken', {});
    await Promise.all([done, failed]);
    expect(ran).to.deep.include({ at: 'once' });
    expect(ran).to.deep.include({ at: 'later' });
    const reminders = await native(store.connection)
      .collection('agendaJobs')
      .find({ name: 'reminder' })
      .toArray();
    expect(reminders, 'a repeated job is kept once').to.have.length(1);
    const { total } = await agenda.queryJobs({ name: 'report' });
    expect(total).to.equal(2);
  });
});
