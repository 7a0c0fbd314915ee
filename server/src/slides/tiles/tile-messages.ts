import type { SlideLocation, TileAccess } from './tile-handler.js';

/** What a tile process asks of the server: may these credentials see this slide, and where does it lie? */
export interface TileQuestion {
  readonly id: number;
  readonly slideId: string;
  readonly authorization: string | undefined;
  readonly cookie: string | undefined;
}

export interface TileAnswer {
  readonly id: number;
  readonly access: TileAccess;
  readonly location: SlideLocation | null;
  /** Of the rights when the answer was worked out. */
  readonly epoch: number;
}

/** What the server tells every tile process. */
export type TileOrder =
  | { readonly kind: 'answer'; readonly answer: TileAnswer }
  /** Rights have changed: nothing older than `epoch` is believed. */
  | { readonly kind: 'drop'; readonly epoch: number }
  /** This content is no more: its file is closed. */
  | { readonly kind: 'gone'; readonly contentHash: string }
  /** Finish what is under way, take nothing new, end. */
  | { readonly kind: 'stop' };

export interface TileProcessSettings {
  readonly host: string;
  readonly port: number;
  /** The unix socket on which the server itself listens. */
  readonly server: string;
}

/** The variable of the environment that carries the settings, as JSON. */
export const TILE_PROCESS_SETTINGS = 'RELECTURE_TILE_PROCESS';

/** How long a right is believed without being looked at again. Events that change rights drop it at once. */
export const GRANT_MS = 30_000;
