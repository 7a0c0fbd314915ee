import { Button, Group, NumberInput, Radio, Stack, Text } from '@mantine/core';
import { type Organisation, type SlideRules, slideRules } from '@relecture/shared/users/schema.js';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { changeSlideRules } from '../api/admin';
import { keys } from '../api/keys';
import { FormError } from '../ui/FormError';
import { formatBytes } from '../ui/format';
import { tellDone } from '../ui/tell';

const GIGABYTE = 1_000_000_000;

interface SlideRulesFormProps {
  organisation: Organisation;
  usedBytes: number;
  onClose: () => void;
}

/** What a house decides on its slides: label images, space, and how long they are kept. */
export function SlideRulesForm({ organisation, usedBytes, onClose }: SlideRulesFormProps) {
  const { t } = useTranslation('admin');
  const { t: ui } = useTranslation('ui');
  const client = useQueryClient();
  const before = organisation.slideRules;
  const [labels, setLabels] = useState<SlideRules['labels']>(before.labels);
  const [gigabytes, setGigabytes] = useState<number | string>(
    before.quotaBytes === null ? '' : before.quotaBytes / GIGABYTE,
  );
  const [months, setMonths] = useState<number | string>(before.retentionMonths ?? '');
  const parsed = slideRules.safeParse({
    labels,
    quotaBytes: gigabytes === '' ? null : Math.round(Number(gigabytes) * GIGABYTE),
    retentionMonths: months === '' ? null : Number(months),
  });
  const save = useMutation({
    mutationFn: (rules: SlideRules) => changeSlideRules(organisation.id, rules),
    onSuccess: async ({ name }) => {
      await client.invalidateQueries({ queryKey: keys.admin.organisations });
      tellDone(t('slideRules.saved', { name }));
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (parsed.success) save.mutate(parsed.data);
  };
  const destroysMore =
    (labels === 'destroy_after_sign_out' && before.labels === 'keep') ||
    (months !== '' && (before.retentionMonths === null || Number(months) < before.retentionMonths));
  const isFull = parsed.success && parsed.data.quotaBytes !== null && parsed.data.quotaBytes < usedBytes;
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Radio.Group
          label={t('slideRules.labels')}
          description={t('slideRules.labelsAbout')}
          value={labels}
          onChange={(value) => setLabels(slideRules.shape.labels.parse(value))}
        >
          <Stack gap={6} mt={8}>
            <Radio value="keep" label={t('slideRules.keep')} />
            <Radio value="destroy_after_sign_out" label={t('slideRules.destroy')} />
          </Stack>
        </Radio.Group>
        <NumberInput
          label={t('slideRules.quota')}
          description={t('slideRules.quotaAbout', { used: formatBytes(usedBytes) })}
          placeholder={t('slideRules.noQuota')}
          min={0.001}
          max={1_000_000}
          decimalScale={3}
          decimalSeparator={ui('decimal')}
          allowedDecimalSeparators={[',', '.']}
          allowNegative={false}
          hideControls
          value={gigabytes}
          onChange={setGigabytes}
        />
        {isFull ? (
          <Text size="sm" c="var(--tone-amber)" role="status">
            {t('slideRules.full')}
          </Text>
        ) : null}
        <NumberInput
          label={t('slideRules.retention')}
          description={t('slideRules.retentionAbout')}
          placeholder={t('slideRules.never')}
          min={1}
          max={1200}
          allowDecimal={false}
          allowNegative={false}
          hideControls
          value={months}
          onChange={setMonths}
        />
        {destroysMore ? (
          <Text size="sm" c="var(--tone-amber)" role="status">
            {t('slideRules.warning')}
          </Text>
        ) : null}
        <FormError error={save.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {ui('cancel')}
          </Button>
          <Button type="submit" disabled={!parsed.success} loading={save.isPending}>
            {t('slideRules.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
