import { Anchor, Group, Text, Title } from '@mantine/core';
import { checkCompleteness } from '@relecture/shared/cases/completeness.js';
import type { CasePage } from '@relecture/shared/cases/page.js';
import { useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Notice } from '../ui/Notice';
import { today } from '../ui/typed-date';
import { AttachmentsPart } from './AttachmentsPart';
import classes from './CaseForm.module.css';
import { Checklist } from './Checklist';
import { ClashesContext } from './Clashes';
import { DiagnosisSection } from './DiagnosisSection';
import type { Draft, DraftState } from './draft';
import { FieldsToCorrect } from './FieldsToCorrect';
import { MaterialSection } from './MaterialSection';
import { PatientSection } from './PatientSection';
import { QuestionSection } from './QuestionSection';
import { RoutingPanel } from './RoutingPanel';
import { SendBar } from './SendBar';
import { SpecimensSection } from './SpecimensSection';
import { tallySlides, wordTally } from './tally';
import { uploads } from './upload-queue';

interface CaseFormBodyProps {
  draft: Draft;
  state: DraftState;
  page: CasePage | null;
}

/** One page, five sections; the checklist and the proposed network stand at its side. */
export function CaseFormBody({ draft, state, page }: CaseFormBodyProps) {
  const { t } = useTranslation('submission');
  const { content, caseId } = state;
  const [networkIds, setNetworkIds] = useState<string[]>([]);
  const rows = useSyncExternalStore(uploads.subscribe, uploads.read);
  const onTheWay = rows.filter(
    (row) => row.caseId === caseId && row.slideId === null && !['refused', 'failed'].includes(row.state),
  ).length;
  const slides = page?.slides.filter((slide) => !['rejected', 'removed'].includes(slide.state)) ?? [];
  const lines = checkCompleteness(content, {
    slideCount: slides.length + onTheWay,
    shipmentCount: page?.shipments.length ?? 0,
    today: today(),
    hasLocalReport: page?.attachments.some((attachment) => attachment.kind === 'local_report') ?? false,
  });
  // Nobody has to give a reason for a wish they did not make, nor the date of a diagnosis that is not made.
  const checklist = lines.filter(
    (line) =>
      (line.code !== 'expert_wish_reason' || content.wishedExpert !== null) &&
      (line.code !== 'first_diagnosis_date' || content.firstDiagnosis?.formal !== false),
  );
  const part = { content, change: draft.change };

  return (
    <ClashesContext value={{ clashes: state.clashes, settle: draft.settle }}>
      <div className={classes.page}>
        <Group justify="space-between" align="flex-end" className={classes.top}>
          <div>
            <Text size="sm" c="dimmed">
              <Anchor component={Link} to="/cases">
                {t('backToCases')}
              </Anchor>
              {page ? ` · ${page.number}` : ''}
            </Text>
            <Title order={1}>{page ? t('editTitle') : t('title')}</Title>
          </div>
        </Group>
        {state.merged ? (
          <div style={{ marginBottom: 16 }}>
            <Notice tone="blue">{t('saving.merged')}</Notice>
          </div>
        ) : null}
        {page?.status === 'to_correct' && page.routing ? (
          <div style={{ marginBottom: 16 }}>
            <Notice tone="amber" title={t('toCorrect')}>
              <FieldsToCorrect fields={page.routing.fieldsToCorrect} />
            </Notice>
          </div>
        ) : null}
        <div className={classes.columns}>
          <form className={classes.sections} onSubmit={(event) => event.preventDefault()} noValidate>
            <PatientSection {...part} caseId={caseId} />
            <SpecimensSection {...part} />
            <DiagnosisSection {...part}>
              <AttachmentsPart draft={draft} page={page} />
            </DiagnosisSection>
            <QuestionSection {...part} networkIds={networkIds} />
            <MaterialSection {...part} draft={draft} page={page} />
            <SendBar draft={draft} state={state} page={page} checklist={checklist} />
          </form>
          <aside className={classes.side} aria-label={t('side')}>
            <Checklist
              lines={checklist}
              slides={
                content.materialBy === 'slides'
                  ? wordTally(
                      tallySlides(
                        page?.slides ?? [],
                        rows.filter((row) => row.caseId === caseId),
                      ),
                      t,
                    )
                  : ''
              }
            />
            <RoutingPanel {...part} onNetworks={setNetworkIds} />
          </aside>
        </div>
      </div>
    </ClashesContext>
  );
}
