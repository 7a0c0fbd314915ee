import { wordContexts } from '@relecture/shared/routing/context-words.js';
import type { RuleDraft } from '@relecture/shared/routing/drafts.js';
import type { Conditions } from '@relecture/shared/routing/schema.js';
import { useTranslation } from 'react-i18next';
import { currentLanguage } from '../i18n';

/** Conditions whose values have words of their own. */
const CODED = { behaviours: 'behaviours', doubt: 'doubts', origins: 'origins', sex: 'sexes' } as const;

/** Every condition of a rule in one line, each list under its name. */
export function useConditionWords(draft: RuleDraft): (when: Conditions) => string {
  const { t } = useTranslation('admin');
  const language = currentLanguage();
  const groups = [...draft.siteGroups, ...draft.morphologyGroups];
  const wordValue = (value: string) =>
    groups.find((group) => `@${group.name}` === value)?.names[language] ?? value;
  return (when) =>
    Object.entries(when)
      .map(([name, value]) => {
        const coded = CODED[name as keyof typeof CODED];
        const said = coded
          ? [value]
              .flat()
              .map((each) => t(`rules.${coded}.${String(each)}` as 'rules.behaviours.0'))
              .join(', ')
          : name.startsWith('contexts')
            ? wordContexts(value as string[], language)
            : Array.isArray(value)
              ? value
                  .slice(0, 8)
                  .map((each) => wordValue(String(each)))
                  .join(', ')
              : String(value);
        return `${t(`rules.fields.${name}` as 'rules.fields.sites')} : ${said}`;
      })
      .join(' · ');
}
