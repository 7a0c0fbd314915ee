import { checkDates, type DateFinding, describeDateFinding } from '@relecture/shared/cases/dates.js';
import type { CaseContent } from '@relecture/shared/cases/schema.js';
import { currentLanguage } from '../i18n';
import { typography } from '../i18n/typography';
import { today } from '../ui/typed-date';

export function wordDateFinding(code: string): string | null {
  const language = currentLanguage();
  const words = describeDateFinding(code, language);
  return words === null ? null : typography(words, language);
}

/** What stands beside one date field: why it cannot be, or why it is doubtful. */
export function datesBeside(
  content: CaseContent,
  field: DateFinding['field'],
  specimen: number | null = null,
) {
  const found = checkDates(content, today()).find(
    (finding) => finding.field === field && finding.specimen === specimen,
  );
  const words = found ? wordDateFinding(found.code) : null;
  return found?.blocking ? { problem: words, doubt: null } : { problem: null, doubt: words };
}
