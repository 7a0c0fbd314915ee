import { Button, Checkbox, Group, Select, Stack, TagsInput, Textarea, TextInput } from '@mantine/core';
import {
  type DraftEntry,
  draftEntrySchema,
  type EntryKind,
  type RuleDraft,
} from '@relecture/shared/routing/drafts.js';
import {
  correctableFields,
  networkRuleSchema,
  outsideRuleSchema,
  type Conditions as When,
} from '@relecture/shared/routing/schema.js';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { removeEntry, writeEntry } from '../api/rules';
import { FormError } from '../ui/FormError';
import { tellDone } from '../ui/tell';
import { Conditions } from './Conditions';

/** Everything that some kind of entry has: each kind takes its own. */
interface Typed {
  id: string;
  name: string;
  morphology: string;
  effect: string;
  fields: string[];
  words: string[];
  sites: string[];
  ranges: string[];
  when: When;
  because: { fr: string; en: string };
  names: { fr: string; en: string };
  source: string;
  confidence: string;
}
const EMPTY: Typed = {
  id: '',
  name: '',
  morphology: '',
  effect: 'exclude',
  fields: [],
  words: [],
  sites: [],
  ranges: [],
  when: {},
  because: { fr: '', en: '' },
  names: { fr: '', en: '' },
  source: '',
  confidence: 'medium',
};

const FIELDS: Record<EntryKind, readonly (keyof Typed)[]> = {
  outside: ['id', 'effect', 'when', 'because', 'source', 'confidence'],
  contradiction: ['id', 'fields', 'when', 'because', 'source', 'confidence'],
  words: ['morphology', 'words'],
  suspicion: ['morphology', 'sites', 'because'],
  siteGroup: ['name', 'names', 'ranges'],
  morphologyGroup: ['name', 'names', 'ranges'],
};
/** By which it is known: never changed. */
const KEYS: ReadonlySet<keyof Typed> = new Set(['id', 'name', 'morphology']);
const LABELS = { ranges: 'ranges', sites: 'sites', words: 'words' } as const;

interface EntryFormProps {
  draft: RuleDraft;
  kind: EntryKind;
  entry: RuleDraft['entries'][number] | null;
  onChange: (draft: RuleDraft) => void;
}

/** One entry of the rule set, in fields. */
export function EntryForm({ draft, kind, entry, onChange }: EntryFormProps) {
  const { t } = useTranslation('admin');
  const [typed, setTyped] = useState<Typed>(() => ({ ...EMPTY, ...(entry?.what.entry as Partial<Typed>) }));
  const set = (part: Partial<Typed>) => setTyped((before) => ({ ...before, ...part }));
  const parsed = draftEntrySchema.safeParse({
    kind,
    entry: Object.fromEntries(FIELDS[kind].map((name) => [name, typed[name]])),
  });
  const wrong = new Set(parsed.error?.issues.flatMap(({ path }) => path.map(String)));
  const save = useMutation({
    mutationFn: (what: DraftEntry) => writeEntry(draft.id, draft.revision, what),
    onSuccess: (next) => {
      tellDone(t('rules.entrySaved'));
      onChange(next);
    },
  });
  const remove = useMutation({
    mutationFn: (key: string) => removeEntry(draft.id, draft.revision, kind, key),
    onSuccess: (next) => {
      tellDone(t('rules.entryRemoved'));
      onChange(next);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (parsed.success) save.mutate(parsed.data);
  };
  const field = (name: keyof Typed) => {
    switch (name) {
      case 'id':
      case 'name':
      case 'morphology':
      case 'source':
        return (
          <TextInput
            key={name}
            label={t(`rules.fields.${name}`)}
            value={typed[name]}
            onChange={(event) => set({ [name]: event.currentTarget.value })}
            readOnly={entry !== null && KEYS.has(name)}
            error={typed[name] !== '' && wrong.has(name)}
            required
          />
        );
      case 'words':
      case 'sites':
      case 'ranges':
        return (
          <TagsInput
            key={name}
            label={t(`rules.fields.${LABELS[name]}`)}
            value={typed[name]}
            onChange={(value) => set({ [name]: value })}
            error={typed[name].length > 0 && wrong.has(name)}
          />
        );
      case 'effect':
        return (
          <Select
            key={name}
            label={t('rules.fields.effect')}
            data={outsideRuleSchema.shape.effect.options.map((value) => ({
              value,
              label: t(`rules.effects.${value}`),
            }))}
            value={typed.effect}
            onChange={(value) => set({ effect: value ?? 'exclude' })}
            allowDeselect={false}
          />
        );
      case 'confidence':
        return (
          <Select
            key={name}
            label={t('rules.fields.confidence')}
            data={networkRuleSchema.shape.confidence.options.map((value) => ({
              value,
              label: t(`rules.confidences.${value}`),
            }))}
            value={typed.confidence}
            onChange={(value) => set({ confidence: value ?? 'medium' })}
            allowDeselect={false}
          />
        );
      case 'fields':
        return (
          <Checkbox.Group
            key={name}
            label={t('rules.fields.fieldsToCorrect')}
            value={typed.fields}
            onChange={(fields) => set({ fields })}
          >
            <Group gap="md" mt={4}>
              {correctableFields.map((value) => (
                <Checkbox key={value} value={value} label={t(`rules.correctable.${value}`)} />
              ))}
            </Group>
          </Checkbox.Group>
        );
      case 'when':
        return (
          <Conditions
            key={name}
            draft={draft}
            when={typed.when}
            onChange={(when) => set({ when })}
            wrong={wrong}
          />
        );
      case 'because':
      case 'names':
        return (['fr', 'en'] as const).map((language) => (
          <Textarea
            key={`${name} ${language}`}
            label={t(name === 'names' ? `rules.fields.${language}_name` : `rules.fields.${language}`)}
            lang={language}
            autosize
            value={typed[name][language]}
            onChange={(event) => set({ [name]: { ...typed[name], [language]: event.currentTarget.value } })}
            required
          />
        ));
    }
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {FIELDS[kind].map(field)}
        <FormError error={save.error ?? remove.error} />
        <Group justify="space-between">
          {entry ? (
            <Button variant="default" loading={remove.isPending} onClick={() => remove.mutate(entry.key)}>
              {t('rules.removeEntry')}
            </Button>
          ) : (
            <span />
          )}
          <Button type="submit" disabled={!parsed.success} loading={save.isPending}>
            {t('rules.saveEntry')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
