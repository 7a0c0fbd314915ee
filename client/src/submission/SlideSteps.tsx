import { Text } from '@mantine/core';
import { ingestStep, type Slide } from '@relecture/shared/slides/schema.js';
import { IconAlertTriangle, IconCircleCheckFilled, IconCircleDashed, IconLoader2 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { formatNumber, formatPreciseTime } from '../ui/format';
import { RefusalWords } from './RefusalWords';
import classes from './SlideLog.module.css';

/** The steps of a slide's reception, each with its time; where it stopped, why, and what to do. */
export function SlideSteps({ slide }: { slide: Slide }) {
  const { t } = useTranslation('ui');
  const at = new Map(slide.steps.map((done) => [done.step, done.at]));
  const refused = slide.state === 'rejected';
  // A step the server no longer tells apart is past when a later one is.
  const last = Math.max(-1, ...slide.steps.map(({ step }) => ingestStep.options.indexOf(step)));
  const share = slide.bytes === 0 ? 0 : slide.receivedBytes / slide.bytes;
  return (
    <>
      <ol className={classes.steps} data-testid="slide-steps">
        {ingestStep.options.map((step, index) => {
          const done = index <= last;
          const stopped = refused && index === last + 1;
          const now = !refused && index === last + 1;
          if (refused && index > last + 1) return null;
          const time = at.get(step);
          return (
            <li key={step} data-state={done ? 'done' : stopped ? 'stopped' : now ? 'now' : 'to-come'}>
              {done ? (
                <IconCircleCheckFilled size={18} aria-hidden />
              ) : stopped ? (
                <IconAlertTriangle size={18} aria-hidden />
              ) : now ? (
                <IconLoader2 size={18} aria-hidden className={classes.turning} />
              ) : (
                <IconCircleDashed size={18} aria-hidden />
              )}
              <span>{stopped ? t('slideLog.refused') : t(`slideLog.step.${step}`)}</span>
              <Text span size="sm" c="dimmed" className={classes.time}>
                {time
                  ? formatPreciseTime(time)
                  : now && slide.state === 'receiving'
                    ? t('slideLog.receiving', { share: `${formatNumber(100 * share)} %` })
                    : now
                      ? t('slideLog.now')
                      : done || stopped
                        ? ''
                        : t('slideLog.toCome')}
              </Text>
            </li>
          );
        })}
      </ol>
      {!refused && slide.state !== 'ready' && slide.attempts > 1 ? (
        <Text size="sm" role="status">
          {t('slideLog.again', { count: slide.attempts })}
        </Text>
      ) : null}
      {refused ? (
        <>
          <RefusalWords refusal={slide.refusal} />
          <Text size="xs" c="dimmed" mt={4}>
            {t('slideLog.code', { code: slide.refusal?.code ?? '' })}
          </Text>
        </>
      ) : null}
    </>
  );
}
