import { Button, Group, Modal, PasswordInput, Stack, Text, Textarea } from '@mantine/core';
import type { CasePage } from '@relecture/shared/cases/page.js';
import { findReportGaps } from '@relecture/shared/reports/completeness.js';
import type { Report } from '@relecture/shared/reports/schema.js';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keys } from '../api/keys';
import { amendReport } from '../api/reports';
import { FormError } from '../ui/FormError';
import { tellDone } from '../ui/tell';
import { Gaps } from './Gaps';
import { ReportForm } from './ReportForm';

interface AmendFormProps {
  caseRecord: CasePage;
  kind: 'addendum' | 'correction';
  /** The version it follows. */
  report: Report;
  reports: readonly Report[];
  onClose: () => void;
}

/** A signed report is never edited: an addendum adds to it, a correction replaces what it says and why. */
export function AmendForm({ kind, report, reports, caseRecord, onClose }: AmendFormProps) {
  const { t } = useTranslation(['report', 'ui']);
  const { t: app } = useTranslation('app');
  const client = useQueryClient();
  const standing = reports.find((each) => each.kind !== 'addendum') ?? report;
  const [text, setText] = useState('');
  const [content, setContent] = useState(standing.content);
  const [password, setPassword] = useState('');
  const gaps = kind === 'correction' ? findReportGaps(content, 'correction', 0) : [];
  const amend = useMutation({
    mutationFn: () =>
      amendReport(report.id, {
        kind,
        password,
        text: text.trim(),
        ...(kind === 'correction' ? { content } : {}),
      }),
    onSuccess: async () => {
      tellDone(t(`amend.done.${kind}`));
      await Promise.all([
        client.invalidateQueries({ queryKey: keys.reviews.one(report.reviewId) }),
        client.invalidateQueries({ queryKey: keys.cases.one(report.caseId) }),
      ]);
      onClose();
    },
  });
  /** A double click comes before the button can be drawn disabled: one signature at a time. */
  const signing = useRef(false);
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={t(`kind.${kind}`)}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': t('ui:close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (signing.current) return;
          signing.current = true;
          amend.mutate(undefined, {
            onSettled: () => {
              signing.current = false;
            },
          });
        }}
      >
        <Stack>
          <Text c="dimmed">{t(`amend.explain.${kind}`)}</Text>
          <Textarea
            label={t(`amend.text.${kind}`)}
            required
            autosize
            minRows={3}
            data-autofocus
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          {kind === 'correction' ? (
            <>
              <ReportForm content={content} onChange={(part) => setContent({ ...content, ...part })} />
              <Gaps gaps={gaps} unread={0} content={content} caseRecord={caseRecord} />
            </>
          ) : null}
          <PasswordInput
            label={t('signature.password')}
            description={t('signature.passwordHint')}
            required
            autoComplete="current-password"
            visibilityToggleButtonProps={{ 'aria-label': app('signIn.showPassword') }}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <FormError error={amend.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('ui:cancel')}
            </Button>
            <Button
              type="submit"
              loading={amend.isPending}
              disabled={text.trim().length < 3 || password === '' || gaps.length > 0}
            >
              {t(`amend.sign.${kind}`)}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
