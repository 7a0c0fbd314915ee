import { Button, Code, CopyButton, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import type { DicomToken } from '@relecture/shared/arrivals/schema.js';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { createDicomToken, listDicomTokens, revokeDicomToken } from '../api/arrivals';
import { keys } from '../api/keys';
import { ConfirmAction } from '../ui/ConfirmAction';
import { ErrorState } from '../ui/ErrorState';
import { formatDate } from '../ui/format';
import { Notice } from '../ui/Notice';
import { tellDone, tellProblem } from '../ui/tell';

/** What the machines of an organisation show to send slides; each is told once. */
export function DicomTokens({ organisationId }: { organisationId: string }) {
  const { t } = useTranslation('arrivals');
  const client = useQueryClient();
  const [label, setLabel] = useState('');
  const [revoking, setRevoking] = useState<DicomToken | null>(null);
  const query = useQuery({
    queryKey: keys.arrivals.tokens(organisationId),
    queryFn: () => listDicomTokens(organisationId),
  });
  const refresh = () => client.invalidateQueries({ queryKey: keys.arrivals.tokens(organisationId) });
  const create = useMutation({
    mutationFn: () => createDicomToken(organisationId, label.trim()),
    onSuccess: async () => {
      setLabel('');
      await refresh();
    },
    onError: tellProblem,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (label.trim() !== '') create.mutate();
  };
  const revoke = async () => {
    if (!revoking) return;
    await revokeDicomToken(organisationId, revoking.id);
    await refresh();
    tellDone(t('settings.revoked'));
  };
  return (
    <Stack gap="sm">
      <Title order={3}>{t('settings.tokens')}</Title>
      <Text size="sm" c="dimmed">
        {t('settings.tokensAbout', { address: `${location.origin}/api/dicomweb` })}
      </Text>
      {query.isError ? <ErrorState error={query.error} onRetry={() => void query.refetch()} /> : null}
      {query.data?.items.length === 0 ? <Text>{t('settings.noTokens')}</Text> : null}
      {query.data?.items.map((token) => (
        <Group key={token.id} justify="space-between" data-testid="dicom-token">
          <div>
            <Text fw={500}>{token.label}</Text>
            <Text size="sm" c="dimmed">
              <Code>{`${token.start}…`}</Code>{' '}
              {token.lastUsedAt
                ? t('settings.used', { date: formatDate(token.lastUsedAt) })
                : t('settings.neverUsed')}
            </Text>
          </div>
          <Button variant="default" onClick={() => setRevoking(token)}>
            {t('settings.revoke')}
          </Button>
        </Group>
      ))}
      {create.data ? (
        <Notice tone="blue" title={t('settings.tokenOnce')}>
          <Group gap="sm">
            <Code style={{ overflowWrap: 'anywhere' }}>{create.data.token}</Code>
            <CopyButton value={create.data.token}>
              {({ copy, copied }) => (
                <Button size="compact-sm" variant="default" onClick={copy}>
                  {copied ? t('settings.copied') : t('settings.copy')}
                </Button>
              )}
            </CopyButton>
          </Group>
        </Notice>
      ) : null}
      <form onSubmit={submit}>
        <Group align="flex-end" gap="sm">
          <TextInput
            label={t('settings.tokenLabel')}
            maxLength={60}
            value={label}
            onChange={(event) => setLabel(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" loading={create.isPending} disabled={label.trim() === ''}>
            {t('settings.createToken')}
          </Button>
        </Group>
      </form>
      <ConfirmAction
        opened={revoking !== null}
        onClose={() => setRevoking(null)}
        title={t('settings.revokeTitle', { label: revoking?.label ?? '' })}
        verb={t('settings.revoke')}
        danger
        onConfirm={revoke}
      >
        {t('settings.revokeAbout')}
      </ConfirmAction>
    </Stack>
  );
}
