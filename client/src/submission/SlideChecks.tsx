import { Text } from '@mantine/core';
import type { CheckOutcome, SlideCheck } from '@relecture/shared/slides/checks.js';
import type { Slide } from '@relecture/shared/slides/schema.js';
import { IconAlertTriangle, IconCircleCheckFilled, IconCircleHalf2, IconHandStop } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { keys } from '../api/keys';
import { readFocus, thumbnailAddress } from '../api/slides';
import { FocusOverlay } from '../ui/FocusOverlay';
import { formatNumber } from '../ui/format';
import { Mark } from '../ui/StatusBadge';
import classes from './SlideLog.module.css';

const LOOKS = {
  passes: [IconCircleCheckFilled, 'green'],
  warns: [IconAlertTriangle, 'amber'],
  holds: [IconHandStop, 'red'],
  pending: [IconCircleHalf2, 'blue'],
} as const satisfies Record<CheckOutcome, unknown>;

const PICTURE = 512;

/** What was checked before its readers are asked: each finding passes, warns, or holds. */
export function SlideChecks({ slide }: { slide: Slide }) {
  const { t } = useTranslation('ui');
  const focus = slide.checks.find(({ check }) => check === 'focus');
  return (
    <>
      <ul className={classes.checks} data-testid="slide-checks">
        {slide.checks.map((found) => (
          <li key={found.check} data-check={found.check} data-outcome={found.outcome}>
            <div className={classes.heading}>
              <Text span size="sm" fw={600}>
                {t(`slideLog.check.${found.check}`)}
              </Text>
              <Mark look={[...LOOKS[found.outcome]]} words={t(`slideLog.outcome.${found.outcome}`)} />
            </div>
            {found.outcome === 'pending' ? null : <Text size="sm">{wordFinding(slide, found, t)}</Text>}
          </li>
        ))}
      </ul>
      {focus && focus.outcome !== 'pending' ? <FocusPicture slide={slide} /> : null}
    </>
  );
}

type Translate = ReturnType<typeof useTranslation<'ui'>>['t'];

function wordFinding(slide: Slide, { check, outcome, share }: SlideCheck, t: Translate): string {
  const percent = share === null ? '' : `${formatNumber(100 * share, share < 0.01 ? 1 : 0)}\u00a0%`;
  switch (check) {
    case 'identity': {
      const { result, by } = slide.label;
      return result === 'not_compared'
        ? t('slideLog.identity.not_compared')
        : t(`slideLog.identity.${result}_${by ?? 'code'}`);
    }
    case 'scale':
      return t(`slideLog.scale.${slide.mppSource}`, {
        mpp: slide.mpp === null ? '' : formatNumber(slide.mpp, 4),
      });
    case 'tissue':
      return share === null
        ? t('slideLog.tissue.unknown')
        : t(outcome === 'holds' ? 'slideLog.tissue.holds' : 'slideLog.tissue.passes', { share: percent });
    case 'black':
      return share === null
        ? t('slideLog.black.unknown')
        : t(outcome === 'passes' ? 'slideLog.black.passes' : 'slideLog.black.amiss', { share: percent });
    case 'focus':
      return share === null
        ? t('slideLog.focus.unknown')
        : t(outcome === 'passes' ? 'slideLog.focus.passes' : 'slideLog.focus.amiss', { share: percent });
  }
}

/** The slide, with its blurred places hatched. */
function FocusPicture({ slide }: { slide: Slide }) {
  const { t } = useTranslation('ui');
  const { data: map } = useQuery({
    queryKey: keys.slides.focus(slide.id),
    queryFn: () => readFocus(slide.id),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (!map) return null;
  const any = [...map.cells].some((cell) => cell !== ' ' && Number(cell) >= map.blurredFrom);
  const words = t(any ? 'slideLog.map' : 'slideLog.mapNone');
  return (
    <figure style={{ margin: 0 }}>
      <div className={classes.picture}>
        <img src={thumbnailAddress(slide.id, PICTURE)} alt={words} />
        <FocusOverlay map={map} />
      </div>
      <Text component="figcaption" size="sm" c="dimmed">
        {words}
      </Text>
    </figure>
  );
}
