import type { Server as HttpServer } from 'node:http';
import { EVENTS } from '@relecture/shared/events/catalog.js';
import {
  type ClientToServerEvents,
  type JoinAnswer,
  room,
  type ServerToClientEvents,
} from '@relecture/shared/events/sockets.js';
import { Server } from 'socket.io';
import { type CaseRecord, findCase, maySeeCase, onReadersChange } from '../cases/index.js';
import { listen, onSignal } from '../events/index.js';
import { caseIdOf } from '../overview/index.js';
import type { Logger } from '../platform/log.js';
import type { Principal } from '../platform/principal.js';
import { asProblem } from '../platform/problem.js';
import {
  currentPrincipal,
  listCoordinators,
  listPreparers,
  listSenders,
  onRightsChange,
  onSessionEnd,
  principalFromToken,
} from '../users/index.js';
import { mayJoin, roomsOfCase } from './rooms.js';

interface SocketData {
  principal: Principal;
  /** Milliseconds since the epoch; renewed by the page, else the socket closes. */
  expiresAt: number;
  timer: NodeJS.Timeout | null;
}

/**
 * The one adapter between events and sockets. It sends ids and versions, never a record: the page fetches again over
 * HTTP, where the policy applies.
 */
export function startSockets(http: HttpServer, log: Logger): { stop(): Promise<void> } {
  const io = new Server<ClientToServerEvents, ServerToClientEvents, Record<string, never>, SocketData>(http, {
    serveClient: false,
    // Long polling needs sticky sessions; every browser in use speaks WebSocket.
    transports: ['websocket', 'polling'],
    maxHttpBufferSize: 10_000,
  });

  io.use((socket, next) => {
    principalFromToken((socket.handshake.auth as { token?: unknown }).token).then(
      ({ principal, expiresAt }) => {
        socket.data = { principal, expiresAt, timer: null };
        next();
      },
      (error: unknown) =>
        next(Object.assign(new Error(asProblem(error).code), { data: { code: asProblem(error).code } })),
    );
  });

  io.on('connection', (socket) => {
    const { data } = socket;
    const watchExpiry = () => {
      if (data.timer) clearTimeout(data.timer);
      data.timer = setTimeout(
        () => {
          socket.emit('session-expired');
          socket.disconnect(true);
        },
        Math.max(0, data.expiresAt - Date.now()),
      );
    };
    watchExpiry();
    void socket.join(room.user(data.principal.id));
    void socket.join(`session:${data.principal.sessionId}`);

    socket.on('join', (name, answer) => {
      const reply = (result: JoinAnswer) => {
        if (typeof answer === 'function') answer(result);
      };
      if (typeof name !== 'string' || name.length > 60) {
        reply({ ok: false, code: 'INVALID_INPUT' });
        return;
      }
      mayJoin(name, data.principal).then(
        async (allowed) => {
          if (allowed) await socket.join(name);
          // The right may have ended while we looked: whoever is in by now is put out with the others.
          const stays = allowed && (await mayJoin(name, data.principal));
          if (allowed && !stays) await socket.leave(name);
          reply(stays ? { ok: true } : { ok: false, code: 'FORBIDDEN' });
        },
        () => reply({ ok: false, code: 'FORBIDDEN' }),
      );
    });
    socket.on('leave', (name) => {
      if (typeof name === 'string') void socket.leave(name);
    });
    socket.on('renew', (token, answer) => {
      const reply = (result: JoinAnswer) => {
        if (typeof answer === 'function') answer(result);
      };
      principalFromToken(token).then(
        ({ principal, expiresAt }) => {
          if (principal.id !== data.principal.id) {
            reply({ ok: false, code: 'FORBIDDEN' });
            return;
          }
          data.principal = principal;
          data.expiresAt = expiresAt;
          watchExpiry();
          reply({ ok: true });
        },
        () => reply({ ok: false, code: 'NOT_SIGNED_IN' }),
      );
    });
    socket.on('disconnect', () => {
      if (data.timer) clearTimeout(data.timer);
    });
  });

  const stopHearingEnds = onSessionEnd((sessionId) => {
    io.to(`session:${sessionId}`).emit('session-expired');
    io.in(`session:${sessionId}`).disconnectSockets(true);
  });
  /** Who may no longer see the case hears nothing more of it; the news that took the right away was their last. */
  const putOut = (caseRecord: CaseRecord) => {
    for (const name of roomsOfCase(caseRecord)) {
      for (const socketId of io.sockets.adapter.rooms.get(name) ?? []) {
        const socket = io.sockets.sockets.get(socketId);
        if (socket && !maySeeCase(caseRecord, socket.data.principal)) void socket.leave(name);
      }
    }
  };
  const renewRights = async (userId: string) => {
    for (const socketId of [...(io.sockets.adapter.rooms.get(room.user(userId)) ?? [])]) {
      const socket = io.sockets.sockets.get(socketId);
      if (!socket) continue;
      const principal = await currentPrincipal(userId, socket.data.principal.sessionId);
      if (!principal) {
        socket.emit('session-expired');
        socket.disconnect(true);
        continue;
      }
      socket.data.principal = principal;
      for (const name of socket.rooms) {
        const own = name === socket.id || name.startsWith('session:');
        if (!own && !(await mayJoin(name, principal).catch(() => false))) await socket.leave(name);
      }
    }
  };
  const stopHearingRights = onRightsChange(async (userId) => {
    try {
      await renewRights(userId);
    } catch (error) {
      // Not knowing is not being allowed.
      log.error({ error: (error as Error).name }, 'rights of a socket could not be read');
      io.in(room.user(userId)).disconnectSockets(true);
    }
  });
  /** The experts who have the case, and whoever prepares in their houses. */
  const roomsOfReaders = async ({ readerIds, readerOrganisationIds }: CaseRecord['access']) =>
    [...readerIds.map(String), ...(await listPreparers(readerOrganisationIds))].map(room.user);
  // Late, when the listener that replaces the readers failed first: the news had gone out to the old ones by then.
  const stopHearingReaders = onReadersChange(async (caseId, former) => {
    const caseRecord = await findCase(caseId);
    if (!caseRecord) return;
    // Who loses it sees it leave their list, who gets it sees it come.
    const rooms = [...(await roomsOfReaders(former)), ...(await roomsOfReaders(caseRecord.access))];
    io.to([...new Set(rooms)]).emit('changed', {
      kind: 'case',
      id: caseId,
      version: caseRecord.version,
      caseId,
    });
    putOut(caseRecord);
  });
  const stopSignals = onSignal(({ rooms, by: _by, ...message }) => {
    io.to([...rooms]).emit('changed', message);
  });

  listen('realtime.tell', EVENTS, async (event) => {
    const caseId = await caseIdOf(event);
    const caseRecord = await findCase(caseId);
    // A draft that was deleted: its slides' events come after it, and nobody looks at it.
    if (!caseRecord) return;
    if (event.kind === 'message') {
      io.to(room.case(caseId)).emit('changed', { kind: 'message', id: event.recordId, caseId });
      return;
    }
    const rooms = new Set([room.case(caseId)]);
    for (const networkId of caseRecord.access.networkIds) rooms.add(room.network(networkId));
    for (const name of await roomsOfReaders(caseRecord.access)) rooms.add(name);
    for (const userId of await listSenders(caseRecord.organisationId)) rooms.add(room.user(userId));
    if (caseRecord.status === 'to_dispatch' || event.entry.from === 'to_dispatch') rooms.add(room.national());
    if (event.kind === 'slide') rooms.add(room.slide(event.recordId));
    // Those who lost the review must see it leave their list.
    if (event.kind === 'review') {
      for (const userId of await listCoordinators('national')) rooms.add(room.user(userId));
    }
    io.to([...rooms]).emit('changed', {
      kind: event.kind,
      id: event.recordId,
      version: event.version,
      caseId,
      event: event.entry.event,
      ...(event.kind === 'slide' ? { slideId: event.recordId } : {}),
    });
    putOut(caseRecord);
  });

  return {
    async stop() {
      stopHearingEnds();
      stopHearingRights();
      stopHearingReaders();
      stopSignals();
      await io.close();
      log.debug('sockets closed');
    },
  };
}
