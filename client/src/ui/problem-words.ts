import { PROBLEMS, type ProblemCode } from '@relecture/shared/http/errors.js';
import type { Language } from '@relecture/shared/http/page.js';
import i18next from 'i18next';
import { isProblem, NETWORK_DOWN } from '../api/problem';
import { currentLanguage } from '../i18n';
import { typography } from '../i18n/typography';

export interface ProblemWords {
  title: string;
  advice: string;
  requestId: string | null;
}

const known = (code: string): code is ProblemCode => code in PROBLEMS;

/** An error in words, with what to do. The closed list words the code; no code reaches a screen. */
export function wordProblem(error: unknown, language: Language = currentLanguage()): ProblemWords {
  if (isProblem(error, NETWORK_DOWN)) {
    return {
      title: i18next.t('networkDown.title', { ns: 'ui' }),
      advice: i18next.t('networkDown.advice', { ns: 'ui' }),
      requestId: null,
    };
  }
  const code = isProblem(error) && known(error.code) ? error.code : 'UNEXPECTED';
  const words = PROBLEMS[code][language];
  return {
    title: typography(words.title, language),
    advice: typography(words.advice, language),
    requestId: isProblem(error) && error.status >= 500 ? error.requestId : null,
  };
}
