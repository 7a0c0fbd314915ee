import { Button, Group, Select } from '@mantine/core';
import type { CentreCandidate } from '@relecture/shared/assignments/schema.js';
import type { Review } from '@relecture/shared/reviews/schema.js';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keys } from '../api/keys';
import { assignToCentre } from '../api/reviews';
import { FormError } from '../ui/FormError';
import { formatNumber } from '../ui/format';
import { tellDone } from '../ui/tell';

interface AssignCentreProps {
  review: Review;
  centres: CentreCandidate[];
  /** Typed above, for whichever of the two. */
  reason: string;
  onDone: () => void;
}

/** The centre first, the person by the centre. Only as long as nobody reads it. */
export function AssignCentre({ review, centres, reason, onDone }: AssignCentreProps) {
  const { t } = useTranslation('monitoring');
  const client = useQueryClient();
  const [chosen, setChosen] = useState<string | null>(null);
  const assign = useMutation({
    mutationFn: (organisationId: string) => assignToCentre(review.id, organisationId, reason.trim()),
    onSuccess: async ({ centre }) => {
      tellDone(t('panel.centreDone', { number: review.caseNumber, name: centre ?? '' }));
      await client.invalidateQueries({ queryKey: keys.reviews.all });
      onDone();
    },
    onError: () => client.invalidateQueries({ queryKey: keys.reviews.one(review.id) }),
  });
  if (!['admitted', 'assigned'].includes(review.status) || review.party === 'transfer') return null;
  const others = centres.filter(({ name }) => review.assignment !== null || name !== review.centre);
  if (others.length === 0) return null;
  return (
    <div>
      <Select
        label={t('panel.centres')}
        description={t('panel.centresAbout')}
        data={others.map(({ organisationId, ...centre }) => ({
          value: organisationId,
          label: t('panel.centre', {
            ...centre,
            load: formatNumber(centre.load),
            capacity: formatNumber(centre.capacity),
          }),
        }))}
        value={chosen}
        onChange={setChosen}
        comboboxProps={{ withinPortal: false }}
      />
      <FormError error={assign.error} />
      <Group mt={8}>
        <Button
          variant="default"
          disabled={chosen === null || reason.trim().length < 3}
          loading={assign.isPending}
          onClick={() => chosen && assign.mutate(chosen)}
        >
          {t('panel.centreVerb')}
        </Button>
      </Group>
    </div>
  );
}
