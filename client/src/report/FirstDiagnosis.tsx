import { Text, Title } from '@mantine/core';
import type { CasePage } from '@relecture/shared/cases/page.js';
import { useTranslation } from 'react-i18next';
import { formatCalendarDate } from '../ui/format';
import { IcdoName } from '../ui/IcdoName';
import classes from './report.module.css';

/** The sender's conclusion beside the reader's own. */
export function FirstDiagnosis({ caseRecord }: { caseRecord: CasePage }) {
  const { t } = useTranslation('report');
  const { firstDiagnosis } = caseRecord.content;
  return (
    <section className={classes.aside} aria-label={t('first.title')}>
      <Title order={2}>{t('first.title')}</Title>
      {!firstDiagnosis ? (
        <Text c="dimmed">{t('first.none')}</Text>
      ) : (
        <>
          {firstDiagnosis.formal ? null : (
            <Text size="sm" c="dimmed">
              {t('first.notFormal')}
            </Text>
          )}
          <Text className={classes.prose}>{firstDiagnosis.text}</Text>
          {firstDiagnosis.morphology ? (
            <Text size="sm">
              <IcdoName code={firstDiagnosis.morphology} />
            </Text>
          ) : null}
          {firstDiagnosis.date ? (
            <Text size="xs" c="dimmed">
              {t('first.on', { date: formatCalendarDate(firstDiagnosis.date) })}
            </Text>
          ) : null}
        </>
      )}
    </section>
  );
}
