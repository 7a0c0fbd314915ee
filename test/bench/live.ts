/**
 * `npm run bench:live -- --sockets 1000`: so many open pages of the demo's people, each in the rooms its screens join;
 * a coordinator gives a reading from one expert to another and back. Says how long after the request was sent each
 * page of those allowed to see the case had heard of it, and fails when one did not, or anybody else did.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  type ClientToServerEvents,
  room,
  type ServerToClientEvents,
} from '@relecture/shared/events/sockets.js';
import type { Page } from '@relecture/shared/http/page.js';
import type { ReviewRow } from '@relecture/shared/reviews/schema.js';
import type { User } from '@relecture/shared/users/schema.js';
import { io, type Socket } from 'socket.io-client';
import { type Product, signIn, startProduct } from './product.js';

const { values } = parseArgs({
  options: { sockets: { type: 'string', default: '1000' }, changes: { type: 'string', default: '20' } },
});
const PEOPLE = [
  'pathologiste',
  'interne',
  'preparatrice',
  'pathologiste.cap',
  'relecteur',
  'relecteur.lympho',
  'relecteur.sarcome',
  'relecteur.sarcome2',
  'relecteur.endocrine',
  'relecteur.peritoine',
  'coordinateur',
  'coordinatrice.sarcome',
  'admin',
  'secretaire',
].map((name) => `${name}@demo.test`);
const COORDINATOR = 'coordinateur@demo.test';
const EXPERTS = ['relecteur@demo.test', 'relecteur.lympho@demo.test'];
const PATIENCE_MS = 10_000;

interface Seat {
  user: User;
  token: string;
}
interface OpenPage {
  seat: Seat;
  socket: Socket<ServerToClientEvents, ClientToServerEvents>;
  /** When it last heard of the case; 0: not since the last change. */
  heardAt: number;
}

async function ask<T>(product: Product, { token }: Seat, path: string, body?: object) {
  const answer = await fetch(`${product.url}${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return { status: answer.status, body: (await answer.json()) as T };
}

async function openPage(product: Product, seat: Seat, caseId: string): Promise<OpenPage> {
  const socket: OpenPage['socket'] = io(product.url, {
    auth: { token: seat.token },
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', () => resolve());
    socket.once('connect_error', reject);
  });
  const page: OpenPage = { seat, socket, heardAt: 0 };
  socket.on('changed', (message) => {
    // The first news of a change counts; what follows it (the list of readers, a line of news) is no later.
    if (message.caseId === caseId && page.heardAt === 0) page.heardAt = performance.now();
  });
  const networks = seat.user.networks.map(({ networkId }) => room.network(networkId));
  for (const name of [...networks, room.case(caseId)]) {
    // As a board, a worklist and a case page do; refused to those who may not see it: they ask all the same.
    await new Promise((resolve) => socket.emit('join', name, resolve));
  }
  return page;
}

const folder = await mkdtemp(join(process.env.BENCH_FOLDER ?? tmpdir(), 'relecture-bench-live-'));
let failed = false;
const product = await startProduct(folder);
try {
  const seats = new Map<string, Seat>();
  for (const email of PEOPLE) {
    const { token } = await signIn(product, email);
    const me = { token } as Seat;
    seats.set(email, { token, user: (await ask<User>(product, me, '/api/users/me')).body });
  }
  const seat = (email: string) => seats.get(email) as Seat;
  const expertIds = EXPERTS.map((email) => seat(email).user.id);
  const rows = await ask<Page<ReviewRow>>(product, seat(COORDINATOR), '/api/reviews?scope=network&limit=200');
  const review = rows.body.items.find(
    ({ status, reviewer }) => status === 'assigned' && expertIds.includes(reviewer?.id ?? ''),
  );
  if (!review) throw new Error('no reading to give to another');
  const { caseId } = review;

  const pages: OpenPage[] = [];
  for (let each = 0; each < Number(values.sockets); each += 1) {
    pages.push(await openPage(product, seat(PEOPLE[each % PEOPLE.length] ?? ''), caseId));
  }
  const maySee = async () => {
    const allowed = new Set<string>();
    for (const each of seats.values()) {
      if ((await ask(product, each, `/api/cases/${caseId}`)).status === 200) allowed.add(each.user.id);
    }
    return allowed;
  };

  const delays: number[] = [];
  let current = review.reviewer?.id;
  let told = 0;
  for (let change = 0; change < Number(values.changes); change += 1) {
    // Whoever loses the reading hears that too.
    const allowed = await maySee();
    for (const page of pages) page.heardAt = 0;
    current = expertIds.find((id) => id !== current);
    const started = performance.now();
    const given = await ask(product, seat(COORDINATOR), `/api/reviews/${review.id}/assign`, {
      reviewerId: current,
      reason: 'Mesure.',
    });
    if (given.status !== 200) throw new Error(`given to another: ${given.status}`);
    for (const id of await maySee()) allowed.add(id);
    const waiting = () => pages.filter(({ seat, heardAt }) => allowed.has(seat.user.id) && heardAt === 0);
    while (waiting().length > 0 && performance.now() - started < PATIENCE_MS)
      await new Promise((resolve) => setTimeout(resolve, 50));
    const missed = waiting();
    const deaf = missed.length;
    const curious = pages.filter(({ seat, heardAt }) => !allowed.has(seat.user.id) && heardAt > 0).length;
    if (deaf > 0 || curious > 0) {
      failed = true;
      const who = [...new Set(missed.map(({ seat }) => seat.user.email))].join(' ');
      console.log(`change ${change}: ${deaf} did not hear (${who}), ${curious} should not have heard`);
    }
    for (const { heardAt } of pages) if (heardAt > 0) delays.push(heardAt - started);
    told = pages.length - deaf;
  }
  delays.sort((a, b) => a - b);
  const at = (share: number) => Math.round(delays[Math.ceil(share * delays.length) - 1] ?? 0);
  console.log(
    `${pages.length} sockets, ${values.changes} changes, ${Math.round(delays.length / Number(values.changes))} told each: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, slowest ${at(1)} ms; nobody else: ${!failed && told > 0}`,
  );
  for (const { socket } of pages) socket.disconnect();
} finally {
  await product.stop();
  await rm(folder, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;
