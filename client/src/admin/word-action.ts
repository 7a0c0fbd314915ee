import i18next from 'i18next';

/** What was done, in words; an action the words do not know yet is still shown as one. */
export function wordAction(action: string): string {
  const key = `log.actions.${action}`;
  return i18next.exists(key, { ns: 'admin' })
    ? i18next.t(key as 'log.other', { ns: 'admin' })
    : i18next.t('log.other', { ns: 'admin' });
}
