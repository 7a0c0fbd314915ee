/** Facts worth knowing about a slide that did not refuse it. One table, so that every screen says the same. */
export const SLIDE_WARNINGS = [
  'blank',
  'black',
  'mpp_unknown',
  'mpp_differs_from_scanner',
  'duplicate_in_case',
  'converted',
  'label_unreadable',
  'first_plane',
  'label_differs',
  'blurred',
  'antivirus_waiting',
  'stored_copy_damaged',
] as const;

export type SlideWarning = (typeof SLIDE_WARNINGS)[number];

const WORDS: Record<SlideWarning, Record<'fr' | 'en', string>> = {
  blank: {
    fr: 'Aucun tissu trouvé dans l’échantillon contrôlé : vérifiez que c’est la bonne lame.',
    en: 'No tissue found in the sample checked: make sure this is the right slide.',
  },
  black: {
    fr: 'Une grande partie de l’image est noire : la numérisation a pu échouer.',
    en: 'Much of the image is black: the scan may have failed.',
  },
  mpp_unknown: {
    fr: 'Échelle inconnue : aucune mesure en micromètres n’est possible. Saisissez la résolution du scanner (µm/pixel) si vous la connaissez.',
    en: 'Unknown scale: nothing can be measured in micrometres. Enter the scanner’s resolution (µm/pixel) if you know it.',
  },
  mpp_differs_from_scanner: {
    fr: 'L’échelle saisie diffère de celle du scanner : les mesures suivent l’échelle saisie.',
    en: 'The scale entered differs from the scanner’s: measures follow the scale entered.',
  },
  duplicate_in_case: {
    fr: 'Le même fichier est déjà dans ce dossier : vérifiez que vous n’avez pas envoyé deux fois la même lame.',
    en: 'The same file is already in this case: make sure you have not sent one slide twice.',
  },
  converted: {
    fr: 'Image convertie par Relecture : l’original n’était pas une lame pyramidale.',
    en: 'Image converted by Relecture: the original was not a pyramidal slide.',
  },
  label_unreadable: {
    fr: 'L’étiquette photographiée n’a pas pu être lue : vérifiez le numéro du bloc sur la lame de verre.',
    en: 'The photographed label could not be read: check the block number on the glass slide.',
  },
  first_plane: {
    fr: 'Le fichier contient plusieurs plans de mise au point ou canaux : seul le premier est affiché.',
    en: 'The file holds several focal planes or channels: only the first one is shown.',
  },
  label_differs: {
    fr: 'L’étiquette de la lame ne correspond pas au bloc ou au numéro d’examen saisis.',
    en: 'The label of the slide does not match the block or the examination number entered.',
  },
  blurred: {
    fr: 'Des zones de tissu sont floues : voyez la carte de netteté.',
    en: 'Parts of the tissue are out of focus: see the focus map.',
  },
  stored_copy_damaged: {
    fr: 'La copie enregistrée de cette lame est abîmée : ne concluez pas sur cette image. L’administrateur en est averti et doit la restaurer.',
    en: 'The stored copy of this slide is damaged: do not conclude on this image. The administrator has been told and must restore it.',
  },
  antivirus_waiting: {
    fr: 'L’antivirus ne répond pas : la lame attend et sera contrôlée dès qu’il répondra. Si l’attente dure, prévenez l’administrateur.',
    en: 'The antivirus does not answer: the slide waits and is checked as soon as it does. If this lasts, tell the administrator.',
  },
};

export function describeSlideWarning(code: string, language: 'fr' | 'en'): string {
  const known = SLIDE_WARNINGS.find((warning) => warning === code);
  return known ? WORDS[known][language] : code;
}
