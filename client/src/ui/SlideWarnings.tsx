import { Text } from '@mantine/core';
import type { Slide } from '@relecture/shared/slides/schema.js';
import { describeSlideWarning } from '@relecture/shared/slides/warnings.js';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

/** What is worth knowing of a slide that was not refused: blank, unknown scale, sent twice, converted. */
export function SlideWarnings({ slide }: { slide: Pick<Slide, 'warnings'> }) {
  const { i18n } = useTranslation();
  const language = i18n.language === 'en' ? 'en' : 'fr';
  return slide.warnings.map((code) => (
    <Text key={code} size="sm" data-testid="slide-warning">
      <IconAlertTriangle
        size={14}
        stroke={1.8}
        aria-hidden
        style={{ verticalAlign: '-2px', marginInlineEnd: 4 }}
      />
      {describeSlideWarning(code, language)}
    </Text>
  ));
}
