import {
  Button,
  Group,
  MultiSelect,
  NumberInput,
  Select,
  Stack,
  TagsInput,
  Textarea,
  TextInput,
} from '@mantine/core';
import { networkRoleSchema } from '@relecture/shared/networks/schema.js';
import { wordContexts } from '@relecture/shared/routing/context-words.js';
import type { RuleDraft } from '@relecture/shared/routing/drafts.js';
import { type NetworkRule, networkRuleSchema } from '@relecture/shared/routing/schema.js';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { removeRule, writeRule } from '../api/rules';
import { currentLanguage } from '../i18n';
import { FormError } from '../ui/FormError';
import { tellDone } from '../ui/tell';

const LISTS = [
  'sites',
  'notSites',
  'morphologies',
  'notMorphologies',
  'contextsAny',
  'contextsAll',
  'contextsNone',
  'wordsAny',
  'wordsNone',
] as const;
const CONFIDENCES = networkRuleSchema.shape.confidence.options;

interface RuleFormProps {
  draft: RuleDraft;
  rule: NetworkRule | null;
  onChange: (draft: RuleDraft) => void;
}

/** One rule, in fields. What the form does not show of a rule is kept as it was. */
export function RuleForm({ draft, rule, onChange }: RuleFormProps) {
  const { t } = useTranslation('admin');
  const [id, setId] = useState(rule?.id ?? '');
  const [networkId, setNetworkId] = useState<string | null>(rule?.networkId ?? null);
  const [role, setRole] = useState<string | null>(rule?.role ?? 'reading');
  const [rank, setRank] = useState<number | string>(rule?.rank ?? 30);
  const [when, setWhen] = useState<NetworkRule['when']>(rule?.when ?? {});
  const [because, setBecause] = useState(rule?.because ?? { fr: '', en: '' });
  const [source, setSource] = useState(rule?.source ?? '');
  const [confidence, setConfidence] = useState<string | null>(rule?.confidence ?? 'medium');
  /** A condition that says nothing is left out. */
  const set = (name: keyof NetworkRule['when'], value: unknown) =>
    setWhen((before) => {
      const { [name]: _former, ...others } = before;
      const says = Array.isArray(value) ? value.length > 0 : value !== null && value !== '';
      return says ? { ...others, [name]: value } : others;
    });
  const parsed = networkRuleSchema.safeParse({
    ...rule,
    id,
    networkId,
    role,
    rank,
    when,
    because,
    source,
    confidence,
  });
  const wrong = new Set(parsed.error?.issues.map(({ path }) => String(path[1] ?? path[0])));
  const save = useMutation({
    mutationFn: (written: NetworkRule) => writeRule(draft.id, draft.revision, written),
    onSuccess: (next) => {
      tellDone(t('rules.saved'));
      onChange(next);
    },
  });
  const remove = useMutation({
    mutationFn: (ruleId: string) => removeRule(draft.id, draft.revision, ruleId),
    onSuccess: (next) => {
      tellDone(t('rules.removed'));
      onChange(next);
    },
  });
  const problem = save.error ?? remove.error;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (parsed.success) save.mutate(parsed.data);
  };
  /** Every context that some rule speaks of, in words. */
  const contexts = [
    ...new Set(
      draft.rules.flatMap((each) => [
        ...(each.when.contextsAny ?? []),
        ...(each.when.contextsAll ?? []),
        ...(each.when.contextsNone ?? []),
      ]),
    ),
  ].map((value) => ({ value, label: wordContexts([value], currentLanguage()) }));
  const groups = (list: RuleDraft['siteGroups']) => list.map(({ name }) => `@${name}`).join(', ');
  const about = (name: string) => {
    if (name === 'sites') return t('rules.sitesAbout', { groups: groups(draft.siteGroups) });
    if (name === 'morphologies')
      return t('rules.morphologiesAbout', { groups: groups(draft.morphologyGroups) });
    return undefined;
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput
          label={t('rules.fields.id')}
          value={id}
          onChange={(event) => setId(event.currentTarget.value)}
          readOnly={rule !== null}
          required
        />
        <Select
          label={t('rules.fields.network')}
          data={draft.networkIds}
          value={networkId}
          onChange={setNetworkId}
          searchable
          required
        />
        <Group grow>
          <Select
            label={t('rules.fields.role')}
            data={networkRoleSchema.options.map((value) => ({ value, label: t(`rules.roles.${value}`) }))}
            value={role}
            onChange={setRole}
            allowDeselect={false}
          />
          <NumberInput
            label={t('rules.fields.rank')}
            min={0}
            max={99}
            value={rank}
            onChange={setRank}
            hideControls
          />
        </Group>
        {LISTS.map((name) =>
          name.startsWith('contexts') ? (
            <MultiSelect
              key={name}
              label={t(`rules.fields.${name}`)}
              data={contexts}
              value={[...new Set(when[name] as string[] | undefined)]}
              onChange={(value) => set(name, value)}
              searchable
            />
          ) : (
            <TagsInput
              key={name}
              label={t(`rules.fields.${name}`)}
              description={about(name)}
              value={when[name] ?? []}
              onChange={(value) => set(name, value)}
              error={wrong.has(name)}
            />
          ),
        )}
        <Group grow>
          {(['minAge', 'maxAge'] as const).map((name) => (
            <NumberInput
              key={name}
              label={t(`rules.fields.${name}`)}
              min={0}
              max={120}
              hideControls
              value={when[name] ?? ''}
              onChange={(value) => set(name, value)}
            />
          ))}
          <Select
            label={t('rules.fields.sex')}
            data={(['F', 'M'] as const).map((value) => ({ value, label: t(`rules.sexes.${value}`) }))}
            value={when.sex ?? null}
            onChange={(value) => set('sex', value)}
            clearable
          />
        </Group>
        {(['fr', 'en'] as const).map((language) => (
          <Textarea
            key={language}
            label={t(`rules.fields.${language}`)}
            lang={language}
            autosize
            value={because[language]}
            onChange={(event) => setBecause({ ...because, [language]: event.currentTarget.value })}
            required
          />
        ))}
        <TextInput
          label={t('rules.fields.source')}
          value={source}
          onChange={(event) => setSource(event.currentTarget.value)}
          required
        />
        <Select
          label={t('rules.fields.confidence')}
          data={CONFIDENCES.map((value) => ({ value, label: t(`rules.confidences.${value}`) }))}
          value={confidence}
          onChange={setConfidence}
          allowDeselect={false}
        />
        <FormError error={problem} />
        <Group justify="space-between">
          {rule ? (
            <Button variant="default" loading={remove.isPending} onClick={() => remove.mutate(rule.id)}>
              {t('rules.remove')}
            </Button>
          ) : (
            <span />
          )}
          <Button type="submit" disabled={!parsed.success} loading={save.isPending}>
            {t('rules.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
