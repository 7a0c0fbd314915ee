import { useEffect, useState } from 'react';
import { useChanges } from './hooks';
import { enterRoom } from './link';

/** Joins several rooms while the screen shows. */
export function useRooms(rooms: readonly string[]): void {
  const names = rooms.join(' ');
  useEffect(() => {
    const leaves = names === '' ? [] : names.split(' ').map(enterRoom);
    return () => {
      for (const leave of leaves) leave();
    };
  }, [names]);
}

const GLOW_MS = 2000;

/** Records that have just changed: their row glows once. Tells by the record's id, or by its case's. */
export function useGlow(): (id: string, caseId: string) => boolean {
  const [changed, setChanged] = useState<ReadonlyMap<string, number>>(new Map());
  useChanges((message) => {
    if (message.kind !== 'review' && message.kind !== 'case') return;
    const at = Date.now();
    setChanged((before) => {
      const next = new Map([...before].filter(([, since]) => at - since < GLOW_MS));
      next.set(message.id, at);
      return next;
    });
    setTimeout(() => {
      setChanged((before) => new Map([...before].filter(([, since]) => since > at)));
    }, GLOW_MS);
  });
  return (id, caseId) => changed.has(id) || changed.has(caseId);
}
