import type { ChecklistLine } from '@relecture/shared/cases/schema.js';

/** Scrolls to the section of a checklist line and puts the cursor in the field it speaks of. */
export function goToLine(line: Pick<ChecklistLine, 'code' | 'section'>): void {
  const section = document.getElementById(line.section);
  const field =
    (line.code === 'dates' ? section?.querySelector<HTMLElement>('input[aria-invalid="true"]') : null) ??
    section?.querySelector<HTMLElement>(`[data-line="${line.code}"]`) ??
    section?.querySelector<HTMLElement>('input:not([type="hidden"]), textarea, button');
  section?.scrollIntoView({ block: 'start', behavior: 'smooth' });
  field?.focus({ preventScroll: false });
}
