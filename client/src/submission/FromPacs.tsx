import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import type { FoundSeries } from '@relecture/shared/arrivals/schema.js';
import { IconServer } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { arrivalsOfCase, fetchSeries, searchPacs } from '../api/arrivals';
import { keys } from '../api/keys';
import { FormError } from '../ui/FormError';
import { tellProblem } from '../ui/tell';
import { RefusalWords } from './RefusalWords';
import { guessBlock, guessStain } from './stains';

interface FromPacsProps {
  caseId: string;
  /** What these slides were asked as; a description that tells otherwise wins. */
  stain: string;
  onChanged: () => void;
}

const WHILE_COMING_MS = 2000;

/** Where the house has a DICOMweb server: look for a series there, and have it fetched; how far each has come. */
export function FromPacs({ caseId, stain, onChanged }: FromPacsProps) {
  const { t } = useTranslation('arrivals');
  const [opened, setOpened] = useState(false);
  const query = useQuery({
    queryKey: keys.arrivals.ofCase(caseId),
    queryFn: () => arrivalsOfCase(caseId),
    refetchInterval: ({ state }) =>
      state.data?.items.some((each) => each.state !== 'refused') ? WHILE_COMING_MS : false,
    // Nobody waits for it: the drop zone is there all the same.
    retry: false,
  });
  const coming = query.data?.items.filter((each) => each.state !== 'refused').length ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each one that has come is a reason to read the case again
  useEffect(onChanged, [coming]);
  if (!query.data || (!query.data.pacs && query.data.items.length === 0)) return null;
  return (
    <Stack gap="xs">
      {query.data.pacs ? (
        <Group>
          <Button
            variant="default"
            leftSection={<IconServer size={16} aria-hidden />}
            onClick={() => setOpened(true)}
          >
            {t('pacs.open')}
          </Button>
        </Group>
      ) : null}
      {query.data.items.map((arrival) =>
        arrival.state === 'refused' ? (
          <RefusalWords key={arrival.id} refusal={arrival.refusal} />
        ) : (
          <Text key={arrival.id} size="sm" role="status">
            {t('pacs.coming', { percent: Math.round(arrival.progress * 100) })}
          </Text>
        ),
      )}
      <Modal opened={opened} onClose={() => setOpened(false)} title={t('pacs.title')} size="lg">
        <Search caseId={caseId} stain={stain} />
      </Modal>
    </Stack>
  );
}

function Search({ caseId, stain }: Omit<FromPacsProps, 'onChanged'>) {
  const { t } = useTranslation('arrivals');
  const client = useQueryClient();
  const [accession, setAccession] = useState('');
  const [asked, setAsked] = useState<readonly string[]>([]);
  const search = useMutation({ mutationFn: () => searchPacs(accession.trim()) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // A modal stands outside of the page, but not outside of the case's form.
    event.stopPropagation();
    if (accession.trim().length >= 3) search.mutate();
  };
  const order = async (found: FoundSeries) => {
    try {
      await fetchSeries({
        caseId,
        study: found.study,
        series: found.series,
        stain: guessStain(found.description) || stain,
        block: guessBlock(found.description),
      });
      setAsked((before) => [...before, found.series]);
      await client.invalidateQueries({ queryKey: keys.arrivals.ofCase(caseId) });
    } catch (error) {
      tellProblem(error);
    }
  };
  return (
    <Stack gap="sm">
      <form onSubmit={submit}>
        <Group align="flex-end" gap="sm">
          <TextInput
            label={t('pacs.accession')}
            maxLength={64}
            data-autofocus
            style={{ flex: 1 }}
            value={accession}
            onChange={(event) => setAccession(event.currentTarget.value)}
          />
          <Button type="submit" loading={search.isPending} disabled={accession.trim().length < 3}>
            {t('pacs.search')}
          </Button>
        </Group>
      </form>
      <FormError error={search.error} />
      {search.data?.items.length === 0 ? <Text role="status">{t('pacs.none')}</Text> : null}
      {search.data?.items.map((found) => (
        <Group key={found.series} justify="space-between" wrap="nowrap" data-testid="pacs-series">
          <div style={{ minWidth: 0 }}>
            <Text fw={500}>{found.description || t('pacs.untitled')}</Text>
            <Text size="sm" c="dimmed">
              {[
                found.date.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3'),
                found.instances === null ? '' : t('pacs.instances', { count: found.instances }),
              ]
                .filter(Boolean)
                .join(' · ')}
            </Text>
          </div>
          <Button variant="default" disabled={asked.includes(found.series)} onClick={() => void order(found)}>
            {asked.includes(found.series) ? t('pacs.asked') : t('pacs.fetch')}
          </Button>
        </Group>
      ))}
    </Stack>
  );
}
