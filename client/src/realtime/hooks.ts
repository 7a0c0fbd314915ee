import type { ChangeMessage } from '@relecture/shared/events/sockets.js';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useSyncExternalStore } from 'react';
import { enterRoom, linkState, onChange, onLinkState, onReturn, openLink } from './link';
import { markStale } from './stale';

/** Held once by the shell: the link lives as long as the person is signed in. */
export function useRealtime(userId: string | null): void {
  const client = useQueryClient();
  useEffect(() => {
    if (userId === null) return undefined;
    const close = openLink();
    const stopChanges = onChange((message) => markStale(client, message));
    const stopReturns = onReturn(() => void client.invalidateQueries());
    return () => {
      stopChanges();
      stopReturns();
      close();
    };
  }, [client, userId]);
}

export const useLinkState = () => useSyncExternalStore(onLinkState, linkState);

/** Joins a room of `events/sockets.ts` while the screen shows; queries made stale are read again by themselves. */
export function useRoom(room: string | null): void {
  useEffect(() => (room === null ? undefined : enterRoom(room)), [room]);
}

/** For a screen that shows the change itself, such as a row that glows. */
export function useChanges(listener: (message: ChangeMessage) => void): void {
  const heard = useEffectEvent(listener);
  useEffect(() => onChange((message) => heard(message)), []);
}
