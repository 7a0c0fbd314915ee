import {
  Anchor,
  Button,
  Drawer,
  Group,
  SegmentedControl,
  Stack,
  Switch,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { ENTRY_KINDS, type EntryKind, entryKind, type RuleDraft } from '@relecture/shared/routing/drafts.js';
import type { NetworkRule } from '@relecture/shared/routing/schema.js';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router';
import classes from '../admin/admin.module.css';
import { plain } from '../admin/plain';
import { keys } from '../api/keys';
import { abandonDraft, publishDraft, readDraft } from '../api/rules';
import { NotFound } from '../app/Crash';
import { hasRole, useUser } from '../app/session';
import { currentLanguage } from '../i18n';
import { DateField } from '../ui/DateField';
import { ErrorState } from '../ui/ErrorState';
import { ListSkeleton } from '../ui/Skeletons';
import { tellDone, tellProblem } from '../ui/tell';
import { useTitle } from '../ui/use-title';
import { useConditionWords } from './condition-words';
import { EntryTable } from './EntryTable';
import { RuleForm } from './RuleForm';
import { Trial } from './Trial';

const ASK_AGAIN_MS = 1500;

/** One draft: its trial, its publication, its rules. */
export default function Draft() {
  const { t } = useTranslation('admin');
  useTitle(t('rules.title'));
  const { draftId = '' } = useParams();
  const allowed = hasRole(useUser(), 'coordinator', 'admin');
  const client = useQueryClient();
  const draft = useQuery({
    queryKey: keys.rules.draft(draftId),
    queryFn: () => readDraft(draftId),
    enabled: allowed,
    refetchInterval: ({ state }) => (state.data?.trial?.state === 'running' ? ASK_AGAIN_MS : false),
  });
  if (!allowed) return <NotFound />;
  if (draft.isPending) return <ListSkeleton />;
  if (draft.isError) return <ErrorState error={draft.error} onRetry={() => void draft.refetch()} />;
  return (
    <OpenDraft draft={draft.data} onChange={(next) => client.setQueryData(keys.rules.draft(draftId), next)} />
  );
}

function OpenDraft({ draft, onChange }: { draft: RuleDraft; onChange: (draft: RuleDraft) => void }) {
  const { t } = useTranslation('admin');
  const { t: ui } = useTranslation('ui');
  const navigate = useNavigate();
  const client = useQueryClient();
  const [part, setPart] = useState<EntryKind | 'networks'>('networks');
  const [edited, setEdited] = useState<NetworkRule | 'new' | null>(null);
  const [validFrom, setValidFrom] = useState<string | null>(null);
  const leave = async (words: string) => {
    tellDone(words);
    await client.invalidateQueries({ queryKey: keys.rules.all, exact: true });
    await navigate('/rules');
  };
  const publish = useMutation({
    mutationFn: () => publishDraft(draft.id, draft.revision, validFrom ?? ''),
    onSuccess: () => leave(t('rules.publish.done', { version: draft.version })),
    onError: tellProblem,
  });
  const abandon = useMutation({
    mutationFn: () => abandonDraft(draft.id),
    onSuccess: () => leave(t('rules.abandoned')),
    onError: tellProblem,
  });
  const authors = draft.authors.map(({ displayName }) => displayName).join(', ');
  return (
    <div className={classes.page}>
      <Stack gap="lg">
        <Group justify="space-between" align="flex-end">
          <div>
            <Anchor component={Link} to="/rules">
              {t('rules.title')}
            </Anchor>
            <Title order={1}>{t('rules.draft', { version: draft.version })}</Title>
            <Text c="dimmed">
              {t('rules.from', { version: draft.baseVersion, authors: authors || t('rules.nobody') })}
            </Text>
          </div>
          <Group>
            <Button variant="default" loading={abandon.isPending} onClick={() => abandon.mutate()}>
              {t('rules.abandon')}
            </Button>
            <Button onClick={() => setEdited('new')}>{t('rules.add')}</Button>
          </Group>
        </Group>
        <Trial draft={draft} onChange={onChange} />
        <section>
          <Title order={2}>{t('rules.publish.title')}</Title>
          <Text c="dimmed">{t('rules.publish.about')}</Text>
          <Group align="flex-end" mt="sm">
            <DateField label={t('rules.publish.from')} value={validFrom} onChange={setValidFrom} />
            <Button
              disabled={!draft.mayPublish || validFrom === null}
              loading={publish.isPending}
              onClick={() => publish.mutate()}
            >
              {t('rules.publish.button')}
            </Button>
          </Group>
        </section>
        <SegmentedControl
          aria-label={t('rules.parts.label')}
          value={part}
          onChange={(value) => setPart(entryKind.safeParse(value).data ?? 'networks')}
          data={(['networks', ...ENTRY_KINDS] as const).map((value) => ({
            value,
            label: t(`rules.parts.${value}`),
          }))}
          className={classes.scroll}
        />
        {part === 'networks' ? (
          <RuleTable draft={draft} onOpen={setEdited} />
        ) : (
          <EntryTable key={part} draft={draft} kind={part} onChange={onChange} />
        )}
      </Stack>
      <Drawer
        opened={edited !== null}
        onClose={() => setEdited(null)}
        position="right"
        size={560}
        title={edited === 'new' || !edited ? t('rules.newRule') : t('rules.edit', { id: edited.id })}
        closeButtonProps={{ 'aria-label': ui('close') }}
      >
        {edited ? (
          <RuleForm
            key={edited === 'new' ? 'new' : edited.id}
            draft={draft}
            rule={edited === 'new' ? null : edited}
            onChange={(next) => {
              onChange(next);
              setEdited(null);
            }}
          />
        ) : null}
      </Drawer>
    </div>
  );
}

function RuleTable({ draft, onOpen }: { draft: RuleDraft; onOpen: (rule: NetworkRule) => void }) {
  const { t } = useTranslation('admin');
  const [text, setText] = useState('');
  const [onlyChanges, setOnlyChanges] = useState(false);
  const conditions = useConditionWords(draft);
  const language = currentLanguage();
  const mark = (id: string) =>
    draft.added.includes(id) ? 'added' : draft.changed.includes(id) ? 'changed' : null;
  const shown = draft.rules
    .filter((rule) => !onlyChanges || mark(rule.id) !== null)
    .filter((rule) =>
      plain([rule.networkId, rule.id, rule.because[language], conditions(rule.when)].join(' ')).includes(
        plain(text),
      ),
    )
    .sort((a, b) => (a.networkId < b.networkId ? -1 : a.networkId > b.networkId ? 1 : a.rank - b.rank));
  return (
    <section>
      <Group mb="sm" align="flex-end">
        <TextInput
          label={t('rules.search')}
          w={320}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Switch
          label={t('rules.onlyChanges')}
          checked={onlyChanges}
          onChange={(event) => setOnlyChanges(event.currentTarget.checked)}
        />
      </Group>
      {draft.removed.length > 0 ? (
        <Text c="var(--tone-amber)">{t('rules.removedRules', { ids: draft.removed.join(', ') })}</Text>
      ) : null}
      <table className={classes.table} data-testid="rules">
        <thead>
          <tr>
            <th scope="col" style={{ width: '15%' }}>
              {t('rules.columns.network')}
            </th>
            <th scope="col" style={{ width: '8%' }}>
              {t('rules.columns.rank')}
            </th>
            <th scope="col" style={{ width: '40%' }}>
              {t('rules.columns.rule')}
            </th>
            <th scope="col">{t('rules.columns.when')}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((rule) => {
            const marked = mark(rule.id);
            return (
              <tr key={rule.id}>
                <td>
                  {rule.networkId}
                  {marked ? <span className={classes.secondary}>{t(`rules.marks.${marked}`)}</span> : null}
                </td>
                <td>{rule.rank}</td>
                <td>
                  <Anchor
                    component="button"
                    type="button"
                    ta="start"
                    className={classes.open}
                    onClick={() => onOpen(rule)}
                  >
                    {rule.because[language]}
                  </Anchor>
                </td>
                <td className={classes.dim}>{conditions(rule.when)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
