import { Button, Checkbox, Select, Stack, Text, Textarea, Title } from '@mantine/core';
import type { CasePage } from '@relecture/shared/cases/page.js';
import { IconMinus, IconPlus } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { dispatchCase } from '../api/cases';
import { keys } from '../api/keys';
import { currentLanguage } from '../i18n';
import { FormError } from '../ui/FormError';
import { useNetworkName, useNetworks } from '../ui/networks';
import { tellDone } from '../ui/tell';
import classes from './monitoring.module.css';

/** The ranked networks with what speaks for and against each; one or several are chosen, with a reason. */
export function DispatchChoice({ page }: { page: CasePage }) {
  const { t } = useTranslation('monitoring');
  const client = useQueryClient();
  const navigate = useNavigate();
  const networks = useNetworks();
  const networkName = useNetworkName();
  const [added, setAdded] = useState<string[]>([]);
  const [chosen, setChosen] = useState<string[]>([]);
  const [reason, setReason] = useState('');
  const ranked = page.routing?.ranked ?? [];
  const shown = [
    ...ranked,
    ...added.map((networkId) => ({ networkId, role: '', for: [] as string[], against: [] as string[] })),
  ];
  const rest = (networks.data?.items ?? []).filter(
    (network) => network.role === 'reading' && shown.every(({ networkId }) => networkId !== network.id),
  );
  const names = new Intl.ListFormat(currentLanguage(), { type: 'conjunction' }).format(
    chosen.map((networkId) => networkName(networkId)),
  );
  const dispatch = useMutation({
    mutationFn: () => dispatchCase(page.id, chosen, reason.trim()),
    onSuccess: async (answer) => {
      tellDone(t('dispatch.done', { number: page.number, networks: names }));
      client.setQueryData(keys.cases.one(page.id), answer);
      await navigate('/dispatch');
      await client.invalidateQueries({ queryKey: keys.dispatch });
    },
  });
  // Chosen in the order shown: the best placed one is the primary.
  const choose = (networkIds: string[]) =>
    setChosen(shown.map(({ networkId }) => networkId).filter((networkId) => networkIds.includes(networkId)));
  const ready = chosen.length > 0 && reason.trim().length >= 3;

  return (
    <section className={`sheet ${classes.choice}`} aria-labelledby="dispatch-networks">
      <Title order={2} id="dispatch-networks">
        {t('dispatch.networks')}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {t(shown.length > 0 ? 'dispatch.networksAbout' : 'dispatch.nothing')}
      </Text>
      <Stack gap="sm">
        <Checkbox.Group value={chosen} onChange={choose} aria-labelledby="dispatch-networks">
          <div className={classes.candidates}>
            {shown.map((network) => (
              <Checkbox.Card
                key={network.networkId}
                value={network.networkId}
                className={classes.candidate}
                data-testid="ranked-network"
              >
                <Checkbox.Indicator mt={2} />
                <span className={classes.candidateWords}>
                  <span className={classes.networkHead}>{networkName(network.networkId, 'long')}</span>
                  <span className={classes.reasons}>
                    <Reasons label={t('dispatch.for')} side="for" sentences={network.for} />
                    <Reasons label={t('dispatch.against')} side="against" sentences={network.against} />
                    {network.for.length + network.against.length === 0 ? (
                      <span>{t('dispatch.noReasons')}</span>
                    ) : null}
                  </span>
                </span>
              </Checkbox.Card>
            ))}
          </div>
        </Checkbox.Group>
        <Select
          label={t('dispatch.other')}
          searchable
          value={null}
          data={rest.map(({ id }) => ({ value: id, label: networkName(id, 'long') }))}
          onChange={(value) => {
            if (value === null) return;
            setAdded((before) => [...before, value]);
            setChosen((before) => [...before, value]);
          }}
        />
        <Textarea
          label={t('dispatch.reason')}
          description={t('dispatch.reasonAbout')}
          required
          autosize
          minRows={2}
          maxLength={2000}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <FormError error={dispatch.error} />
        <Button disabled={!ready} loading={dispatch.isPending} onClick={() => dispatch.mutate()}>
          {ready ? t('dispatch.verb', { networks: names }) : t('dispatch.choose')}
        </Button>
      </Stack>
    </section>
  );
}

interface ReasonsProps {
  label: string;
  side: 'for' | 'against';
  sentences: string[];
}

function Reasons({ label, side, sentences }: ReasonsProps) {
  const Icon = side === 'for' ? IconPlus : IconMinus;
  return sentences.map((sentence) => (
    <span key={sentence} data-side={side}>
      <Icon size={14} aria-hidden />
      <span>
        <span className="heard-only">{label} </span>
        {sentence}
      </span>
    </span>
  ));
}
