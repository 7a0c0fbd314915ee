import { Text } from '@mantine/core';
import type { Slide } from '@relecture/shared/slides/schema.js';
import { describeSlideWarning } from '@relecture/shared/slides/warnings.js';
import { IconAlertTriangle, IconPalette } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

const ICON = {
  size: 14,
  stroke: 1.8,
  'aria-hidden': true,
  style: { verticalAlign: '-2px', marginInlineEnd: 4 },
} as const;

/** What is worth knowing of a slide that was not refused: blank, unknown scale, sent twice, converted, its colours. */
export function SlideWarnings({ slide }: { slide: Pick<Slide, 'warnings' | 'colourProfile'> }) {
  const { t, i18n } = useTranslation('ui');
  const language = i18n.language === 'en' ? 'en' : 'fr';
  const warnings = slide.warnings.map((code) => (
    <Text key={code} size="sm" data-testid="slide-warning">
      <IconAlertTriangle {...ICON} />
      {describeSlideWarning(code, language)}
    </Text>
  ));
  if (slide.colourProfile === null) return warnings;
  return (
    <>
      {warnings}
      <Text size="sm" data-testid="slide-colours">
        <IconPalette {...ICON} />
        {t('colours', { profile: slide.colourProfile })}
      </Text>
    </>
  );
}
