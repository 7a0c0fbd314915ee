import { Button } from '@mantine/core';
import { isForSender } from '@relecture/shared/assignments/admission.js';
import type { CasePage } from '@relecture/shared/cases/page.js';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keys } from '../api/keys';
import { admitReview } from '../api/reviews';
import { useUser } from '../app/session';
import { ConfirmAction } from '../ui/ConfirmAction';
import { Lacks, wordLacks } from '../ui/Lacks';
import { Notice } from '../ui/Notice';
import { tellDone } from '../ui/tell';

/** Above the case: what keeps it from its readers, for whoever can do something about it. */
export function AdmissionNotice({ page }: { page: CasePage }) {
  const { t } = useTranslation('case');
  const lacks = page.reviews.flatMap((review) => review.lacks);
  if (!lacks.some(isForSender)) return null;
  return (
    <div style={{ marginTop: 12 }}>
      <Notice tone="amber" title={t('lacks.title')}>
        {wordLacks(lacks)} {t('lacks.forSender')}
      </Notice>
    </div>
  );
}

/** On a reading that is not admitted yet; its coordinator may let the experts begin with what there is. */
export function Admission({ page, review }: { page: CasePage; review: CasePage['reviews'][number] }) {
  const { t } = useTranslation('case');
  const client = useQueryClient();
  const user = useUser();
  const [asked, setAsked] = useState(false);
  if (review.status !== 'routed') return null;
  const coordinates =
    user.national ||
    user.networks.some(({ networkId, as }) => networkId === review.networkId && as === 'coordinator');
  return (
    <>
      <Lacks lacks={review.lacks} />
      {coordinates && page.permissions.includes('admit') ? (
        <Button variant="default" size="xs" mt="sm" onClick={() => setAsked(true)}>
          {t('admit.open')}
        </Button>
      ) : null}
      <ConfirmAction
        opened={asked}
        onClose={() => setAsked(false)}
        title={t('admit.title')}
        verb={t('admit.verb')}
        reasonLabel={t('admit.reason')}
        onConfirm={async (reason) => {
          await admitReview(review.id, reason);
          tellDone(t('admit.done', { number: page.number }));
          await Promise.all(
            [keys.cases.one(page.id), keys.reviews.all, keys.boards].map((queryKey) =>
              client.invalidateQueries({ queryKey }),
            ),
          );
        }}
      >
        <Lacks lacks={review.lacks} />
        {t('admit.about')}
      </ConfirmAction>
    </>
  );
}
