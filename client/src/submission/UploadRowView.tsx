import { ActionIcon, Button, Group, Progress, Text, TextInput } from '@mantine/core';
import { IconFile, IconPlayerPause, IconPlayerPlay, IconRefresh, IconTrash } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ConfirmAction } from '../ui/ConfirmAction';
import { wordSeconds } from '../ui/duration';
import { formatBytes } from '../ui/format';
import { wordProblem } from '../ui/problem-words';
import { tellProblem } from '../ui/tell';
import { RefusalWords } from './RefusalWords';
import { isPdfRefusal } from './refuse-early';
import classes from './Slides.module.css';
import { StainField } from './StainField';
import { type UploadRow, uploads } from './upload-queue';

/** From here on taking an upload away asks once: it cannot be had back but by sending it again. */
const ASK_FROM = 20_000_000;

interface UploadRowViewProps {
  row: UploadRow;
  onAttach: () => void;
  onChanged: () => void;
}

/** A file on its way from this computer. */
export function UploadRowView({ row, onAttach, onChanged }: UploadRowViewProps) {
  const { t } = useTranslation('submission');
  const save = () => void uploads.saveWords(row.key).catch(tellProblem);
  const [asking, setAsking] = useState(false);
  const cancel = () => uploads.cancel(row.key).finally(onChanged);
  // Little is lost with what has hardly begun, nothing with what was refused.
  const worthAsking = row.state === 'sent' || (row.state !== 'refused' && row.sent > ASK_FROM);
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
            {row.state === 'retrying' && row.nextTryAt !== null ? (
              <NextTry at={row.nextTryAt} onNow={() => void uploads.retryNow(row.key).catch(tellProblem)} />
            ) : null}
            <div className={classes.words}>
              <StainField
                label={t('slides.stain')}
                value={row.stain}
                onChange={(stain) => uploads.describe(row.key, { stain })}
                onSettle={(stain) => {
                  uploads.describe(row.key, { stain });
                  save();
                }}
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
          aria-label={t(row.state === 'refused' ? 'slides.removeFile' : 'slides.cancel', {
            name: row.fileName,
          })}
          onClick={() => (worthAsking ? setAsking(true) : void cancel().catch(tellProblem))}
        >
          <IconTrash size={18} aria-hidden />
        </ActionIcon>
      </Group>
      <ConfirmAction
        opened={asking}
        onClose={() => setAsking(false)}
        title={t('slides.removeTitle')}
        verb={t('slides.removeVerb')}
        danger
        onConfirm={cancel}
      >
        {t('slides.removeAbout', { name: row.fileName, size: formatBytes(row.sent) })}
      </ConfirmAction>
    </div>
  );
}

/** The wait grows from try to try: nobody has to sit it out. */
function NextTry({ at, onNow }: { at: number; onNow: () => void }) {
  const { t } = useTranslation('submission');
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const clock = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(clock);
  }, []);
  const seconds = Math.max(0, Math.ceil((at - now) / 1000));
  return (
    <Group gap="xs">
      <Text size="sm" c="dimmed">
        {seconds > 0 ? t('slides.nextTry', { time: wordSeconds(seconds) }) : t('slides.trying')}
      </Text>
      <Button size="compact-sm" variant="default" onClick={onNow}>
        {t('slides.tryNow')}
      </Button>
    </Group>
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
