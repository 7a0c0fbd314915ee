import { useEffect, useRef, useState } from 'react';

const PAUSE_MS = 600;

/**
 * A text field whose value is saved after a pause in the typing, on leaving it, and when it goes away: saving must
 * never hang on somebody clicking elsewhere.
 */
export function useSlowField(saved: string, save: (text: string) => void) {
  const [draft, setDraft] = useState<string | null>(null);
  const pending = useRef<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const latest = useRef(save);
  useEffect(() => {
    latest.current = save;
  });

  const send = () => {
    clearTimeout(timer.current);
    const text = pending.current;
    pending.current = null;
    if (text !== null) latest.current(text);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the field goes away; it reads only refs
  useEffect(() => send, []);
  const commit = () => {
    send();
    setDraft(null);
  };
  return {
    value: draft ?? saved,
    onChange: (text: string) => {
      setDraft(text);
      pending.current = text;
      clearTimeout(timer.current);
      timer.current = setTimeout(commit, PAUSE_MS);
    },
    commit,
  };
}
