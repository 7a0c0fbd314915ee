import type { CasePage } from '@relecture/shared/cases/page.js';
import type { ReportContent } from '@relecture/shared/reports/schema.js';
import type { Review } from '@relecture/shared/reviews/schema.js';
import { useTranslation } from 'react-i18next';
import { formatCalendarDate } from '../ui/format';
import { IcdoName } from '../ui/IcdoName';
import { NetworkName } from '../ui/NetworkName';
import classes from './report.module.css';

interface ReportDocumentProps {
  caseRecord: CasePage;
  review: Review;
  content: ReportContent;
  kind: 'preliminary' | 'final';
}

/** The report as it will read. */
export function ReportDocument({ caseRecord, review, content, kind }: ReportDocumentProps) {
  const { t } = useTranslation(['report', 'ui']);
  const { patient } = caseRecord;
  const { concordance } = content;
  return (
    <article className={classes.paper} aria-label={t('document.label')}>
      <strong style={{ fontSize: 20 }}>{t(`kind.${kind}`)}</strong>
      <div>
        {t(review.level === 3 ? 'ui:level.third' : 'ui:level.second')} ·{' '}
        <NetworkName networkId={review.networkId} /> · {t('document.case', { number: caseRecord.number })}
      </div>
      <h2>{t('document.patient')}</h2>
      <dl>
        <dt>{t('document.name')}</dt>
        <dd>
          {patient?.birthName
            ? `${patient.birthName.toLocaleUpperCase()} ${patient.firstName ?? ''}`
            : t('ui:identityHidden')}
          {patient?.birthDate
            ? `, ${t('document.born', { date: formatCalendarDate(patient.birthDate), context: patient.sex ?? undefined })}`
            : ''}
        </dd>
        <dt>{t('document.sender')}</dt>
        <dd>
          {caseRecord.submittedBy?.displayName ?? caseRecord.createdBy.displayName},{' '}
          {caseRecord.organisation.name}
        </dd>
        {patient?.localExamNumber ? (
          <>
            <dt>{t('document.exam')}</dt>
            <dd>{patient.localExamNumber}</dd>
          </>
        ) : null}
      </dl>
      <h2>{t('field.conclusion')}</h2>
      <div className={`${classes.lead} ${classes.prose}`}>
        {content.conclusion.trim() || <span className={classes.missing}>{t('document.missing')}</span>}
      </div>
      <dl style={{ marginTop: 8 }}>
        <dt>{t('outcome.label')}</dt>
        <dd>{t(`outcome.${content.outcome}`)}</dd>
        {content.morphology ? (
          <>
            <dt>{t('field.morphology')}</dt>
            <dd>
              <IcdoName code={content.morphology} />
            </dd>
          </>
        ) : null}
        {content.topography ? (
          <>
            <dt>{t('field.topography')}</dt>
            <dd>
              <IcdoName code={content.topography} />
            </dd>
          </>
        ) : null}
      </dl>
      <Prose title={t('field.microscopy')} text={content.microscopy} />
      <Prose title={t('field.ancillary')} text={content.ancillary} />
      <h2>{t('concordance')}</h2>
      <dl>
        <dt>{t('agreement.label')}</dt>
        <dd>{concordance.agreement ? t(`agreement.${concordance.agreement}`) : '–'}</dd>
        {concordance.types.length > 0 ? (
          <>
            <dt>{t('discordance.label')}</dt>
            <dd>{concordance.types.map((type) => t(`discordance.${type}`)).join(', ')}</dd>
          </>
        ) : null}
        <dt>{t('impact.label')}</dt>
        <dd>{concordance.therapeuticImpact ? t(`impact.${concordance.therapeuticImpact}`) : '–'}</dd>
      </dl>
      {concordance.comment.trim() ? <p className={classes.prose}>{concordance.comment}</p> : null}
      <Prose title={t('field.recommendation')} text={content.recommendation} />
    </article>
  );
}

function Prose({ title, text }: { title: string; text: string }) {
  if (text.trim() === '') return null;
  return (
    <>
      <h2>{title}</h2>
      <div className={classes.prose}>{text}</div>
    </>
  );
}
