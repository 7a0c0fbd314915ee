import { Anchor, Text } from '@mantine/core';
import type { CasePage } from '@relecture/shared/cases/page.js';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { openAttachment } from '../api/cases';
import { isContextCode } from '../submission/contexts';
import { formatBytes, formatCalendarDate } from '../ui/format';
import { IcdoName } from '../ui/IcdoName';
import { tellProblem } from '../ui/tell';
import classes from './CaseScreen.module.css';
import { Panel } from './Panel';

/** What the sender said: question, context, specimens, tests and the first diagnosis. */
export function ClinicalPanel({ page }: { page: CasePage }) {
  const { t } = useTranslation('case');
  const { t: form } = useTranslation('submission');
  const { t: ui } = useTranslation('ui');
  const { content } = page;
  const diagnosis = content.firstDiagnosis;
  const contexts = content.contexts.filter(isContextCode).map((code) => form(`contexts.codes.${code}`));
  return (
    <Panel title={t('clinical.title')} testId="clinical-panel">
      <dl className={classes.facts}>
        <Fact label={t('clinical.intent')}>{content.intent ? ui(`intent.${content.intent}`) : null}</Fact>
        <Fact label={t('clinical.question')}>{content.question}</Fact>
        <Fact label={t('clinical.information')}>{content.clinicalInformation}</Fact>
        <Fact label={t('clinical.contexts')}>{contexts.join(', ')}</Fact>
        <Fact label={t('clinical.firstDiagnosis')}>
          {diagnosis ? (
            <>
              {diagnosis.text}
              {diagnosis.morphology ? (
                <span style={{ display: 'block' }}>
                  <IcdoName code={diagnosis.morphology} />
                </span>
              ) : null}
              {diagnosis.formal ? null : (
                <Text size="sm" c="dimmed">
                  {form('diagnosis.formalNo')}
                </Text>
              )}
              {diagnosis.date ? (
                <Text size="sm" c="dimmed">
                  {formatCalendarDate(diagnosis.date)}
                </Text>
              ) : null}
            </>
          ) : null}
        </Fact>
        <Fact label={t('clinical.specimens')}>
          {content.specimens.map((specimen) => (
            <span key={specimen.id} style={{ display: 'block' }}>
              {specimen.sampleType ? form(`specimens.types.${specimen.sampleType}`) : ''}
              {specimen.site ? (
                <>
                  {', '}
                  <IcdoName code={specimen.site} />
                </>
              ) : null}
              <Text span c="dimmed">
                {[
                  specimen.sampledOn ? formatCalendarDate(specimen.sampledOn) : null,
                  specimen.fixative ? form(`specimens.fixatives.${specimen.fixative}`) : null,
                  specimen.frozenTissueKept ? t('clinical.frozen') : null,
                  specimen.label || null,
                ]
                  .filter(Boolean)
                  .map((words) => ` · ${words}`)
                  .join('')}
              </Text>
            </span>
          ))}
        </Fact>
        <Fact label={t('clinical.tests')}>
          {content.ancillaryTests.map((test) => (
            <span key={test.id} style={{ display: 'block' }}>
              {t('clinical.test', { name: test.name, result: form(`tests.results.${test.result}`) })}
              {test.detail ? <Text span c="dimmed">{` · ${test.detail}`}</Text> : null}
            </span>
          ))}
        </Fact>
        <Fact label={t('clinical.prescriber')}>
          {[content.prescriber?.name, content.prescriber?.speciality].filter(Boolean).join(', ')}
        </Fact>
        <Fact label={t('clinical.tumourBoard')}>
          {content.tumourBoardOn ? formatCalendarDate(content.tumourBoardOn) : null}
        </Fact>
        <Fact label={t('clinical.attachments')}>
          {page.attachments.map((attachment) => (
            <span key={attachment.id} style={{ display: 'block' }}>
              <Anchor
                component="button"
                type="button"
                ta="left"
                onClick={() =>
                  void openAttachment(page.id, attachment.id, attachment.title).catch(tellProblem)
                }
              >
                {attachment.title}
              </Anchor>
              <Text span c="dimmed">
                {` · ${form(`attachments.kinds.${attachment.kind}`)} · ${formatBytes(attachment.bytes)}`}
              </Text>
            </span>
          ))}
        </Fact>
      </dl>
    </Panel>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  const empty = children === null || children === '' || (Array.isArray(children) && children.length === 0);
  if (empty) return null;
  return (
    <>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </>
  );
}
