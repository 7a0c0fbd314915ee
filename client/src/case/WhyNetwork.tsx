import { Collapse, Stack, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { CasePage } from '@relecture/shared/cases/page.js';
import { useTranslation } from 'react-i18next';
import { NetworkName } from '../ui/NetworkName';
import { useNetworkName } from '../ui/networks';
import { Panel } from './Panel';

/** Why this network: the reasons of the rules, or of the coordinator who chose; the others that were weighed. */
export function WhyNetwork({ page }: { page: CasePage }) {
  const { t } = useTranslation('case');
  const { t: form } = useTranslation('submission');
  const networkName = useNetworkName();
  const [unfolded, others] = useDisclosure(false);
  const { routing } = page;
  if (!routing) return null;
  const chosen = new Set(page.networks.map((network) => network.networkId));
  // Where the rules were sure, the others were never in question; nor was a network that nothing speaks for.
  const open = routing.outcome === 'dispatch' || page.content.contestedRouting !== null;
  const weighed = routing.ranked.filter(
    (network) => open && !chosen.has(network.networkId) && network.for.length > 0,
  );
  return (
    <Panel
      title={chosen.size > 0 ? t('why.title', { count: chosen.size }) : t('why.titleNone')}
      testId="why-network"
    >
      <Stack gap={8}>
        {routing.decidedBy === 'coordinator' ? (
          <Text>
            {t('why.byCoordinator')}
            {routing.reason ? ` « ${routing.reason} »` : ''}
          </Text>
        ) : null}
        {[...new Set(routing.explanation)].map((sentence) => (
          <Text key={sentence}>{sentence}</Text>
        ))}
        {page.networks.map((network) => (
          <div key={network.networkId}>
            <Text fw={500}>
              <NetworkName networkId={network.networkId} />{' '}
              <Text span c="dimmed" fw={400}>
                ({form(`routing.roles.${network.role}`)})
              </Text>
            </Text>
            {network.why.map((sentence) => (
              <Text key={sentence} size="sm" c="dimmed">
                {sentence}
              </Text>
            ))}
          </div>
        ))}
        {page.content.contestedRouting ? (
          <Text size="sm">{t('why.contested', { reason: page.content.contestedRouting.reason })}</Text>
        ) : null}
        {weighed.length > 0 ? (
          <div>
            <UnstyledButton onClick={others.toggle} aria-expanded={unfolded} c="var(--mantine-color-anchor)">
              {t('why.others', { count: weighed.length })}
            </UnstyledButton>
            <Collapse expanded={unfolded}>
              <Stack gap={6} mt={6}>
                {weighed.map((network) => (
                  <div key={network.networkId}>
                    <Text size="sm" fw={500}>
                      {networkName(network.networkId)}
                    </Text>
                    {[...network.for, ...network.against].map((sentence) => (
                      <Text key={sentence} size="sm" c="dimmed">
                        {sentence}
                      </Text>
                    ))}
                  </div>
                ))}
              </Stack>
            </Collapse>
          </div>
        ) : null}
        <Text size="xs" c="dimmed">
          {t('why.rules', { version: routing.rulesVersion })}
        </Text>
      </Stack>
    </Panel>
  );
}
