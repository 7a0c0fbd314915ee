import { Text, UnstyledButton } from '@mantine/core';
import type { Slide } from '@relecture/shared/slides/schema.js';
import { IconCircleCheckFilled, IconCircleDashed } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { thumbnailAddress } from '../api/slides';
import { SlideStatusBadge } from '../ui/StatusBadge';
import classes from './ReadingRoom.module.css';
import { isReadable } from './slide/slide-tile-source';

interface SlideTrayProps {
  slides: readonly Slide[];
  openId: string | null;
  readIds: readonly string[];
  onOpen: (slideId: string) => void;
}

/** The case's slides as on a tray: thumbnail, stain, block, and whether it has been read. */
export function SlideTray({ slides, openId, readIds, onOpen }: SlideTrayProps) {
  const { t } = useTranslation('viewer');
  const open = useRef<HTMLButtonElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the element follows the open slide
  useEffect(() => {
    open.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [openId]);
  return (
    <nav className={classes.tray} aria-label={t('tray.label')}>
      <ol>
        {slides.map((slide) => {
          const read = readIds.includes(slide.id);
          const name = slide.stain || t('tray.noStain');
          return (
            <li key={slide.id}>
              <UnstyledButton
                ref={slide.id === openId ? open : null}
                className={classes.traySlide}
                aria-current={slide.id === openId ? 'true' : undefined}
                disabled={!isReadable(slide)}
                onClick={() => onOpen(slide.id)}
                data-testid="tray-slide"
              >
                <span className={classes.thumbnail}>
                  {isReadable(slide) ? (
                    <img src={thumbnailAddress(slide.id, 192)} alt="" loading="lazy" draggable={false} />
                  ) : null}
                </span>
                <Text span fw={600} size="sm" lineClamp={2}>
                  {name}
                </Text>
                <Text span size="xs" c="dimmed" truncate>
                  {slide.block ? t('tray.block', { block: slide.block }) : '\u00a0'}
                </Text>
                {isReadable(slide) ? (
                  <span className={classes.readMark} data-read={read}>
                    {read ? (
                      <IconCircleCheckFilled size={14} aria-hidden />
                    ) : (
                      <IconCircleDashed size={14} aria-hidden />
                    )}
                    {read ? t('tray.read') : t('tray.unread')}
                  </span>
                ) : (
                  <SlideStatusBadge status={slide.state} />
                )}
                {slide.late ? (
                  <Text span size="xs" c="var(--tone-amber)">
                    {t('tray.late')}
                  </Text>
                ) : null}
              </UnstyledButton>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
