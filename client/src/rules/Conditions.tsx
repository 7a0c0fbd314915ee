import { Checkbox, Group, MultiSelect, NumberInput, Select, TagsInput } from '@mantine/core';
import { wordContexts } from '@relecture/shared/routing/context-words.js';
import type { RuleDraft } from '@relecture/shared/routing/drafts.js';
import { diagnosisOriginSchema, type Conditions as When } from '@relecture/shared/routing/schema.js';
import { useTranslation } from 'react-i18next';
import { currentLanguage } from '../i18n';

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
const BEHAVIOURS = ['0', '1', '2', '3', '6', '9'] as const;

interface ConditionsProps {
  draft: RuleDraft;
  when: When;
  onChange: (when: When) => void;
  /** Fields that cannot hold as they are. */
  wrong: ReadonlySet<string>;
}

/** When a rule speaks: every condition there is must hold; in one list, one is enough. */
export function Conditions({ draft, when, onChange, wrong }: ConditionsProps) {
  const { t } = useTranslation('admin');
  /** A condition that says nothing is left out. */
  const set = (name: keyof When, value: unknown) => {
    const { [name]: _former, ...others } = when;
    const says = Array.isArray(value) ? value.length > 0 : value !== null && value !== '';
    onChange(says ? { ...others, [name]: value } : others);
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
    <>
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
      <Group grow align="flex-end">
        <MultiSelect
          label={t('rules.fields.behaviours')}
          data={BEHAVIOURS.map((value) => ({ value, label: t(`rules.behaviours.${value}`) }))}
          value={(when.behaviours ?? []).map(String)}
          onChange={(values) => set('behaviours', values.map(Number))}
        />
        <Select
          label={t('rules.fields.doubt')}
          data={(['true', 'false'] as const).map((value) => ({ value, label: t(`rules.doubts.${value}`) }))}
          value={when.doubt === undefined ? null : String(when.doubt)}
          onChange={(value) => set('doubt', value === null ? null : value === 'true')}
          clearable
        />
      </Group>
      <Checkbox.Group
        label={t('rules.fields.origins')}
        value={when.origins ?? []}
        onChange={(values) => set('origins', values)}
      >
        <Group gap="md" mt={4}>
          {diagnosisOriginSchema.options.map((value) => (
            <Checkbox key={value} value={value} label={t(`rules.origins.${value}`)} />
          ))}
        </Group>
      </Checkbox.Group>
    </>
  );
}
