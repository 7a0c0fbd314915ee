import { Anchor, Button, Group, Text } from '@mantine/core';
import type { CasePage } from '@relecture/shared/cases/page.js';
import { CHECKLIST, type ChecklistLine } from '@relecture/shared/cases/schema.js';
import { IconSend } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { deleteDraft, submitCase } from '../api/cases';
import { forgetFiles } from '../api/file-names';
import { keys } from '../api/keys';
import { isProblem } from '../api/problem';
import { hasRole, useUser } from '../app/session';
import { ConfirmAction } from '../ui/ConfirmAction';
import { wordProblem } from '../ui/problem-words';
import classes from './CaseForm.module.css';
import { wordDateFinding } from './date-words';
import type { Draft, DraftState } from './draft';
import { goToLine } from './go-to-line';
import { SaveState } from './SaveState';
import { tallySlides, wordTally } from './tally';
import { uploads } from './upload-queue';

interface SendBarProps {
  draft: Draft;
  state: DraftState;
  page: CasePage | null;
  checklist: ChecklistLine[];
}

/** **Transmettre**, or what is missing; a preparer leaves it to the pathologist. */
export function SendBar({ draft, state, page, checklist }: SendBarProps) {
  const { t } = useTranslation('submission');
  const user = useUser();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asked, setAsked] = useState(false);
  const [askingUnready, setAskingUnready] = useState(false);
  const rows = useSyncExternalStore(uploads.subscribe, uploads.read).filter(
    (row) => row.caseId === state.caseId,
  );
  const tally = tallySlides(page?.slides ?? [], rows);
  const [deleting, setDeleting] = useState(false);
  const missing = checklist.filter((line) => !line.done);
  const maySend = hasRole(user, 'submitter');
  const send = useMutation({
    mutationFn: async () => {
      const caseId = await draft.ensureSaved();
      return await submitCase(caseId, draft.version);
    },
    onSuccess: (sent) => {
      forgetFiles(sent.id);
      client.setQueryData(keys.cases.one(sent.id), sent);
      void client.invalidateQueries({ queryKey: keys.cases.all });
      void navigate(`/cases/${sent.id}`, { state: { justSent: true } });
    },
  });

  const transmit = () => {
    setAsked(true);
    const [first] = missing;
    if (state.clashes.length > 0) goToClash();
    else if (first) goToLine(first);
    else if (tally.unfinished + tally.refused + tally.unnamed > 0) setAskingUnready(true);
    else send.mutate();
  };

  return (
    <div className={`sheet ${classes.send}`}>
      <Group justify="space-between" align="center">
        <div style={{ minWidth: 0, flex: '1 1 180px' }}>
          {missing.length > 0 ? (
            <Text size="sm" c={asked ? 'var(--tone-amber)' : 'dimmed'} role="status" data-testid="missing">
              {t(asked ? 'send.missingList' : 'send.missing', { count: missing.length })}
              {asked
                ? missing.map((line, index) => (
                    <span key={line.code}>
                      {index > 0 ? ', ' : ' '}
                      <Anchor component="button" type="button" inherit onClick={() => goToLine(line)}>
                        {t(`checklist.lines.${line.code}`)}
                      </Anchor>
                    </span>
                  ))
                : null}
            </Text>
          ) : (
            <Text size="sm" c="dimmed" role="status">
              {maySend ? t('send.ready') : t('send.readyForPathologist')}
            </Text>
          )}
          {tally.unnamed > 0 ? (
            <Text size="sm" c="var(--tone-amber)" data-testid="unnamed-slides">
              {t('send.unnamed', { count: tally.unnamed })}
            </Text>
          ) : null}
          <SaveState state={state} onRetry={() => void draft.flush().catch(() => undefined)} />
          {state.saving === 'failed' ? (
            <Text c="var(--tone-red)" size="sm">
              {t('saving.failedHere')}
            </Text>
          ) : null}
          {state.clashes.length > 0 ? (
            <Anchor component="button" type="button" size="sm" onClick={goToClash}>
              {t('clash.toSettle', { count: state.clashes.length })}
            </Anchor>
          ) : null}
          {send.isError ? (
            <Text role="alert" c="var(--tone-red)" size="sm">
              {wordProblem(send.error).title} {wordProblem(send.error).advice} {wordFields(send.error, t)}
            </Text>
          ) : null}
        </div>
        <Group gap="sm">
          {page?.permissions.includes('delete_draft') ? (
            <Button variant="subtle" color="gray" onClick={() => setDeleting(true)}>
              {t('send.delete')}
            </Button>
          ) : null}
          {maySend ? (
            <Button
              size="md"
              loading={send.isPending}
              variant={missing.length > 0 ? 'light' : 'filled'}
              leftSection={<IconSend size={18} aria-hidden />}
              onClick={transmit}
            >
              {t('send.send')}
            </Button>
          ) : null}
        </Group>
      </Group>
      <ConfirmAction
        opened={askingUnready}
        onClose={() => setAskingUnready(false)}
        title={t(tally.unfinished + tally.refused > 0 ? 'send.unreadyTitle' : 'send.unnamedTitle')}
        verb={t('send.unreadyVerb')}
        onConfirm={() => send.mutateAsync()}
      >
        <Text mb={6}>{t('send.unreadyNow', { tally: wordTally(tally, t) })}</Text>
        {tally.unfinished > 0 ? <Text mb={6}>{t('send.unreadyUnfinished')}</Text> : null}
        {tally.refused > 0 ? <Text mb={6}>{t('send.unreadyRefused')}</Text> : null}
        {tally.unnamed > 0 ? <Text>{t('send.unreadyUnnamed', { count: tally.unnamed })}</Text> : null}
      </ConfirmAction>
      <ConfirmAction
        opened={deleting}
        onClose={() => setDeleting(false)}
        title={t('send.deleteTitle')}
        verb={t('send.delete')}
        danger
        onConfirm={async () => {
          if (!state.caseId) return;
          await deleteDraft(state.caseId);
          forgetFiles(state.caseId);
          await client.invalidateQueries({ queryKey: keys.cases.all });
          void navigate('/cases');
        }}
      >
        {t('send.deleteAbout')}
      </ConfirmAction>
    </div>
  );
}

function goToClash() {
  const place = document.querySelector('[data-testid=clash]');
  place?.scrollIntoView({ block: 'center' });
  place?.querySelector('button')?.focus({ preventScroll: true });
}

type Translate = ReturnType<typeof useTranslation<'submission'>>['t'];

/** The fields the server names: lines of the checklist in words, or its own sentences. */
function wordFields(error: unknown, t: Translate): string {
  if (!isProblem(error)) return '';
  return error.fields
    .flatMap((field) => {
      const line = CHECKLIST.find((code) => code === field.code);
      if (line) return t(`checklist.lines.${line}`);
      return wordDateFinding(field.code) ?? (field.message.includes(' ') ? field.message : []);
    })
    .join(', ');
}
