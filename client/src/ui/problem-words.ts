import { PROBLEMS, type ProblemCode } from '@relecture/shared/http/errors.js';
import type { Language } from '@relecture/shared/http/page.js';
import i18next from 'i18next';
import { isProblem, NETWORK_DOWN } from '../api/problem';
import { currentLanguage } from '../i18n';
import { typography } from '../i18n/typography';

export interface ProblemWords {
  title: string;
  advice: string;
}

const known = (code: string): code is ProblemCode => code in PROBLEMS;

/**
 * An error in words, with what to do, and the number to give when there is one. The closed list words the code; no code
 * reaches a screen.
 */
export function wordProblem(error: unknown, language: Language = currentLanguage()): ProblemWords {
  if (isProblem(error, NETWORK_DOWN)) {
    return {
      title: i18next.t('networkDown.title', { ns: 'ui' }),
      advice: i18next.t('networkDown.advice', { ns: 'ui' }),
    };
  }
  const code = isProblem(error) && known(error.code) ? error.code : 'UNEXPECTED';
  const words = PROBLEMS[code][language];
  const advice = typography(words.advice, language);
  // The number that finds the log line; a refusal (4xx) has nothing to look for.
  const number =
    isProblem(error) && error.status >= 500 && error.requestId
      ? i18next.t('errorNumber', { ns: 'ui', id: error.requestId })
      : null;
  return {
    title: typography(words.title, language),
    advice: number ? `${advice} ${number}` : advice,
  };
}
