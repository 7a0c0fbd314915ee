import { Checkbox, Fieldset, Group, Stack, Text } from '@mantine/core';
import { climbLadder, type LadderFacts, markersToProve } from '@relecture/shared/reviews/reading-ladder.js';
import { useTranslation } from 'react-i18next';
import { useNetworks } from '../ui/networks';

interface LadderFieldsProps {
  facts: Omit<LadderFacts, 'levels'>;
  onProven: (markers: string[]) => void;
  onThird: (asked: boolean) => void;
}

/** What follows a second reading, said before it is signed: closed, or read a third time. */
export function LadderFields({ facts, onProven, onThird }: LadderFieldsProps) {
  const { t } = useTranslation('report');
  const networks = useNetworks();
  const levels = networks.data?.items.find(({ id }) => id === facts.networkId)?.levels ?? [];
  if (!levels.includes('third')) return null;
  const markers = markersToProve(facts.networkId, facts.content.morphology);
  const step = climbLadder({ ...facts, levels });
  return (
    <Fieldset legend={t('ladder.title')}>
      <Stack gap="xs">
        {markers.length > 0 ? (
          <Checkbox.Group
            label={t('ladder.markers')}
            description={t('ladder.markersAbout')}
            value={[...facts.provenMarkers]}
            onChange={onProven}
          >
            <Group gap="md" mt={4}>
              {markers.map((marker) => (
                <Checkbox key={marker} value={marker} label={marker} />
              ))}
            </Group>
          </Checkbox.Group>
        ) : null}
        <Checkbox
          label={t('ladder.ask')}
          checked={facts.thirdAsked}
          onChange={(event) => onThird(event.currentTarget.checked)}
        />
        <Text size="sm" fw={500} role="status" data-testid="ladder-step">
          {t(`ladder.why.${step.why}`, { markers: step.markers.join(', ') })}
        </Text>
      </Stack>
    </Fieldset>
  );
}
