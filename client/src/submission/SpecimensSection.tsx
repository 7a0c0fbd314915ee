import { ActionIcon, Button, Group, Select, Stack, Text, TextInput, Title } from '@mantine/core';
import {
  type AncillaryTest,
  ancillaryTest,
  CASE_LIMITS,
  fixative,
  type Specimen,
  sampleType,
} from '@relecture/shared/cases/schema.js';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { DateField } from '../ui/DateField';
import { IcdoSearch } from '../ui/IcdoSearch';
import classes from './CaseForm.module.css';
import { ClashAt } from './Clashes';
import { deriveContexts } from './contexts';
import { datesBeside } from './date-words';
import { Section, type SectionProps } from './Section';
import { StainField } from './StainField';
import { USUAL_STAINS } from './stains';

const newId = () => crypto.getRandomValues(new Uint32Array(2)).join('-');

const emptySpecimen = (): Specimen => ({
  id: newId(),
  site: null,
  label: '',
  sampleType: null,
  sampledOn: null,
  fixative: null,
  frozenTissueKept: null,
});

export function SpecimensSection({ content, change }: SectionProps) {
  const { t } = useTranslation('submission');
  // The first specimen is always there to be filled: nobody has to ask for it.
  const specimens = content.specimens.length > 0 ? content.specimens : [firstSpecimen];
  const setSpecimens = (list: Specimen[]) =>
    change({ specimens: list, contexts: deriveContexts({ ...content, specimens: list }) });
  const wordTest = (value: string) => {
    const { kind, result } = ancillaryTest.shape;
    const known = kind.safeParse(value);
    if (known.success) return t(`tests.kinds.${known.data}`);
    const found = result.safeParse(value);
    return found.success ? t(`tests.results.${found.data}`) : value;
  };
  const setTests = (list: AncillaryTest[]) => change({ ancillaryTests: list });

  return (
    <Section id="specimens" title={t('specimens.title')}>
      <Stack gap="sm">
        {specimens.map((specimen, index) => (
          <SpecimenRow
            key={specimen.id}
            specimen={specimen}
            index={index}
            dates={datesBeside(content, 'sample', index)}
            alone={specimens.length === 1}
            onChange={(part) =>
              setSpecimens(specimens.map((item) => (item.id === specimen.id ? { ...item, ...part } : item)))
            }
            onRemove={() => setSpecimens(specimens.filter((item) => item.id !== specimen.id))}
          />
        ))}
        <ClashAt at="specimens" whole />
        {specimens.length < CASE_LIMITS.specimens ? (
          <Button
            variant="default"
            leftSection={<IconPlus size={16} aria-hidden />}
            style={{ alignSelf: 'flex-start' }}
            onClick={() => setSpecimens([...specimens, emptySpecimen()])}
          >
            {t('specimens.add')}
          </Button>
        ) : null}
        <div className={classes.fields}>
          <div style={{ gridColumn: '1 / -1' }} data-field="primary-site">
            <IcdoSearch
              kind="topography"
              label={t('specimens.primarySite')}
              description={t('specimens.primarySiteAbout')}
              required
              line="primary_site"
              value={content.primarySite}
              onChange={(code) => change({ primarySite: code })}
            />
            <ClashAt at="primarySite" />
            {content.primarySite === null && specimens[0]?.site ? (
              <Button
                variant="subtle"
                size="compact-sm"
                mt={4}
                onClick={() => change({ primarySite: specimens[0]?.site ?? null })}
              >
                {t('specimens.sameSite')}
              </Button>
            ) : null}
          </div>
        </div>
        <div>
          <Title order={3}>{t('tests.title')}</Title>
          <Text size="sm" c="dimmed" mb={8}>
            {t('tests.about')}
          </Text>
          <ClashAt at="ancillaryTests" word={wordTest} />
          <Stack gap={8}>
            {content.ancillaryTests.map((test) => (
              <TestRow
                key={test.id}
                test={test}
                onChange={(part) =>
                  setTests(
                    content.ancillaryTests.map((item) => (item.id === test.id ? { ...item, ...part } : item)),
                  )
                }
                onRemove={() => setTests(content.ancillaryTests.filter((item) => item.id !== test.id))}
              />
            ))}
            {content.ancillaryTests.length < CASE_LIMITS.stains ? (
              <Button
                variant="default"
                leftSection={<IconPlus size={16} aria-hidden />}
                style={{ alignSelf: 'flex-start' }}
                onClick={() =>
                  setTests([
                    ...content.ancillaryTests,
                    { id: newId(), kind: 'immunohistochemistry', name: '', result: 'positive', detail: '' },
                  ])
                }
              >
                {t('tests.add')}
              </Button>
            ) : null}
          </Stack>
        </div>
      </Stack>
    </Section>
  );
}

const firstSpecimen: Specimen = { ...emptySpecimen(), id: 'first' };

interface SpecimenRowProps {
  specimen: Specimen;
  index: number;
  dates: ReturnType<typeof datesBeside>;
  alone: boolean;
  onChange: (part: Partial<Specimen>) => void;
  onRemove: () => void;
}

function SpecimenRow({ specimen, index, dates, alone, onChange, onRemove }: SpecimenRowProps) {
  const { t } = useTranslation('submission');
  const wordCode = (value: string) => {
    const type = sampleType.safeParse(value);
    if (type.success) return t(`specimens.types.${type.data}`);
    const fixed = fixative.safeParse(value);
    return fixed.success ? t(`specimens.fixatives.${fixed.data}`) : value;
  };
  return (
    <fieldset className={classes.row}>
      <legend className="heard-only">{t('specimens.one', { number: index + 1 })}</legend>
      {alone ? null : (
        <Group justify="space-between" mb={6}>
          <Text fw={600}>{t('specimens.one', { number: index + 1 })}</Text>
          <ActionIcon aria-label={t('specimens.remove', { number: index + 1 })} onClick={onRemove}>
            <IconTrash size={18} aria-hidden />
          </ActionIcon>
        </Group>
      )}
      <div className={classes.fields}>
        <div className={classes.wide}>
          <IcdoSearch
            kind="topography"
            label={t('specimens.site')}
            required
            line="specimen"
            value={specimen.site}
            onChange={(site) => onChange({ site })}
          />
        </div>
        <Select
          label={t('specimens.type')}
          required
          searchable
          data={sampleType.options.map((value) => ({ value, label: t(`specimens.types.${value}`) }))}
          value={specimen.sampleType}
          onChange={(value) => onChange({ sampleType: sampleType.nullable().parse(value) })}
        />
        <DateField
          label={t('specimens.sampledOn')}
          required
          pastOnly
          {...dates}
          value={specimen.sampledOn}
          onChange={(sampledOn) => onChange({ sampledOn })}
        />
        <Select
          label={t('specimens.fixative')}
          data={fixative.options.map((value) => ({ value, label: t(`specimens.fixatives.${value}`) }))}
          value={specimen.fixative}
          onChange={(value) => onChange({ fixative: fixative.nullable().parse(value) })}
        />
        <Select
          label={t('specimens.frozen')}
          data={(['yes', 'no', 'unknown'] as const).map((value) => ({
            value,
            label: t(`specimens.frozenKept.${value}`),
          }))}
          value={specimen.frozenTissueKept === null ? 'unknown' : specimen.frozenTissueKept ? 'yes' : 'no'}
          allowDeselect={false}
          onChange={(value) => onChange({ frozenTissueKept: value === 'unknown' ? null : value === 'yes' })}
        />
        <TextInput
          label={t('specimens.label')}
          placeholder="26H04512-A"
          maxLength={CASE_LIMITS.shortText}
          value={specimen.label}
          onChange={(event) => onChange({ label: event.currentTarget.value })}
        />
        <div className={classes.wide}>
          <ClashAt at={`specimens.${specimen.id}`} word={wordCode} />
        </div>
      </div>
    </fieldset>
  );
}

interface TestRowProps {
  test: AncillaryTest;
  onChange: (part: Partial<AncillaryTest>) => void;
  onRemove: () => void;
}

function TestRow({ test, onChange, onRemove }: TestRowProps) {
  const { t } = useTranslation('submission');
  const { kind, result } = ancillaryTest.shape;
  return (
    <div className={classes.test}>
      <Select
        aria-label={t('tests.kind')}
        allowDeselect={false}
        data={kind.options.map((value) => ({ value, label: t(`tests.kinds.${value}`) }))}
        value={test.kind}
        onChange={(value) => onChange({ kind: kind.parse(value) })}
      />
      <StainField
        label={t('tests.name')}
        value={test.name}
        suggestions={test.kind === 'molecular' ? [] : USUAL_STAINS}
        onChange={(name) => onChange({ name })}
      />
      <Select
        aria-label={t('tests.result')}
        allowDeselect={false}
        data={result.options.map((value) => ({ value, label: t(`tests.results.${value}`) }))}
        value={test.result}
        onChange={(value) => onChange({ result: result.parse(value) })}
      />
      <TextInput
        aria-label={t('tests.detail')}
        placeholder={t('tests.detail')}
        maxLength={CASE_LIMITS.shortText}
        value={test.detail}
        onChange={(event) => onChange({ detail: event.currentTarget.value })}
      />
      <ActionIcon size={36} aria-label={t('tests.remove', { name: test.name })} onClick={onRemove}>
        <IconTrash size={18} aria-hidden />
      </ActionIcon>
    </div>
  );
}
