import { List, Text, Title } from '@mantine/core';
import type { CasePage } from '@relecture/shared/cases/page.js';
import { IconCircleCheckFilled } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { formatDate } from '../ui/format';
import { useNetworkName, useNetworks } from '../ui/networks';
import classes from './CaseScreen.module.css';

/** After sending: where it goes, who was told, what happens next and by when. It follows the case live. */
export function SentPanel({ page }: { page: CasePage }) {
  const { t } = useTranslation('case');
  const networkName = useNetworkName();
  const networks = useNetworks();
  const reading = page.networks.filter((network) => network.role === 'reading');
  const told = page.networks.filter((network) => network.role !== 'reading');
  const firstReview = page.reviews[0];
  const rules = networks.data?.items.find((network) => network.id === firstReview?.networkId);
  const days = rules ? rules.dueDays[page.content.urgency === 'urgent' ? 'urgent' : 'routine'] : null;
  const names = (list: typeof reading) =>
    list.map((network) => networkName(network.networkId, 'long')).join(', ');
  const byShipment = page.content.materialBy === 'shipment';

  const where =
    page.status === 'submitted'
      ? t('sent.choosing')
      : page.status === 'to_dispatch'
        ? t('sent.toDispatch')
        : page.status === 'to_correct'
          ? t('sent.toCorrect')
          : page.status === 'clinical_pathway'
            ? page.networks.length > 0
              ? t('sent.pathway', { networks: names(page.networks) })
              : t('sent.outside')
            : t('sent.goesTo', { networks: names(reading) });
  const next = firstReview?.assignment
    ? t('sent.nextReader', {
        name: firstReview.assignment.reviewer.displayName,
        organisation: firstReview.assignment.reviewer.organisation,
      })
    : page.status === 'routed'
      ? byShipment
        ? t('sent.nextParcel')
        : t(page.party === 'submitter' ? 'sent.nextComplete' : 'sent.nextCheck')
      : null;
  const when = firstReview?.dueAt
    ? t('sent.byDate', { date: formatDate(firstReview.dueAt) })
    : days !== null && firstReview
      ? t('sent.byDays', { count: days })
      : null;

  return (
    <section className={`sheet ${classes.sent}`} aria-labelledby="sent-title" data-testid="sent-panel">
      <Title order={2} id="sent-title" mb={6}>
        <IconCircleCheckFilled
          size={20}
          color="var(--tone-green)"
          aria-hidden
          style={{ verticalAlign: '-4px' }}
        />{' '}
        {t('sent.title', { number: page.number })}
      </Title>
      <List spacing={4} aria-live="polite">
        <List.Item>{where}</List.Item>
        {told.length > 0 && page.status === 'routed' ? (
          <List.Item>{t('sent.told', { networks: names(told) })}</List.Item>
        ) : null}
        {next ? <List.Item>{next}</List.Item> : null}
        {when ? <List.Item>{when}</List.Item> : null}
      </List>
      <Text size="sm" c="dimmed" mt={6}>
        {t('sent.follow')}
      </Text>
    </section>
  );
}
