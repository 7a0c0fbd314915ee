import { Checkbox, Group, Radio, Stack, Textarea } from '@mantine/core';
import { type Concordance, concordance } from '@relecture/shared/reports/schema.js';
import { useTranslation } from 'react-i18next';

const AGREEMENTS = concordance.shape.agreement.unwrap().options;
const TYPES = concordance.shape.types.element.options;
const IMPACTS = concordance.shape.therapeuticImpact.unwrap().options;

interface ConcordanceFieldsProps {
  value: Concordance;
  onChange: (value: Concordance) => void;
  disabled?: boolean;
}

/** The four axes: agreement, what differs, what it changes for the treatment, and why. */
export function ConcordanceFields({ value, onChange, disabled }: ConcordanceFieldsProps) {
  const { t } = useTranslation('report');
  const differs = value.agreement === 'partial' || value.agreement === 'discordant';
  return (
    <Stack gap="sm">
      <Radio.Group
        label={t('agreement.label')}
        value={value.agreement ?? ''}
        onChange={(next) => {
          const agreement = AGREEMENTS.find((each) => each === next) ?? null;
          // Nothing differs in an agreement: a forgotten tick must not say otherwise.
          const keeps = agreement === 'partial' || agreement === 'discordant';
          onChange({ ...value, agreement, types: keeps ? value.types : [] });
        }}
      >
        <Group gap="sm" mt={4}>
          {AGREEMENTS.map((agreement) => (
            <Radio
              key={agreement}
              value={agreement}
              label={t(`agreement.${agreement}`)}
              disabled={disabled}
            />
          ))}
        </Group>
      </Radio.Group>
      {differs ? (
        <Checkbox.Group
          label={t('discordance.label')}
          value={value.types}
          onChange={(next) => onChange({ ...value, types: TYPES.filter((type) => next.includes(type)) })}
        >
          <Group gap="sm" mt={4}>
            {TYPES.map((type) => (
              <Checkbox key={type} value={type} label={t(`discordance.${type}`)} disabled={disabled} />
            ))}
          </Group>
        </Checkbox.Group>
      ) : null}
      <Radio.Group
        label={t('impact.label')}
        value={value.therapeuticImpact ?? ''}
        onChange={(next) =>
          onChange({ ...value, therapeuticImpact: IMPACTS.find((each) => each === next) ?? null })
        }
      >
        <Group gap="sm" mt={4}>
          {IMPACTS.map((impact) => (
            <Radio key={impact} value={impact} label={t(`impact.${impact}`)} disabled={disabled} />
          ))}
        </Group>
      </Radio.Group>
      <Textarea
        label={t('field.concordanceComment')}
        autosize
        minRows={1}
        value={value.comment}
        disabled={disabled}
        onChange={(event) => onChange({ ...value, comment: event.currentTarget.value })}
      />
    </Stack>
  );
}
