import { Button, Group, Progress, Select, Text, TextInput } from '@mantine/core';
import type { Arrival } from '@relecture/shared/arrivals/schema.js';
import type { CaseRow } from '@relecture/shared/cases/schema.js';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { attachArrival, discardArrival } from '../api/arrivals';
import { searchCases } from '../api/cases';
import { keys } from '../api/keys';
import { ConfirmAction } from '../ui/ConfirmAction';
import { formatBytes, formatDateTime } from '../ui/format';
import { tellDone, tellProblem } from '../ui/tell';
import { wordRefusal } from './RefusalWords';
import { StainField } from './StainField';
import { guessBlock, guessStain } from './stains';

interface TrayRowProps {
  arrival: Arrival;
  /** The latest ones of the house; others are searched for. */
  cases: CaseRow[];
  onChanged: () => void;
}

const LEAST_SEARCHED = 3;
const wordCase = ({ number, localExamNumber, patientName }: CaseRow) =>
  [number, localExamNumber, patientName].filter(Boolean).join(' · ');

/** What came, and whose it is: the case, stain and block are proposed where the name speaks of them. */
export function TrayRow({ arrival, cases, onChanged }: TrayRowProps) {
  const { t } = useTranslation('arrivals');
  const [caseId, setCaseId] = useState(arrival.proposed[0]?.caseId ?? null);
  const [typed, setTyped] = useState('');
  const [stain, setStain] = useState(arrival.stain || guessStain(arrival.name));
  const [block, setBlock] = useState(arrival.block || guessBlock(arrival.name));
  const [busy, setBusy] = useState(false);
  const [discarding, setDiscarding] = useState(false);
  const found = useQuery({
    queryKey: keys.cases.search(typed),
    queryFn: () => searchCases(typed),
    enabled: typed.trim().length >= LEAST_SEARCHED && !cases.some((row) => wordCase(row) === typed),
  });
  const choices = new Map([
    ...arrival.proposed.map((each) => [each.caseId, each.number] as const),
    ...cases.map((row) => [row.id, wordCase(row)] as const),
    ...(found.data?.items ?? []).map((row) => [row.id, wordCase(row)] as const),
  ]);
  const foundIds = new Set(found.data?.items.map(({ id }) => id));

  const attach = async () => {
    if (!caseId) return;
    setBusy(true);
    try {
      await attachArrival(arrival.id, { caseId, stain, block });
      tellDone(t('attached', { number: choices.get(caseId)?.split(' · ')[0] ?? '' }));
    } catch (error) {
      tellProblem(error);
    } finally {
      setBusy(false);
      onChanged();
    }
  };
  const discard = async () => {
    await discardArrival(arrival.id);
    tellDone(t('discarded'));
    onChanged();
  };

  const waiting = arrival.state === 'waiting';
  const name = arrival.name || t('unnamed');
  const about = [
    t(`source.${arrival.source}`),
    arrival.files > 1 ? t('files', { count: arrival.files }) : '',
    formatBytes(arrival.bytes),
    formatDateTime(arrival.arrivedAt),
  ];
  return (
    <tr data-testid="arrival-row">
      <td>
        <Text fw={500}>{name}</Text>
        <Text size="sm" c="dimmed">
          {about.filter(Boolean).join(' · ')}
        </Text>
        {arrival.duplicate ? (
          <Text size="sm" c="var(--tone-amber)">
            {t('duplicate')}
          </Text>
        ) : null}
        {arrival.state === 'refused' ? (
          <Text size="sm" role="alert">
            {wordRefusal(arrival.refusal).reason} {wordRefusal(arrival.refusal).advice}
          </Text>
        ) : null}
      </td>
      {waiting ? (
        <>
          <td>
            <Select
              aria-label={t('chooseCase')}
              placeholder={t('chooseCase')}
              nothingFoundMessage={t('noCase')}
              searchable
              data={[...choices].map(([value, label]) => ({ value, label }))}
              // What the server found by name or exam number need not hold what was typed.
              filter={({ options, search }) =>
                options.filter(
                  (option) =>
                    !('value' in option) ||
                    foundIds.has(option.value) ||
                    option.label.toLowerCase().includes(search.trim().toLowerCase()),
                )
              }
              value={caseId}
              onChange={setCaseId}
              onSearchChange={setTyped}
            />
          </td>
          <td>
            <StainField label={t('columns.stain')} value={stain} onChange={setStain} />
          </td>
          <td>
            <TextInput
              aria-label={t('columns.block')}
              placeholder={t('columns.block')}
              maxLength={60}
              value={block}
              onChange={(event) => setBlock(event.currentTarget.value)}
            />
          </td>
        </>
      ) : (
        <td colSpan={3}>
          <Text size="sm" role="status">
            {t(`state.${arrival.state}`)}
          </Text>
          {arrival.state === 'arriving' && arrival.source !== 'stow' ? (
            <Progress value={arrival.progress * 100} aria-label={t('state.arriving')} />
          ) : null}
        </td>
      )}
      <td>
        {waiting || arrival.state === 'refused' ? (
          <Group gap="xs">
            {waiting ? (
              <Button size="compact-md" disabled={!caseId} loading={busy} onClick={() => void attach()}>
                {t('attach')}
              </Button>
            ) : null}
            <Button size="compact-md" variant="subtle" onClick={() => setDiscarding(true)}>
              {t('discard')}
            </Button>
          </Group>
        ) : null}
        <ConfirmAction
          opened={discarding}
          onClose={() => setDiscarding(false)}
          title={t('discardTitle')}
          verb={t('discard')}
          danger
          onConfirm={discard}
        >
          {t('discardAbout')}
        </ConfirmAction>
      </td>
    </tr>
  );
}
