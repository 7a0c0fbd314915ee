import { Anchor, Button, Group, Modal, Stack, Text, Textarea, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import classes from '../admin/admin.module.css';
import { keys } from '../api/keys';
import { beginDraft, listRuleSets, withdrawRuleSet } from '../api/rules';
import { NotFound } from '../app/Crash';
import { hasRole, useUser } from '../app/session';
import { ErrorState } from '../ui/ErrorState';
import { formatCalendarDate, formatDateTime } from '../ui/format';
import { ListSkeleton } from '../ui/Skeletons';
import { tellDone, tellProblem } from '../ui/tell';
import { useTitle } from '../ui/use-title';

/** The versions of the routing rules, and the drafts of the next one. */
export default function RuleSets() {
  const { t } = useTranslation('admin');
  const { t: ui } = useTranslation('ui');
  useTitle(t('rules.title'));
  const user = useUser();
  const allowed = hasRole(user, 'coordinator', 'admin');
  const navigate = useNavigate();
  const client = useQueryClient();
  const sets = useQuery({ queryKey: keys.rules.all, queryFn: listRuleSets, enabled: allowed });
  const [leaving, setLeaving] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const begin = useMutation({
    mutationFn: beginDraft,
    onSuccess: ({ id }) => navigate(`/rules/${id}`),
    onError: tellProblem,
  });
  const withdraw = useMutation({
    mutationFn: (version: string) => withdrawRuleSet(version, reason),
    onSuccess: async (_nothing, version) => {
      setLeaving(null);
      setReason('');
      await client.invalidateQueries({ queryKey: keys.rules.all });
      tellDone(t('rules.withdrawDone', { version }));
    },
    onError: tellProblem,
  });
  if (!allowed) return <NotFound />;
  return (
    <div className={classes.page}>
      <Group justify="space-between" align="flex-end" mb="md">
        <div>
          <Title order={1}>{t('rules.title')}</Title>
          <Text c="dimmed">{t('rules.about')}</Text>
        </div>
        <Button onClick={() => begin.mutate()} loading={begin.isPending}>
          {t('rules.begin')}
        </Button>
      </Group>
      {sets.isPending ? <ListSkeleton /> : null}
      {sets.isError ? <ErrorState error={sets.error} onRetry={() => void sets.refetch()} /> : null}
      {sets.isSuccess ? (
        <Stack gap="lg">
          <section>
            <Title order={2}>{t('rules.drafts')}</Title>
            {sets.data.drafts.length === 0 ? <Text c="dimmed">{t('rules.noDraft')}</Text> : null}
            {sets.data.drafts.length > 0 ? (
              <table className={classes.table}>
                <thead>
                  <tr>
                    <th scope="col">{t('rules.columns.version')}</th>
                    <th scope="col">{t('rules.columns.authors')}</th>
                    <th scope="col">{t('rules.columns.updated')}</th>
                  </tr>
                </thead>
                <tbody>
                  {sets.data.drafts.map((draft) => (
                    <tr key={draft.id}>
                      <td>
                        <Anchor component={Link} to={`/rules/${draft.id}`} className={classes.open}>
                          {t('rules.draft', { version: draft.version })}
                        </Anchor>
                      </td>
                      <td>
                        {draft.authors.map(({ displayName }) => displayName).join(', ') || t('rules.nobody')}
                      </td>
                      <td>{formatDateTime(draft.updatedAt)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            ) : null}
          </section>
          <section>
            <Title order={2}>{t('rules.published')}</Title>
            <table className={classes.table}>
              <thead>
                <tr>
                  <th scope="col">{t('rules.columns.version')}</th>
                  <th scope="col">{t('rules.columns.validFrom')}</th>
                  <th scope="col">{t('rules.columns.publishedBy')}</th>
                  <th scope="col">{t('rules.columns.state')}</th>
                </tr>
              </thead>
              <tbody>
                {sets.data.published.map((each) => (
                  <tr key={each.version}>
                    <td>{each.version}</td>
                    <td>{formatCalendarDate(each.validFrom)}</td>
                    <td>{each.publishedBy ?? t('rules.shipped')}</td>
                    <td>
                      {each.withdrawn
                        ? t('rules.withdrawn', { name: each.withdrawn.by, reason: each.withdrawn.reason })
                        : t(each.inForce ? 'rules.inForce' : 'rules.notInForce')}
                      {each.mayWithdraw ? (
                        <Button
                          size="compact-sm"
                          variant="default"
                          ml="sm"
                          onClick={() => setLeaving(each.version)}
                        >
                          {t('rules.withdraw')}
                        </Button>
                      ) : null}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        </Stack>
      ) : null}
      <Modal
        opened={leaving !== null}
        onClose={() => setLeaving(null)}
        title={t('rules.withdrawTitle', { version: leaving ?? '' })}
        closeButtonProps={{ 'aria-label': ui('close') }}
      >
        <Stack>
          <Text>{t('rules.withdrawAbout')}</Text>
          <Textarea
            label={t('rules.reason')}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            required
          />
          <Group justify="flex-end">
            <Button
              disabled={reason.trim().length < 3}
              loading={withdraw.isPending}
              onClick={() => leaving && withdraw.mutate(leaving)}
            >
              {t('rules.withdraw')}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </div>
  );
}
