import { Text } from '@mantine/core';
import {
  describeSlideRefusal,
  SLIDE_REFUSAL_CODES,
  type SlideRefusalFacts,
} from '@relecture/shared/slides/refusals.js';
import { IconAlertTriangle } from '@tabler/icons-react';
import { currentLanguage } from '../i18n';
import { typography } from '../i18n/typography';
import { Notice } from '../ui/Notice';

type AnyRefusal = { code: string; params: Record<string, string | number> } | null;

/** Why a file cannot become a slide, and what to do: the words of the closed list. */
export function wordRefusal(refusal: AnyRefusal): { reason: string; advice: string } {
  const language = currentLanguage();
  const code = SLIDE_REFUSAL_CODES.find((known) => known === refusal?.code) ?? 'SLIDE_UNREADABLE_FILE';
  const facts: SlideRefusalFacts = { code, params: refusal?.params ?? {} };
  const words = describeSlideRefusal(facts, language);
  return { reason: typography(words.reason, language), advice: typography(words.advice, language) };
}

export function RefusalWords({ refusal }: { refusal: AnyRefusal }) {
  const words = wordRefusal(refusal);
  return (
    <div style={{ marginTop: 4 }}>
      <Notice
        tone="amber"
        role="alert"
        icon={<IconAlertTriangle size={18} />}
        title={words.reason}
        testId="slide-refusal"
      >
        <Text size="sm">{words.advice}</Text>
      </Notice>
    </div>
  );
}
