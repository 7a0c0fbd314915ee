import { Anchor, Button, Divider, Stack, Text, Title } from '@mantine/core';
import type { Point } from '@relecture/shared/annotations/geometry.js';
import type { CasePage } from '@relecture/shared/cases/page.js';
import type { Review } from '@relecture/shared/reviews/schema.js';
import { wordContexts } from '@relecture/shared/routing/context-words.js';
import type { Slide } from '@relecture/shared/slides/schema.js';
import { IconPaperclip } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { openAttachment } from '../../api/cases';
import { FirstDiagnosis } from '../../report/FirstDiagnosis';
import { formatBytes, formatCalendarDate } from '../../ui/format';
import { IcdoName } from '../../ui/IcdoName';
import { SlideWarnings } from '../../ui/SlideWarnings';
import { tellProblem } from '../../ui/tell';
import classes from '../ReadingRoom.module.css';
import type { SlideView } from '../slide/slide-view';
import { MaterialForm } from './MaterialForm';
import { MaterialRequests } from './MaterialRequests';
import { Messages } from './Messages';

interface ContextPanelProps {
  caseRecord: CasePage;
  review: Review;
  slide: Slide | null;
  mine: boolean;
  view: SlideView | null;
  onOpenSlide: (slideId: string, at?: Point) => void;
}

const CAN_ASK: readonly Review['status'][] = ['assigned', 'in_review'];

/** What the sender knows and asks, what was already done, and what may still be asked for. */
export function ContextPanel({ caseRecord, review, slide, mine, view, onOpenSlide }: ContextPanelProps) {
  const { t, i18n } = useTranslation('viewer');
  const [asking, setAsking] = useState(false);
  const { content } = caseRecord;
  return (
    <Stack gap="md">
      <section>
        <Title order={2}>{t('context.question')}</Title>
        <Text className={classes.prose}>{content.question || t('context.none')}</Text>
      </section>
      <FirstDiagnosis caseRecord={caseRecord} />
      <section>
        <Title order={2}>{t('context.clinical')}</Title>
        <Text className={classes.prose}>{content.clinicalInformation || t('context.none')}</Text>
        {content.contexts.length > 0 ? (
          <Text className={classes.prose}>
            {wordContexts(content.contexts, i18n.language === 'en' ? 'en' : 'fr')}
          </Text>
        ) : null}
        {slide ? <SlideWarnings slide={slide} /> : null}
        <dl className={classes.facts}>
          {content.primarySite ? (
            <>
              <dt>{t('context.primarySite')}</dt>
              <dd>
                <IcdoName code={content.primarySite} />
              </dd>
            </>
          ) : null}
          {content.specimens.map((specimen) => (
            <div key={specimen.id} style={{ display: 'contents' }}>
              <dt>{specimen.label || t('context.specimen')}</dt>
              <dd>
                {specimen.site ? <IcdoName code={specimen.site} /> : null}{' '}
                {[
                  specimen.sampleType && t(`sampleType.${specimen.sampleType}`),
                  specimen.sampledOn && formatCalendarDate(specimen.sampledOn),
                  specimen.fixative && t(`fixative.${specimen.fixative}`),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </dd>
            </div>
          ))}
        </dl>
      </section>
      <section>
        <Title order={2}>{t('context.tests')}</Title>
        {content.ancillaryTests.length === 0 ? (
          <Text c="dimmed">{t('context.noTests')}</Text>
        ) : (
          <dl className={classes.facts}>
            {content.ancillaryTests.map((test) => (
              <div key={test.id} style={{ display: 'contents' }}>
                <dt>{test.name}</dt>
                <dd>
                  {t(`testResult.${test.result}`)}
                  {test.detail ? ` · ${test.detail}` : ''}
                </dd>
              </div>
            ))}
          </dl>
        )}
      </section>
      {caseRecord.attachments.length > 0 ? (
        <section>
          <Title order={2}>{t('context.attachments')}</Title>
          <Stack gap={4}>
            {caseRecord.attachments.map((attachment) => (
              <Anchor
                key={attachment.id}
                component="button"
                type="button"
                ta="left"
                onClick={() => {
                  openAttachment(caseRecord.id, attachment.id, attachment.title).catch(tellProblem);
                }}
              >
                <IconPaperclip size={16} aria-hidden />{' '}
                {t('pair', { name: t(`attachment.${attachment.kind}`), value: attachment.title })}{' '}
                <Text span size="xs" c="dimmed">
                  {formatBytes(attachment.bytes)}
                </Text>
              </Anchor>
            ))}
          </Stack>
        </section>
      ) : null}
      <Divider />
      <section>
        <Title order={2}>{t('material.title')}</Title>
        <MaterialRequests
          caseRecord={caseRecord}
          review={review}
          mine={mine}
          slide={slide}
          view={view}
          onOpenSlide={onOpenSlide}
        />
        {mine && CAN_ASK.includes(review.status) ? (
          <Button variant="default" onClick={() => setAsking(true)}>
            {t('material.ask')}
          </Button>
        ) : null}
      </section>
      <Divider />
      <Messages caseRecord={caseRecord} />
      {asking ? (
        <MaterialForm review={review} slide={slide} view={view} onClose={() => setAsking(false)} />
      ) : null}
    </Stack>
  );
}
