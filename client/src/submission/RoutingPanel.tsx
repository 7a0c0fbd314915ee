import { Anchor, Button, Loader, Stack, Text, Textarea, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { CASE_LIMITS } from '@relecture/shared/cases/schema.js';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keys } from '../api/keys';
import { type PreviewInput, previewRouting, type RoutingPreview } from '../api/routing';
import { ageAt } from '../ui/format';
import { useNetworkName } from '../ui/networks';
import { wordProblem } from '../ui/problem-words';
import { ClashAt } from './Clashes';
import { deriveContexts } from './contexts';
import { FieldsToCorrect } from './FieldsToCorrect';
import type { SectionProps } from './Section';

interface RoutingPanelProps extends SectionProps {
  onNetworks: (networkIds: string[]) => void;
}

/** « Réseau proposé : …, car … », as soon as site and suspicion are known. The sender may contest it, with a reason. */
export function RoutingPanel({ content, change, onNetworks }: RoutingPanelProps) {
  const { t } = useTranslation('submission');
  const input: PreviewInput = {
    primarySite: content.primarySite,
    specimenSite: content.specimens[0]?.site ?? null,
    morphology: content.firstDiagnosis?.morphology ?? null,
    suspicion: content.firstDiagnosis?.text || null,
    question: content.question || null,
    age: content.patient?.birthDate ? ageAt(content.patient.birthDate) : null,
    sex: content.patient?.sex ?? null,
    contexts: deriveContexts(content),
    intent: content.intent,
  };
  const [settled] = useDebouncedValue(JSON.stringify(input), 500);
  const enough = Boolean((input.primarySite ?? input.specimenSite) && (input.morphology ?? input.suspicion));
  const preview = useQuery({
    queryKey: keys.routingPreview({ settled }),
    queryFn: () => previewRouting(JSON.parse(settled) as PreviewInput),
    enabled: enough,
    staleTime: 60_000,
    placeholderData: (previous) => previous,
  });
  const answer = enough ? preview.data : undefined;
  const reading = answer?.networks.filter((network) => network.role === 'reading') ?? [];
  const ids = reading.map((network) => network.networkId).join(' ');
  useEffect(() => onNetworks(ids === '' ? [] : ids.split(' ')), [ids, onNetworks]);

  return (
    <section
      className="sheet"
      style={{ padding: 14 }}
      aria-labelledby="routing-title"
      data-testid="routing-panel"
    >
      <Title order={2} id="routing-title" mb={6}>
        {t('routing.title')}
      </Title>
      {!enough ? <Text c="dimmed">{t('routing.notYet')}</Text> : null}
      {enough && preview.isPending ? <Loader size="sm" aria-label={t('routing.searching')} /> : null}
      {enough && preview.isError ? (
        <Stack gap={6} align="flex-start">
          <Text size="sm">
            {wordProblem(preview.error).title} {t('routing.failed')}
          </Text>
          <Button size="xs" variant="default" onClick={() => void preview.refetch()}>
            {t('saving.retry')}
          </Button>
        </Stack>
      ) : null}
      {answer ? (
        <div aria-live="polite">
          <Proposal answer={answer} />
        </div>
      ) : null}
      {answer ? <Contest content={content} change={change} stopped={answer.outcome === 'correct'} /> : null}
    </section>
  );
}

function Proposal({ answer }: { answer: RoutingPreview }) {
  const { t } = useTranslation('submission');
  const networkName = useNetworkName();
  const fullName = (networkId: string) =>
    networkName(networkId, 'long').slice(networkName(networkId).length + 1);
  const reading = answer.networks.filter((network) => network.role === 'reading');
  const told = answer.networks.filter((network) => network.role !== 'reading');
  const because = (why: string[]) => why.map(insideSentence).join(t('routing.between'));
  return (
    <Stack gap={8}>
      {answer.outcome === 'correct' ? (
        <div>
          <Text fw={600} c="var(--tone-amber)">
            {t('routing.correct')}
          </Text>
          <FieldsToCorrect fields={answer.fieldsToCorrect} />
        </div>
      ) : null}
      {answer.outcome === 'none' && reading.length === 0 ? (
        <Text>{told.length > 0 ? t('routing.none') : t('routing.outside')}</Text>
      ) : null}
      {(answer.outcome === 'correct' ? [] : answer.explanation).map((sentence) => (
        <Text key={sentence} size="sm" c="dimmed">
          {sentence}
        </Text>
      ))}
      {answer.outcome === 'dispatch' ? <Text>{t('routing.dispatch')}</Text> : null}
      {reading.map((network) => (
        <Text key={network.networkId}>
          {t('routing.proposed')} <strong>{networkName(network.networkId)}</strong>{' '}
          {fullName(network.networkId)}
          {network.why.length > 0 ? (
            <Text span c="dimmed">
              {t('routing.because', { why: because(network.why) })}
            </Text>
          ) : null}
        </Text>
      ))}
      {told.length > 0 ? (
        <div>
          <Text size="sm" c="dimmed">
            {t('routing.told')}
          </Text>
          {told.map((network) => (
            <Text size="sm" key={network.networkId}>
              {networkName(network.networkId)} ({t(`routing.roles.${network.role}`)})
            </Text>
          ))}
        </div>
      ) : null}
    </Stack>
  );
}

/** A sentence of the rules, set inside ours; an acronym keeps its capitals. */
function insideSentence(sentence: string): string {
  const bare = sentence.replace(/\.$/, '');
  return /^\p{Lu}\p{Ll}/u.test(bare) ? bare.charAt(0).toLocaleLowerCase() + bare.slice(1) : bare;
}

/** `stopped`: the rules see a contradiction; the sender who is sure of the fields asks people to decide. */
function Contest({ content, change, stopped }: SectionProps & { stopped: boolean }) {
  const { t } = useTranslation('submission');
  const [asked, setAsked] = useState(false);
  // Blanks stand in no case: they are only in the field. The reason itself is the draft's, whoever wrote it.
  const [blank, setBlank] = useState('');
  const reason = content.contestedRouting?.reason ?? blank;
  if (!asked && content.contestedRouting === null) {
    return (
      <Anchor component="button" type="button" mt={8} ta="left" onClick={() => setAsked(true)}>
        {t(stopped ? 'routing.contestFields' : 'routing.contest')}
      </Anchor>
    );
  }
  return (
    <Stack gap={6} mt={8}>
      <Textarea
        label={t(stopped ? 'routing.contestFieldsReason' : 'routing.contestReason')}
        description={t('routing.contestAbout')}
        autosize
        autoFocus={asked}
        minRows={2}
        maxLength={CASE_LIMITS.text}
        value={reason}
        onChange={(event) => {
          const typed = event.currentTarget.value;
          setBlank(typed.trim() === '' ? typed : '');
          setAsked(true);
          change({ contestedRouting: typed.trim() === '' ? null : { reason: typed } });
        }}
      />
      <ClashAt at="contestedRouting" />
      <Button
        variant="subtle"
        size="compact-sm"
        onClick={() => {
          setBlank('');
          setAsked(false);
          change({ contestedRouting: null });
        }}
      >
        {t(stopped ? 'routing.contestFieldsNot' : 'routing.contestNot')}
      </Button>
    </Stack>
  );
}
