import type { EventName, RecordKind } from '@relecture/shared/events/catalog.js';
import type { ChangeMessage } from '@relecture/shared/events/sockets.js';
import type { StoredEntry } from './travel.js';

/** An event on its way down the path: the entry, and the record it belongs to. */
export interface PublishedEvent {
  readonly kind: RecordKind;
  readonly recordId: string;
  readonly version: number;
  readonly entry: StoredEntry;
}

/** Handlers may run twice for one entry (a crash between two writes): each must be idempotent. */
export type EventHandler = (event: PublishedEvent) => Promise<void>;

/** A change that is no step of the path (a stroke, a message, upload progress): told to the screens, not kept. */
export interface Signal extends ChangeMessage {
  readonly rooms: readonly string[];
  /** Who caused it; stays on the server. */
  readonly by?: string;
}
type SignalListener = (signal: Signal) => void;

const handlers = new Map<EventName, Array<{ name: string; handle: EventHandler }>>();
const anyHandlers: Array<{ name: string; handle: EventHandler }> = [];
const signalListeners = new Set<SignalListener>();

/** Called by each step's `events.ts` when the app is composed, in the order of the path. */
export function listen(name: string, events: readonly EventName[], handle: EventHandler): void {
  for (const event of events) {
    const list = handlers.get(event) ?? [];
    if (list.some((item) => item.name === name)) throw new Error(`${name} already listens to ${event}`);
    handlers.set(event, [...list, { name, handle }]);
  }
}

/** For the ends (sockets, figures): hears everything, sends nothing back. */
export function listenToAll(name: string, handle: EventHandler): void {
  anyHandlers.push({ name, handle });
}

export const handlersOf = (event: EventName) => [...(handlers.get(event) ?? []), ...anyHandlers];

export function onSignal(listener: SignalListener): () => void {
  signalListeners.add(listener);
  return () => signalListeners.delete(listener);
}

export function signal(message: Signal): void {
  for (const listener of signalListeners) listener(message);
}

/** A test or a stopped app takes its listeners with it. */
export function clearListeners(): void {
  handlers.clear();
  anyHandlers.length = 0;
  signalListeners.clear();
}
