import type { Language } from '@relecture/shared/http/page.js';
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { typeset } from './typography';

/** One file per area and language; the file's name is the namespace. A language is fetched when it is used. */
const files = { fr: () => import('./all-fr'), en: () => import('./all-en') };

const CHOSEN = 'relecture.language';

export function chosenLanguage(): Language | null {
  const stored = localStorage.getItem(CHOSEN);
  return stored === 'fr' || stored === 'en' ? stored : null;
}

async function load(language: Language): Promise<void> {
  const { default: areas } = await files[language]();
  for (const [path, words] of Object.entries(areas)) {
    const area = path.slice(path.lastIndexOf('/') + 1, -'.ts'.length);
    if (!i18next.hasResourceBundle(language, area))
      i18next.addResourceBundle(language, area, typeset(words, language));
  }
}

export async function startWords(): Promise<void> {
  const language = chosenLanguage() ?? 'fr';
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    defaultNS: 'app',
    ns: [],
    resources: {},
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  await speak(language);
}

/** Changes the language of the whole page; French is the first one. */
export async function speak(language: Language): Promise<void> {
  await load(language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}

export async function choose(language: Language): Promise<void> {
  localStorage.setItem(CHOSEN, language);
  await speak(language);
}

export function currentLanguage(): Language {
  return i18next.language === 'en' ? 'en' : 'fr';
}
