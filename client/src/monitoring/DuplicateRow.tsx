import { Anchor, Button, Group, Text } from '@mantine/core';
import type { DuplicatePair } from '@relecture/shared/cases/duplicates.js';
import { IconLink, IconUnlink } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { decideDuplicate } from '../api/duplicates';
import { keys } from '../api/keys';
import { formatDate, formatDateTime } from '../ui/format';
import { useNetworkName } from '../ui/networks';
import { CaseStatusBadge } from '../ui/StatusBadge';
import { tellDone, tellProblem } from '../ui/tell';
import { Entity } from './Entity';
import classes from './monitoring.module.css';

/** The two cases side by side, what they have in common, and the two verbs. */
export function DuplicateRow({ pair }: { pair: DuplicatePair }) {
  const { t } = useTranslation('monitoring');
  const client = useQueryClient();
  const id = useId();
  const numbers = pair.cases.map(({ number }) => number).join(t('dispatch.and'));
  const decide = useMutation({
    mutationFn: (state: 'linked' | 'different') => decideDuplicate(pair.id, state),
    onSuccess: async (_, state) => {
      tellDone(t(`duplicates.done.${state}`, { numbers }));
      await client.invalidateQueries({ queryKey: keys.allDuplicatePairs });
    },
    onError: tellProblem,
  });
  return (
    <article className={classes.pair} aria-labelledby={id} data-testid="duplicate-pair">
      <Group justify="space-between" gap="sm">
        <div>
          <Text fw={600} id={id}>
            {t('duplicates.pair', { numbers })}
          </Text>
          <Text size="sm" c="dimmed">
            {t('duplicates.samePerson')} {pair.signs.map((sign) => t(`duplicates.sign.${sign}`)).join(', ')}.
          </Text>
        </div>
        <Group gap={8}>
          {pair.state === 'linked' ? null : (
            <Button
              size="xs"
              leftSection={<IconLink size={16} aria-hidden />}
              loading={decide.isPending && decide.variables === 'linked'}
              onClick={() => decide.mutate('linked')}
            >
              {t('duplicates.verb.linked')}
            </Button>
          )}
          {pair.state === 'different' ? null : (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconUnlink size={16} aria-hidden />}
              loading={decide.isPending && decide.variables === 'different'}
              onClick={() => decide.mutate('different')}
            >
              {t('duplicates.verb.different')}
            </Button>
          )}
        </Group>
      </Group>
      <div className={classes.twins}>
        {pair.cases.map((each) => (
          <OneCase key={each.id} each={each} />
        ))}
      </div>
      {pair.decidedBy && pair.decidedAt ? (
        <Text size="sm" c="dimmed">
          {t('duplicates.decided', {
            name: pair.decidedBy.displayName,
            date: formatDateTime(pair.decidedAt),
          })}
        </Text>
      ) : null}
    </article>
  );
}

function OneCase({ each }: { each: DuplicatePair['cases'][number] }) {
  const { t } = useTranslation('monitoring');
  const networkName = useNetworkName();
  return (
    <div className={classes.twin}>
      <Group justify="space-between" gap="sm">
        {each.seen ? (
          <Anchor component={Link} to={`/cases/${each.id}`} fw={500}>
            {each.number}
          </Anchor>
        ) : (
          <Text fw={500}>{each.number}</Text>
        )}
        <CaseStatusBadge progress={each.progress} />
      </Group>
      <Entity row={each} />
      <Text size="sm">
        {[each.organisation, each.city].filter(Boolean).join(', ')} ·{' '}
        {t('duplicates.sent', { date: formatDate(each.submittedAt) })}
      </Text>
      <Text size="sm" c="dimmed">
        {each.networkIds.map((networkId) => networkName(networkId)).join(', ')}
      </Text>
    </div>
  );
}
