import { ActionIcon, Button, Popover, Stack, Text, Tooltip } from '@mantine/core';
import type { CasePage } from '@relecture/shared/cases/page.js';
import type { Review } from '@relecture/shared/reviews/schema.js';
import type { Slide } from '@relecture/shared/slides/schema.js';
import {
  IconArrowLeft,
  IconChevronLeft,
  IconChevronRight,
  IconLayoutSidebarRight,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { labelAddress, macroAddress } from '../api/slides';
import { formatCalendarDate } from '../ui/format';
import { ReviewStatusBadge } from '../ui/StatusBadge';
import classes from './ReadingRoom.module.css';
import { MagnificationReadout } from './Readouts';
import type { SlideView } from './slide/slide-view';

interface TopBarProps {
  caseRecord: CasePage;
  review: Review;
  slide: Slide | null;
  view: SlideView | null;
  saved: ReactNode;
  panelOpen: boolean;
  onPanel: () => void;
  onStep: (by: 1 | -1) => void;
}

export function TopBar({ caseRecord, review, slide, view, saved, panelOpen, onPanel, onStep }: TopBarProps) {
  const { t } = useTranslation('viewer');
  return (
    <header className={classes.top}>
      <Tooltip label={t('top.back')}>
        <ActionIcon
          component={Link}
          to={`/cases/${caseRecord.id}`}
          size="lg"
          color="gray.3"
          aria-label={t('top.back')}
        >
          <IconArrowLeft size={20} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <PatientBanner caseRecord={caseRecord} />
      {slide ? (
        <div className={classes.slideLabel}>
          <ActionIcon color="gray.3" onClick={() => onStep(-1)} aria-label={t('top.previousSlide')}>
            <IconChevronLeft size={18} aria-hidden />
          </ActionIcon>
          <Text span fw={600} truncate>
            {[slide.stain || t('tray.noStain'), slide.block && t('tray.block', { block: slide.block })]
              .filter(Boolean)
              .join(' · ')}
          </Text>
          <ActionIcon color="gray.3" onClick={() => onStep(1)} aria-label={t('top.nextSlide')}>
            <IconChevronRight size={18} aria-hidden />
          </ActionIcon>
          <GlassLabel slide={slide} />
        </div>
      ) : null}
      <span className={classes.status}>
        <ReviewStatusBadge status={review.status} party={review.party} />
      </span>
      <div className={classes.end}>
        {slide ? <MagnificationReadout view={view} /> : null}
        {saved}
        <Tooltip label={panelOpen ? t('top.closePanel') : t('top.openPanel')}>
          <ActionIcon
            size="lg"
            color="gray.3"
            onClick={onPanel}
            aria-expanded={panelOpen}
            aria-label={panelOpen ? t('top.closePanel') : t('top.openPanel')}
          >
            <IconLayoutSidebarRight size={20} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </div>
    </header>
  );
}

/** Who it is, for whoever may know; the case number stands for everybody else. */
function PatientBanner({ caseRecord }: { caseRecord: CasePage }) {
  const { t } = useTranslation(['viewer', 'ui']);
  const { patient, number } = caseRecord;
  return (
    <div className={classes.patient} data-testid="patient-banner">
      <Text span fw={700}>
        {patient?.birthName
          ? `${patient.birthName.toLocaleUpperCase()} ${patient.firstName ?? ''}`
          : t('top.case', { number })}
      </Text>
      <Text span size="xs" c="dimmed">
        {patient
          ? [
              patient.birthName && t('top.case', { number }),
              patient.sex && t(`ui:sex.${patient.sex}`),
              patient.birthDate &&
                t('top.born', {
                  date: formatCalendarDate(patient.birthDate),
                  context: patient.sex ?? undefined,
                }),
              caseRecord.age !== null && t('ui:years', { count: caseRecord.age }),
            ]
              .filter(Boolean)
              .join(' · ')
          : [caseRecord.age !== null && t('ui:years', { count: caseRecord.age }), t('ui:identityHidden')]
              .filter(Boolean)
              .join(' · ')}
      </Text>
    </div>
  );
}

/** The label and the overview of the glass, as pathologists recognise a slide by. */
function GlassLabel({ slide }: { slide: Slide }) {
  const { t } = useTranslation('viewer');
  if (!slide.hasLabel && !slide.hasMacro) return null;
  return (
    <Popover position="bottom" withArrow>
      <Popover.Target>
        <Button variant="default" size="compact-sm">
          {t('top.label')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          {slide.hasLabel ? (
            <img
              src={labelAddress(slide.id)}
              alt={t('top.labelImage')}
              style={{ maxWidth: 320, maxHeight: 260 }}
            />
          ) : null}
          {slide.hasMacro ? (
            <img
              src={macroAddress(slide.id)}
              alt={t('top.macroImage')}
              style={{ maxWidth: 320, maxHeight: 200 }}
            />
          ) : null}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
