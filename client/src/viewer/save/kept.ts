import { getSession, onSession, onTokenRenewed } from '../../api/session';
import { onReturn } from '../../realtime/link';

/** Something with unsaved work of one person. */
interface Kept {
  userId: string;
  store: { queue: { start: () => Promise<void>; stop: () => void; retryNow: () => void } };
}

const kept = new Map<string, Kept>();
let listening = false;

export function signedInAs(userId: string): boolean {
  const session = getSession();
  return session.status === 'signed-in' && session.user.id === userId;
}

const wake = () => {
  for (const { store, userId } of kept.values()) if (signedInAs(userId)) store.queue.retryNow();
};

function listen(): void {
  if (listening) return;
  listening = true;
  onTokenRenewed(wake);
  onReturn(wake);
  onSession(() => {
    const session = getSession();
    if (session.status !== 'signed-in') return;
    // Somebody else took the seat: the former person's work waits on the disk for them.
    for (const [scope, { store, userId }] of kept) {
      if (userId === session.user.id) continue;
      store.queue.stop();
      kept.delete(scope);
    }
  });
}

/**
 * One store per person and review for as long as the page lives: who leaves the reading room while the server is
 * away leaves their strokes in good hands, and finds them, with what can be undone, on coming back.
 */
export function keep<T extends Kept['store']>(scope: string, userId: string, make: () => T): T {
  listen();
  const known = kept.get(scope);
  if (known) return known.store as T;
  const store = make();
  kept.set(scope, { userId, store });
  return store;
}
