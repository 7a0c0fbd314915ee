import { createWorkQueue, QueueClosedError } from '@relecture/server/slides/ingest-queue.js';
import { expect } from 'chai';
import fc from 'fast-check';

const gate = () => {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
};

describe('the queue of slides to prepare', () => {
  it('never does more than so many at once, does each, and joins who asks for the same', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 20 }),
        fc.integer({ min: 1, max: 3 }),
        async (keys, concurrency) => {
          let running = 0;
          const done: string[] = [];
          const queue = createWorkQueue(async (key) => {
            running += 1;
            expect(running).to.be.at.most(concurrency);
            await new Promise(setImmediate);
            running -= 1;
            done.push(key);
            return key;
          }, concurrency);
          const answers = await Promise.all(keys.map((key) => queue.run(key)));
          expect(answers).to.deep.equal(keys);
          expect([...done].sort()).to.deep.equal([...new Set(keys)].sort());
        },
      ),
    );
  });

  it('goes on after a failure and does the same key again when asked again', async () => {
    let calls = 0;
    const queue = createWorkQueue(async () => {
      calls += 1;
      if (calls === 1) throw new Error('disk');
      return calls;
    }, 1);
    const failed = await queue.run('a').catch((error: Error) => error.message);
    expect(failed).to.equal('disk');
    expect(await queue.run('a')).to.equal(2);
  });

  it('when closed, ends what runs and does not begin what waits', async () => {
    const { open, opened } = gate();
    const begun: string[] = [];
    const queue = createWorkQueue(async (key) => {
      begun.push(key);
      await opened;
    }, 1);
    const first = queue.run('a');
    const second = queue.run('b').catch((error: unknown) => error);
    await new Promise(setImmediate);
    const closed = queue.close();
    open();
    await first;
    await closed;
    expect(await second).to.be.instanceOf(QueueClosedError);
    expect(begun).to.deep.equal(['a']);
  });
});
