import { ActionIcon, Anchor, Button, FileButton, Group, Select, Stack, Text } from '@mantine/core';
import type { CasePage } from '@relecture/shared/cases/page.js';
import { type Attachment, attachmentKind, CASE_LIMITS } from '@relecture/shared/cases/schema.js';
import { IconFileTypePdf, IconPaperclip, IconTrash } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { addAttachment, openAttachment, removeAttachment } from '../api/cases';
import { keys } from '../api/keys';
import { FormError } from '../ui/FormError';
import { formatBytes } from '../ui/format';
import { tellProblem } from '../ui/tell';
import type { Draft } from './draft';

interface AttachmentsPartProps {
  draft: Draft;
  page: CasePage | null;
}

/** The local report (required) and other documents: PDF, JPEG or PNG, checked by content on the server. */
export function AttachmentsPart({ draft, page }: AttachmentsPartProps) {
  const { t } = useTranslation('submission');
  const client = useQueryClient();
  const [kind, setKind] = useState<Attachment['kind']>('imaging');
  const add = useMutation({
    mutationFn: async ({ file, as }: { file: File; as: Attachment['kind'] }) => {
      const caseId = await draft.ensureSaved();
      await addAttachment(caseId, file, as);
      await client.invalidateQueries({ queryKey: keys.cases.one(caseId) });
    },
  });
  const remove = useMutation({
    mutationFn: async (attachmentId: string) => {
      if (!page) return;
      await removeAttachment(page.id, attachmentId);
      await client.invalidateQueries({ queryKey: keys.cases.one(page.id) });
    },
    onError: tellProblem,
  });
  const choose = (as: Attachment['kind']) => (file: File | null) => {
    if (file) add.mutate({ file, as });
  };
  const attachments = page?.attachments ?? [];
  // One came or went, whichever way: what was refused before is no longer what matters.
  const { reset } = add;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change of the list is the reason
  useEffect(reset, [attachments.length]);
  const hasReport = attachments.some((attachment) => attachment.kind === 'local_report');

  return (
    <div id="attachments">
      <Text fw={500} mb={4}>
        {t('attachments.title')}
      </Text>
      <Stack gap={6}>
        {attachments.map((attachment) => (
          <Group key={attachment.id} gap="sm" wrap="nowrap" data-testid="attachment-row">
            <IconFileTypePdf size={18} aria-hidden />
            <div style={{ minWidth: 0, flex: 1 }}>
              <Anchor
                component="button"
                type="button"
                ta="left"
                onClick={() =>
                  void openAttachment(page?.id ?? '', attachment.id, attachment.title).catch(tellProblem)
                }
              >
                {attachment.title}
              </Anchor>
              <Text size="sm" c="dimmed">
                {t(`attachments.kinds.${attachment.kind}`)} · {formatBytes(attachment.bytes)}
              </Text>
            </div>
            <ActionIcon
              aria-label={t('attachments.remove', { title: attachment.title })}
              onClick={() => remove.mutate(attachment.id)}
            >
              <IconTrash size={18} aria-hidden />
            </ActionIcon>
          </Group>
        ))}
        <Group gap="sm" align="flex-end">
          <FileButton
            accept="application/pdf,.pdf"
            onChange={choose('local_report')}
            inputProps={{
              'aria-label': t('attachments.addReport'),
              ...{ 'data-testid': 'local-report-input' },
            }}
          >
            {(props) => (
              <Button
                {...props}
                variant={hasReport ? 'default' : 'light'}
                data-line="local_report"
                loading={add.isPending && add.variables.as === 'local_report'}
                leftSection={<IconPaperclip size={16} aria-hidden />}
              >
                {t('attachments.addReport')}
              </Button>
            )}
          </FileButton>
          <Group gap={4} align="flex-end">
            <Select
              aria-label={t('attachments.kind')}
              w={210}
              allowDeselect={false}
              data={attachmentKind.options
                .filter((value) => value !== 'local_report')
                .map((value) => ({ value, label: t(`attachments.kinds.${value}`) }))}
              value={kind}
              onChange={(value) => setKind(attachmentKind.parse(value))}
            />
            <FileButton
              accept="application/pdf,image/jpeg,image/png"
              onChange={choose(kind)}
              inputProps={{
                'aria-label': t('attachments.addOther'),
                ...{ 'data-testid': 'attachment-input' },
              }}
            >
              {(props) => (
                <Button
                  {...props}
                  variant="default"
                  loading={add.isPending && add.variables.as !== 'local_report'}
                >
                  {t('attachments.addOther')}
                </Button>
              )}
            </FileButton>
          </Group>
        </Group>
        <Text size="sm" c="dimmed">
          {t('attachments.about', {
            size: formatBytes(Math.floor(CASE_LIMITS.attachmentBytes / 1024 ** 2) * 1e6),
          })}
        </Text>
        <FormError error={add.error} />
      </Stack>
    </div>
  );
}
