import type { EventName } from './catalog.js';

/** Rooms a signed-in person may ask to join; the server checks the same policy as the HTTP read. */
export const room = {
  user: (userId: string) => `user:${userId}`,
  network: (networkId: string) => `network:${networkId}`,
  case: (caseId: string) => `case:${caseId}`,
  slide: (slideId: string) => `slide:${slideId}`,
  national: () => 'national',
} as const;

/** What travels over a socket: ids and versions, never a record. The page fetches again over HTTP. */
export interface ChangeMessage {
  /** What changed: `case`, `slide`, `review`, `annotation`, `message`, `notification`. */
  kind: 'case' | 'slide' | 'review' | 'annotation' | 'message' | 'notification' | 'upload';
  id: string;
  version?: number;
  caseId?: string;
  slideId?: string;
  event?: EventName;
  /** For long work (`slide`): 0 to 1. */
  progress?: number;
}

export interface ServerToClientEvents {
  changed: (message: ChangeMessage) => void;
  'session-expired': () => void;
}

export type JoinAnswer = { ok: true } | { ok: false; code: 'FORBIDDEN' | 'NOT_SIGNED_IN' | 'INVALID_INPUT' };

export interface ClientToServerEvents {
  join: (roomName: string, answer: (result: JoinAnswer) => void) => void;
  leave: (roomName: string) => void;
  /** A renewed access token, so that a long reading keeps its socket. */
  renew: (accessToken: string, answer: (result: JoinAnswer) => void) => void;
}
