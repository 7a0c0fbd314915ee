import { ActionIcon, Button, Group, Progress, Text, TextInput } from '@mantine/core';
import { IconFile, IconPlayerPause, IconPlayerPlay, IconRefresh, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { wordSeconds } from '../ui/duration';
import { formatBytes } from '../ui/format';
import { wordProblem } from '../ui/problem-words';
import { tellProblem } from '../ui/tell';
import { RefusalWords } from './RefusalWords';
import { isPdfRefusal } from './refuse-early';
import classes from './Slides.module.css';
import { StainField } from './StainField';
import { type UploadRow, uploads } from './upload-queue';

interface UploadRowViewProps {
  row: UploadRow;
  onAttach: () => void;
}

/** A file on its way from this computer. */
export function UploadRowView({ row, onAttach }: UploadRowViewProps) {
  const { t } = useTranslation('submission');
  const save = () => void uploads.saveWords(row.key).catch(tellProblem);
  const running = row.state === 'sending' || row.state === 'retrying';
  return (
    <div className={classes.row} data-testid="upload-row" data-state={row.state}>
      <div className={classes.thumb}>
        <IconFile size={22} stroke={1.4} aria-hidden />
      </div>
      <div style={{ minWidth: 0 }}>
        <Text truncate fw={500} title={row.fileName}>
          {row.fileName}
        </Text>
        {row.state === 'refused' ? (
          <>
            <RefusalWords refusal={row.refusal} />
            {isPdfRefusal(row.refusal) ? (
              <Button size="xs" mt={6} variant="light" onClick={onAttach}>
                {t('slides.attachInstead')}
              </Button>
            ) : null}
          </>
        ) : (
          <>
            <Progress
              value={row.bytes === 0 ? 0 : (100 * row.sent) / row.bytes}
              size="sm"
              my={4}
              color={row.state === 'paused' ? 'gray.5' : undefined}
              aria-label={t('slides.progressOf', { name: row.fileName })}
            />
            <Text size="sm" c={row.state === 'failed' ? 'var(--tone-red)' : 'dimmed'} role="status">
              {wordUpload(row, t)}
            </Text>
            <div className={classes.words}>
              <StainField
                label={t('slides.stain')}
                value={row.stain}
                onChange={(stain) => uploads.describe(row.key, { stain })}
                onBlur={save}
              />
              <TextInput
                aria-label={t('slides.block')}
                placeholder={t('slides.block')}
                maxLength={60}
                value={row.block}
                onChange={(event) => uploads.describe(row.key, { block: event.currentTarget.value })}
                onBlur={save}
              />
            </div>
          </>
        )}
      </div>
      <Group gap={2} wrap="nowrap">
        {running ? (
          <ActionIcon
            size={36}
            aria-label={t('slides.pause', { name: row.fileName })}
            onClick={() => uploads.pause(row.key)}
          >
            <IconPlayerPause size={18} aria-hidden />
          </ActionIcon>
        ) : null}
        {row.state === 'paused' ? (
          <ActionIcon
            size={36}
            aria-label={t('slides.resume', { name: row.fileName })}
            onClick={() => uploads.resume(row.key)}
          >
            <IconPlayerPlay size={18} aria-hidden />
          </ActionIcon>
        ) : null}
        {row.state === 'failed' ? (
          <ActionIcon
            size={36}
            aria-label={t('slides.retry', { name: row.fileName })}
            onClick={() => uploads.resume(row.key)}
          >
            <IconRefresh size={18} aria-hidden />
          </ActionIcon>
        ) : null}
        <ActionIcon
          size={36}
          aria-label={t('slides.cancel', { name: row.fileName })}
          onClick={() => void uploads.cancel(row.key).catch(tellProblem)}
        >
          <IconTrash size={18} aria-hidden />
        </ActionIcon>
      </Group>
    </div>
  );
}

type Translate = ReturnType<typeof useTranslation<'submission'>>['t'];

function wordUpload(row: UploadRow, t: Translate): string {
  const amount = t('slides.amount', { sent: formatBytes(row.sent), total: formatBytes(row.bytes) });
  switch (row.state) {
    case 'waiting':
      return `${t('slides.waiting')} · ${formatBytes(row.bytes)}`;
    case 'sending':
      return row.speed
        ? `${amount} · ${t('slides.left', { time: wordSeconds((row.bytes - row.sent) / row.speed) })}`
        : amount;
    case 'retrying':
      return `${amount} · ${t('slides.retrying')}`;
    case 'paused':
      return `${amount} · ${t('slides.paused')}`;
    case 'sent':
      return `${formatBytes(row.bytes)} · ${t('slides.checking')}`;
    case 'failed': {
      const words = wordProblem(row.problem);
      return `${amount} · ${words.title} ${words.advice}`;
    }
    case 'refused':
      return '';
  }
}
