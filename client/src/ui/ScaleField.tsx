import { NumberInput } from '@mantine/core';
import type { Slide } from '@relecture/shared/slides/schema.js';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { updateSlide } from '../api/slides';
import { currentLanguage } from '../i18n';
import { tellProblem } from './tell';

interface ScaleFieldProps {
  slide: Pick<Slide, 'id' | 'state' | 'mpp' | 'mppSource'>;
  onChanged: () => void;
}

/** The scanner's resolution, where the file does not tell it: without it nothing can be measured in micrometres. */
export function ScaleField({ slide, onChanged }: ScaleFieldProps) {
  const { t } = useTranslation('ui');
  const [value, setValue] = useState<number | string>(slide.mpp ?? '');
  useEffect(() => setValue(slide.mpp ?? ''), [slide.mpp]);
  if (slide.state !== 'ready' || slide.mppSource === 'scanner') return null;
  const wrong = value !== '' && !(typeof value === 'number' && value >= 0.01 && value <= 100);
  const save = () => {
    if (wrong) return;
    if (typeof value !== 'number') setValue(slide.mpp ?? '');
    else if (value !== slide.mpp) updateSlide(slide.id, { mpp: value }).then(onChanged, tellProblem);
  };
  return (
    <NumberInput
      size="xs"
      mt={4}
      maw={310}
      label={t('scale.label')}
      description={slide.mppSource === 'manual' ? t('scale.manual') : t('scale.about')}
      placeholder={currentLanguage() === 'fr' ? '0,25' : '0.25'}
      decimalSeparator={currentLanguage() === 'fr' ? ',' : '.'}
      allowedDecimalSeparators={[',', '.']}
      allowNegative={false}
      decimalScale={4}
      hideControls
      error={wrong ? t('scale.wrong') : undefined}
      value={value}
      onChange={setValue}
      onBlur={save}
      onKeyDown={(event) => {
        if (event.key === 'Enter') save();
      }}
    />
  );
}
