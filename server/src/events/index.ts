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
export { publishRecord, recoverOutbox, setOutboxLog } from './outbox.js';
export { presentEntry } from './present.js';
export { firstEntry, type Passage, transition } from './transition.js';
export {
  addOutboxIndex,
  type EventParams,
  registerTravelling,
  type StoredEntry,
  type Travelling,
  travelFields,
} from './travel.js';
