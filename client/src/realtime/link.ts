import type {
  ChangeMessage,
  ClientToServerEvents,
  ServerToClientEvents,
} from '@relecture/shared/events/sockets.js';
import { io, type Socket } from 'socket.io-client';
import { freshToken, onTokenRenewed, renew } from '../api/session';

type LinkState = 'off' | 'connecting' | 'live' | 'lost';

type LiveSocket = Socket<ServerToClientEvents, ClientToServerEvents>;

let socket: LiveSocket | null = null;
let state: LinkState = 'off';
const wanted = new Map<string, number>();
const stateListeners = new Set<() => void>();
const changeListeners = new Set<(message: ChangeMessage) => void>();
const returnListeners = new Set<() => void>();

function become(next: LinkState): void {
  if (state === next) return;
  state = next;
  for (const listener of stateListeners) listener();
}

function listenTo<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const linkState = () => state;
export const onLinkState = (listener: () => void) => listenTo(stateListeners, listener);
export const onChange = (listener: (message: ChangeMessage) => void) => listenTo(changeListeners, listener);
/** The link is back after a cut: what was missed is not known, so everything shown is read again. */
export const onReturn = (listener: () => void) => listenTo(returnListeners, listener);

/** Opens the link for the signed-in person; the returned function closes it. */
export function openLink(): () => void {
  const live: LiveSocket = io({
    transports: ['websocket', 'polling'],
    auth: (answer) => {
      freshToken().then(
        (token) => answer({ token }),
        () => answer({ token: null }),
      );
    },
    reconnectionDelayMax: 8000,
  });
  socket = live;
  become('connecting');
  let before = false;
  live.on('connect', () => {
    become('live');
    for (const room of wanted.keys()) join(live, room);
    if (before) for (const listener of returnListeners) listener();
    before = true;
  });
  live.on('disconnect', (reason) => {
    become('lost');
    // Closed by the server: socket.io does not come back by itself.
    if (reason === 'io server disconnect') setTimeout(() => socket === live && live.connect(), 1500);
  });
  live.on('connect_error', () => {
    become('lost');
    if (!live.active) setTimeout(() => socket === live && live.connect(), 5000);
  });
  live.on('session-expired', () => {
    renew().catch(() => undefined);
  });
  live.on('changed', (message) => {
    for (const listener of changeListeners) listener(message);
  });
  const stopRenewing = onTokenRenewed((token) => {
    if (live.connected) live.emit('renew', token, () => undefined);
  });
  return () => {
    stopRenewing();
    if (socket === live) socket = null;
    live.disconnect();
    become('off');
  };
}

function join(live: LiveSocket, room: string): void {
  // A refused room only means no live news: the page still reads over HTTP, where the same policy applies.
  live.emit('join', room, () => undefined);
}

/** Several widgets may want the same room: the first joins, the last leaves. */
export function enterRoom(room: string): () => void {
  const count = wanted.get(room) ?? 0;
  wanted.set(room, count + 1);
  if (count === 0 && socket?.connected) join(socket, room);
  return () => {
    const left = (wanted.get(room) ?? 1) - 1;
    if (left > 0) {
      wanted.set(room, left);
      return;
    }
    wanted.delete(room);
    if (socket?.connected) socket.emit('leave', room);
  };
}
