import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';

/** The tab's title; a case number may stand there, a patient's name never. */
export function useTitle(title: string): void {
  const { t } = useTranslation('app');
  useEffect(() => {
    document.title = `${title} · ${t('product')}`;
  }, [t, title]);
}
