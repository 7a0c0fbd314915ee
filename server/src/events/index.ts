export {
  clearListeners,
  type EventHandler,
  listen,
  listenToAll,
  onSignal,
  type PublishedEvent,
  type Signal,
  signal,
} from './bus.js';
export { closeOutbox, MOST_ATTEMPTS, openOutbox, publishRecord, recoverOutbox } from './outbox.js';
export { presentEntry } from './present.js';
export { registerOutboxRoutes } from './routes.js';
export { firstEntry, onlyEntry, type Passage, transition } from './transition.js';
export {
  addOutboxIndex,
  type EventParams,
  type Outgoing,
  outgoingFields,
  registerOutgoing,
  registerTravelling,
  type StoredEntry,
  type Travelling,
  travelFields,
} from './travel.js';
