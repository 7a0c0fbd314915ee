import {
  dueEntries,
  edit,
  emptyQueue,
  moodOf,
  nextDueAt,
  type QueueOutcome,
  type QueueRequest,
  type QueueState,
  resolve,
  restore,
  resume,
  retryDelay,
  settle,
  startSending,
} from '@relecture/shared/annotations/save-queue.js';
import { expect } from 'chai';
import fc from 'fast-check';

type Content = string;
const same = (a: Content, b: Content) => a === b;

/** The server's rule for one shape, as the contract states it: versions, idempotent repeats, 409 otherwise. */
class ServerModel {
  readonly records = new Map<string, { version: number; content: Content | null }>();
  readonly history: string[] = [];

  receive({ key, content, baseVersion }: QueueRequest<Content>): QueueOutcome<Content> {
    const current = this.records.get(key) ?? { version: 0, content: null };
    if (current.version === baseVersion) {
      const saved = { version: baseVersion + 1, content };
      this.records.set(key, saved);
      this.history.push(`${key}:${content}`);
      return { type: 'saved', version: saved.version };
    }
    if (current.version === baseVersion + 1 && current.content === content)
      return { type: 'saved', version: current.version };
    return { type: 'conflict', version: current.version, content: current.content };
  }
}

interface World {
  queue: QueueState<Content>;
  stored: QueueState<Content>;
  server: ServerModel;
  now: number;
  known: Map<string, number>;
  wanted: Map<string, Content | null>;
  /** Requests on the wire, and answers on their way back; a lost one stays here and may arrive late. */
  wire: QueueRequest<Content>[];
  late: QueueRequest<Content>[];
}

const newWorld = (): World => ({
  queue: emptyQueue(),
  stored: emptyQueue(),
  server: new ServerModel(),
  now: 0,
  known: new Map(),
  wanted: new Map(),
  wire: [],
  late: [],
});

function change(world: World, key: string, wanted: Content | null) {
  world.queue = edit(world.queue, {
    key,
    group: 'slide',
    wanted,
    knownVersion: world.known.get(key) ?? 0,
    now: world.now,
  });
  world.stored = world.queue;
  world.wanted.set(key, wanted);
}

function sendDue(world: World) {
  for (const entry of dueEntries(world.queue, world.now)) {
    const started = startSending(world.queue, entry.key);
    world.queue = started.state;
    world.stored = world.queue;
    if (started.request) world.wire.push(started.request);
  }
}

function answer(world: World, request: QueueRequest<Content>, outcome: QueueOutcome<Content>) {
  if (outcome.type === 'saved' || outcome.type === 'conflict')
    world.known.set(request.key, Math.max(world.known.get(request.key) ?? 0, outcome.version));
  world.queue = settle(world.queue, request.key, outcome, world.now, same);
  world.stored = world.queue;
}

const key = fc.constantFrom('a', 'b', 'c');
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('edit' as const), key, text: fc.string({ maxLength: 2 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), key }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('send' as const), wait: fc.nat(40_000) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('wire' as const),
      fate: fc.constantFrom(
        'answered' as const,
        'request lost' as const,
        'answer lost' as const,
        'request late' as const,
        'signed out' as const,
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('late arrival' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reload' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('resume' as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function walk(world: World, action: Step) {
  switch (action.do) {
    case 'edit':
      return change(world, action.key, action.text);
    case 'delete':
      return world.wanted.has(action.key) ? change(world, action.key, null) : undefined;
    case 'send':
      world.now += action.wait;
      return sendDue(world);
    case 'wire': {
      const request = world.wire.shift();
      if (!request) return;
      if (action.fate === 'answered') return answer(world, request, world.server.receive(request));
      if (action.fate === 'signed out') return answer(world, request, { type: 'signed_out' });
      if (action.fate === 'answer lost') world.server.receive(request);
      if (action.fate === 'request late') world.late.push(request);
      return answer(world, request, { type: 'lost' });
    }
    case 'late arrival': {
      const request = world.late.shift();
      if (request) world.server.receive(request);
      return;
    }
    case 'reload':
      // Whatever was on the wire may still arrive; nobody is left to hear the answer.
      world.late.push(...world.wire);
      world.wire = [];
      world.queue = restore(world.stored.values(), world.now);
      world.known = new Map([...world.server.records].map(([id, record]) => [id, record.version]));
      return;
    case 'resume':
      world.queue = resume(world.queue, world.now);
      return;
  }
}

function calm(world: World) {
  for (let i = 0; i < 100 && (world.queue.size > 0 || world.wire.length > 0); i += 1) {
    world.now += 60_000;
    world.queue = resume(world.queue, world.now);
    sendDue(world);
    for (const request of world.wire.splice(0)) answer(world, request, world.server.receive(request));
  }
}

describe('save queue', () => {
  it('ends with the server holding the last state of each shape, whatever is lost, late or reloaded', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const world = newWorld();
        for (const action of steps) {
          walk(world, action);
          // Alone on the slide, a person is never asked to choose between two versions of their own.
          expect(
            [...world.queue.values()].filter((entry) => entry.problem?.kind === 'conflict'),
          ).to.deep.equal([]);
        }
        calm(world);
        expect(world.queue.size).to.equal(0);
        for (const [id, wanted] of world.wanted) {
          expect(world.server.records.get(id)?.content ?? null, id).to.equal(wanted);
        }
        // What still arrives late cannot undo it.
        for (const request of world.late) world.server.receive(request);
        for (const [id, wanted] of world.wanted) {
          expect(world.server.records.get(id)?.content ?? null, id).to.equal(wanted);
        }
      }),
      { numRuns: 600 },
    );
  });

  it('loses neither side when two people save the same shape', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ who: fc.constantFrom(0, 1), key, sends: fc.boolean() }), { maxLength: 30 }),
        (moves) => {
          const server = new ServerModel();
          const people = [newWorld(), newWorld()].map((world) => ({ ...world, server }));
          const texts: string[] = [];
          moves.forEach((move, i) => {
            const world = people[move.who] as World;
            const text = `${move.who}-${i}`;
            texts.push(`${move.key}:${text}`);
            change(world, move.key, text);
            if (!move.sends) return;
            sendDue(world);
            for (const request of world.wire.splice(0)) answer(world, request, server.receive(request));
          });
          for (const world of people) calm(world);
          const held = people.flatMap((world) =>
            [...world.queue.values()].map((entry) => `${entry.key}:${entry.wanted}`),
          );
          // The last text of each person is on the server, in its history, or still held for them to choose.
          for (const who of [0, 1]) {
            for (const id of ['a', 'b', 'c']) {
              const last = texts.filter((text) => text.startsWith(`${id}:${who}-`)).at(-1);
              if (last) expect([...server.history, ...held]).to.include(last);
            }
          }
        },
      ),
    );
  });

  it('forgets a shape that was drawn and deleted before anything was sent', () => {
    const world = newWorld();
    change(world, 'a', 'drawn');
    change(world, 'a', null);
    expect(world.queue.size).to.equal(0);
  });

  it('sends a lost body again, unchanged, before the newer state', () => {
    const world = newWorld();
    change(world, 'a', 'first');
    sendDue(world);
    const [lost] = world.wire.splice(0);
    world.server.receive(lost!);
    answer(world, lost!, { type: 'lost' });
    change(world, 'a', 'second');
    world.now += retryDelay(1);
    sendDue(world);
    expect(world.wire[0]).to.deep.equal(lost);
    answer(world, world.wire[0]!, world.server.receive(world.wire.shift()!));
    sendDue(world);
    expect(world.wire[0]).to.include({ content: 'second', baseVersion: 1 });
  });

  it('keeps both versions of a conflict until the person chooses', () => {
    const conflicted = () => {
      const world = newWorld();
      world.server.records.set('a', { version: 3, content: 'theirs' });
      world.known.set('a', 2);
      change(world, 'a', 'mine');
      sendDue(world);
      for (const request of world.wire.splice(0)) answer(world, request, world.server.receive(request));
      return world;
    };
    const mine = conflicted();
    expect(moodOf(mine.queue)).to.equal('conflict');
    expect(mine.queue.get('a')?.problem).to.deep.equal({
      kind: 'conflict',
      theirs: 'theirs',
      theirVersion: 3,
    });
    change(mine, 'a', 'mine, edited');
    expect(moodOf(mine.queue)).to.equal('conflict');
    mine.queue = resolve(mine.queue, 'a', 'mine', mine.now);
    calm(mine);
    expect(mine.server.records.get('a')).to.deep.equal({ version: 4, content: 'mine, edited' });

    const theirs = conflicted();
    theirs.queue = resolve(theirs.queue, 'a', 'theirs', theirs.now);
    expect(theirs.queue.size).to.equal(0);
    expect(theirs.server.records.get('a')).to.deep.equal({ version: 3, content: 'theirs' });
  });

  it('waits longer after each failure, at most half a minute, and not at all once the connection is back', () => {
    expect([1, 2, 3, 4, 5, 6, 12].map(retryDelay)).to.deep.equal([
      1000, 2000, 4000, 8000, 16_000, 30_000, 30_000,
    ]);
    const world = newWorld();
    change(world, 'a', 'x');
    sendDue(world);
    answer(world, world.wire.shift()!, { type: 'lost' });
    expect(nextDueAt(world.queue)).to.equal(1000);
    expect(moodOf(world.queue)).to.equal('retrying');
    expect(dueEntries(resume(world.queue, 5), 5)).to.have.length(1);
  });

  it('stops when signed out and goes on after the next sign-in', () => {
    const world = newWorld();
    change(world, 'a', 'x');
    sendDue(world);
    answer(world, world.wire.shift()!, { type: 'signed_out' });
    expect(moodOf(world.queue)).to.equal('signed_out');
    expect(nextDueAt(world.queue)).to.equal(null);
    calm(world);
    expect(world.server.records.get('a')?.content).to.equal('x');
  });

  it('tells of a refusal, and tries the next state by itself', () => {
    const world = newWorld();
    change(world, 'a', 'bad');
    sendDue(world);
    answer(world, world.wire.shift()!, { type: 'rejected', code: 'INVALID_INPUT' });
    expect(moodOf(world.queue)).to.equal('rejected');
    change(world, 'a', 'good');
    expect(moodOf(world.queue)).to.equal('saving');
    calm(world);
    expect(world.server.records.get('a')?.content).to.equal('good');
  });

  it('saves long typing while it goes on', () => {
    let queue = emptyQueue<Content>();
    for (let now = 0; now <= 3000; now += 100)
      queue = edit(queue, { key: 'r', group: '', wanted: `${now}`, knownVersion: 0, now, delay: 1000 });
    expect(nextDueAt(queue)).to.be.at.most(4000);
    let first = edit(emptyQueue<Content>(), {
      key: 'r',
      group: '',
      wanted: 'a',
      knownVersion: 0,
      now: 0,
      delay: 1000,
    });
    first = edit(first, { key: 'r', group: '', wanted: 'b', knownVersion: 0, now: 900, delay: 1000 });
    expect(nextDueAt(first)).to.equal(1000);
  });
});
