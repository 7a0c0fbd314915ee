import { Anchor, Drawer, Stack, Text, Title } from '@mantine/core';
import type { Slide } from '@relecture/shared/slides/schema.js';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SlideChecks } from './SlideChecks';
import { SlideLabelCheck } from './SlideLabelCheck';
import { SlideSteps } from './SlideSteps';

interface SlideLogProps {
  slide: Slide;
  /** Whoever sent it may compare the label and say so. */
  mayCompare: boolean;
  /** The label may carry the patient's name. */
  maySeeLabel: boolean;
  onChanged: () => void;
}

/** What happened to a slide since its first byte, and what it was checked for; opened from its row. */
export function SlideLog(props: SlideLogProps) {
  const { t } = useTranslation('ui');
  const [opened, setOpened] = useState(false);
  const { slide } = props;
  const name = [slide.stain, slide.block].filter(Boolean).join(', ');
  return (
    <>
      <Anchor
        component="button"
        type="button"
        size="sm"
        ta="start"
        onClick={() => setOpened(true)}
        data-testid="slide-log-open"
      >
        {t('slideLog.open')}
      </Anchor>
      <Drawer
        opened={opened}
        onClose={() => setOpened(false)}
        position="right"
        size={560}
        title={name ? `${t('slideLog.title')} · ${name}` : t('slideLog.title')}
        closeButtonProps={{ 'aria-label': t('close') }}
      >
        <Stack gap="lg" data-testid="slide-log">
          <section>
            <Title order={3} mb="xs">
              {t('slideLog.steps')}
            </Title>
            <SlideSteps slide={slide} />
          </section>
          {slide.checks.length > 0 ? (
            <section>
              <Title order={3} mb="xs">
                {t('slideLog.checks')}
              </Title>
              <SlideChecks slide={slide} />
            </section>
          ) : null}
          {slide.state === 'ready' ? (
            <section>
              <Title order={3} mb="xs">
                {t('slideLog.label')}
              </Title>
              {props.maySeeLabel ? (
                <SlideLabelCheck {...props} />
              ) : (
                <Text size="sm" c="dimmed">
                  {t('slideLog.hidden')}
                </Text>
              )}
            </section>
          ) : null}
        </Stack>
      </Drawer>
    </>
  );
}
