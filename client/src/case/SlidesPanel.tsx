import { Anchor, Button, Drawer, Text } from '@mantine/core';
import type { CasePage } from '@relecture/shared/cases/page.js';
import type { Slide } from '@relecture/shared/slides/schema.js';
import { IconEye, IconMicroscope, IconPlus } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { keys } from '../api/keys';
import { thumbnailAddress, updateSlide } from '../api/slides';
import { useUser } from '../app/session';
import { ShipmentForm } from '../submission/ShipmentForm';
import { Shipments } from '../submission/Shipments';
import { SlideLog } from '../submission/SlideLog';
import { SlidesPart } from '../submission/SlidesPart';
import { StainField } from '../submission/StainField';
import { formatDate } from '../ui/format';
import { PurgeWords } from '../ui/PurgeWords';
import { ScaleField } from '../ui/ScaleField';
import { SlideWarnings } from '../ui/SlideWarnings';
import { SlideStatusBadge } from '../ui/StatusBadge';
import { tellProblem } from '../ui/tell';
import classes from './CaseScreen.module.css';
import { Panel } from './Panel';
import { roomOf } from './reading-of';

/** Thumbnails with read marks; slides can be added late, and refused ones replaced. */
export function SlidesPanel({ page }: { page: CasePage }) {
  const { t } = useTranslation('case');
  const { t: ui } = useTranslation('ui');
  const user = useUser();
  const [adding, setAdding] = useState<'slides' | 'shipment' | null>(null);
  const reading = roomOf(page, user.id);
  const read = new Set(page.reviews.flatMap((review) => review.readSlideIds));
  const mayAdd = page.permissions.includes('add_slide');
  const refused = page.slides.some((slide) => slide.state === 'rejected');
  // A stain that was not typed can be typed now: the slide may be there already.
  const unstained = page.reviews.some(({ lacks }) => lacks.some(({ code }) => code === 'stain'));
  const client = useQueryClient();
  const refresh = () => void client.invalidateQueries({ queryKey: keys.cases.one(page.id) });
  const unfinished = page.slides.some((slide) => slide.state === 'receiving');
  const gathering = mayAdd && (adding === 'slides' || refused || unfinished);
  // What is not readable yet, or never will be, is shown once: where the files are dropped, with what to do.
  const shown = gathering
    ? page.slides.filter(({ state }) => state === 'ready' || state === 'removed' || state === 'purged')
    : page.slides;

  return (
    <>
      <Panel
        title={t('slides.title')}
        aside={
          <Text size="sm" c="dimmed">
            {t('slides.count', { count: page.slides.filter((slide) => slide.state !== 'rejected').length })}
          </Text>
        }
      >
        {page.legalHold ? (
          <Text size="sm" mb={8} data-testid="legal-hold" title={page.legalHold.reason ?? undefined}>
            {t('hold.held', {
              date: formatDate(page.legalHold.at),
              name: page.legalHold.by.displayName,
            })}
          </Text>
        ) : null}
        {page.slides.length === 0 ? <Text c="dimmed">{t('slides.none')}</Text> : null}
        <ul className={classes.slides}>
          {shown.map((slide) => (
            <li key={slide.id} data-testid="case-slide">
              <Thumbnail
                slide={slide}
                read={read.has(slide.id)}
                to={reading ? `/reviews/${reading.id}/read/${slide.id}` : null}
              />
              {unstained && mayAdd && slide.state === 'ready' ? (
                <SlideStain slide={slide} />
              ) : (
                <Text size="sm" fw={500}>
                  {slide.stain || t('slides.noStain')}
                </Text>
              )}
              <Text size="sm" c="dimmed">
                {[slide.block, slide.late ? t('slides.late') : null].filter(Boolean).join(' · ')}
              </Text>
              {slide.state === 'ready' ? null : <SlideStatusBadge status={slide.state} />}
              <PurgeWords slide={slide} />
              <SlideWarnings slide={slide} />
              <SlideLog
                slide={slide}
                mayCompare={mayAdd}
                maySeeLabel={page.permissions.includes('see_identity')}
                onChanged={refresh}
              />
              {mayAdd ? <ScaleField slide={slide} onChanged={refresh} /> : null}
            </li>
          ))}
        </ul>
        {mayAdd && adding !== 'slides' && !refused && !unfinished ? (
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() => setAdding('slides')}
          >
            {t('slides.add')}
          </Button>
        ) : null}
        {gathering ? (
          <SlidesPart getCaseId={async () => page.id} caseId={page.id} slides={page.slides} onlyUnready />
        ) : null}
      </Panel>
      {page.shipments.length > 0 || page.permissions.includes('declare_shipment') ? (
        <Panel title={t('shipments.title')}>
          <Shipments page={page} />
          {page.shipments.length === 0 ? (
            <Text c="dimmed" mb={8}>
              {t('shipments.none')}
            </Text>
          ) : null}
          {page.permissions.includes('declare_shipment') ? (
            <>
              <Anchor component="button" type="button" mt={8} onClick={() => setAdding('shipment')}>
                {t('shipments.declare')}
              </Anchor>
              <Drawer
                opened={adding === 'shipment'}
                onClose={() => setAdding(null)}
                position="right"
                size={600}
                title={t('shipments.declare')}
                closeButtonProps={{ 'aria-label': ui('close') }}
              >
                <ShipmentForm
                  getCaseId={async () => page.id}
                  block=""
                  mayLeave={page.status === 'routed'}
                  onDeclared={() => setAdding(null)}
                  onCancel={() => setAdding(null)}
                />
              </Drawer>
            </>
          ) : null}
        </Panel>
      ) : null}
    </>
  );
}

/** The stain of a slide that is there, while the network waits for one it cannot find. */
function SlideStain({ slide }: { slide: Slide }) {
  const { t } = useTranslation('submission');
  const client = useQueryClient();
  const [stain, setStain] = useState(slide.stain);
  useEffect(() => setStain(slide.stain), [slide.stain]);
  const save = useMutation({
    mutationFn: (settled: string) => updateSlide(slide.id, { stain: settled }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.cases.one(slide.caseId) }),
    onError: tellProblem,
  });
  return (
    <StainField
      label={t('slides.stain')}
      value={stain}
      onChange={setStain}
      onSettle={(settled) => {
        // The field is left after an option was chosen: the same word is not sent twice.
        const sent = save.isError ? undefined : save.variables;
        if (settled.trim() !== slide.stain && settled !== sent) save.mutate(settled);
      }}
    />
  );
}

function Thumbnail({ slide, read, to }: { slide: Slide; read: boolean; to: string | null }) {
  const { t } = useTranslation('case');
  const image =
    slide.state === 'ready' ? (
      <img
        src={thumbnailAddress(slide.id, 256)}
        alt={t('slides.thumbnail', { stain: slide.stain || t('slides.noStain') })}
        loading="lazy"
      />
    ) : (
      <IconMicroscope size={24} stroke={1.4} aria-hidden />
    );
  const mark = read ? (
    <span className={classes.read} role="img" aria-label={t('slides.read')} title={t('slides.read')}>
      <IconEye size={16} aria-hidden />
    </span>
  ) : null;
  return to && slide.state === 'ready' ? (
    <Link to={to} className={classes.thumb}>
      {image}
      {mark}
    </Link>
  ) : (
    <div className={classes.thumb}>
      {image}
      {mark}
    </div>
  );
}
