import type { ReviewRow } from '@relecture/shared/reviews/schema.js';
import { useTranslation } from 'react-i18next';
import { IcdoName } from '../ui/IcdoName';
import classes from './Entity.module.css';

/** What is read, in words: the sender's diagnosis and the site. Never a patient. */
export function Entity({ row }: { row: Pick<ReviewRow, 'morphology' | 'diagnosisText' | 'primarySite'> }) {
  const { t } = useTranslation('worklist');
  return (
    <>
      <span className={classes.diagnosis}>
        {row.diagnosisText ||
          (row.morphology ? <IcdoName code={row.morphology} withCode={false} /> : t('noEntity'))}
      </span>
      {row.primarySite ? (
        <span className={classes.site}>
          <IcdoName code={row.primarySite} withCode={false} />
        </span>
      ) : null}
    </>
  );
}
