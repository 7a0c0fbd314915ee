import { Button, Group, NumberInput, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { networkRoleSchema } from '@relecture/shared/networks/schema.js';
import type { RuleDraft } from '@relecture/shared/routing/drafts.js';
import { type NetworkRule, networkRuleSchema } from '@relecture/shared/routing/schema.js';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { removeRule, writeRule } from '../api/rules';
import { FormError } from '../ui/FormError';
import { tellDone } from '../ui/tell';
import { Conditions } from './Conditions';

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
        <Conditions draft={draft} when={when} onChange={setWhen} wrong={wrong} />
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
