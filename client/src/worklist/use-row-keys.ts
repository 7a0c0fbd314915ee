import { useEffect } from 'react';

const STEPS: Record<string, number> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 };

/** Words are being written, or another widget moves with the same keys. */
const taken = (target: Element) =>
  target.closest('input, textarea, select, [contenteditable], [role=menu], [role=listbox], [role=dialog]') !==
  null;

/** Arrows or j and k go from row to row, over both lists; Enter is the link's own. */
export function useRowKeys(): void {
  useEffect(() => {
    const move = (event: KeyboardEvent) => {
      const step = STEPS[event.key];
      if (step === undefined || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented)
        return;
      if (!(event.target instanceof Element) || taken(event.target)) return;
      if (document.querySelector('[role=dialog]') !== null) return;
      const links = [...document.querySelectorAll<HTMLElement>('[data-row-link]')];
      if (links.length === 0) return;
      const row = event.target.closest('tr');
      const here = links.findIndex((link) => link.closest('tr') === row);
      const next = links[here === -1 ? 0 : Math.min(links.length - 1, Math.max(0, here + step))];
      event.preventDefault();
      next?.focus();
    };
    window.addEventListener('keydown', move);
    return () => window.removeEventListener('keydown', move);
  }, []);
}
