/**
 * Why a file cannot become a slide. The code is stable (scripts and the database keep it); the text says what
 * the file is and what the sender can do about it. One table, so that no screen invents its own wording.
 */

export const SLIDE_REFUSAL_CODES = [
  'SLIDE_EMPTY_FILE',
  'SLIDE_NOT_A_SLIDE',
  'SLIDE_SEVERAL_SLIDES',
  'SLIDE_PARTS_MISSING',
  'SLIDE_UNSUPPORTED_FORMAT',
  'SLIDE_UNSUPPORTED_COMPRESSION',
  'SLIDE_UNSUPPORTED_PIXELS',
  'SLIDE_TRUNCATED',
  'SLIDE_CORRUPT',
  'SLIDE_TOO_SMALL',
  'SLIDE_TOO_LARGE',
  'SLIDE_UNREADABLE_FILE',
  'SLIDE_DECODING_LIMIT',
  'SLIDE_DECODER_CRASH',
  'SLIDE_INFECTED',
] as const;

export type SlideRefusalCode = (typeof SLIDE_REFUSAL_CODES)[number];

/** Facts about the file, never its name or a text found in it: these travel to logs and screens. */
export type SlideRefusalParams = Readonly<Record<string, string | number>>;

export interface SlideRefusalFacts {
  readonly code: SlideRefusalCode;
  readonly params: SlideRefusalParams;
}

export type RefusalLanguage = 'fr' | 'en';

/** What a wrong file turned out to be (`SLIDE_NOT_A_SLIDE`, `kind`). */
export const WRONG_FILE_KINDS = [
  'pdf',
  'text',
  'html',
  'xml',
  'office',
  'archive',
  'dicom',
  'image',
  'video',
  'audio',
  'executable',
  'unknown',
] as const;
export type WrongFileKind = (typeof WRONG_FILE_KINDS)[number];

const KIND_NAMES: Record<WrongFileKind, Record<RefusalLanguage, string>> = {
  pdf: { fr: 'un PDF', en: 'a PDF' },
  text: { fr: 'un fichier texte', en: 'a text file' },
  html: { fr: 'une page web', en: 'a web page' },
  xml: { fr: 'un fichier XML', en: 'an XML file' },
  office: { fr: 'un document bureautique', en: 'an office document' },
  archive: { fr: 'une archive compressée', en: 'a compressed archive' },
  dicom: {
    fr: 'une image DICOM qui ne montre pas le tissu',
    en: 'a DICOM image that does not show the tissue',
  },
  image: { fr: 'une image d’un type non pris en charge', en: 'an image of an unsupported type' },
  video: { fr: 'une vidéo', en: 'a video' },
  audio: { fr: 'un enregistrement sonore', en: 'a sound recording' },
  executable: { fr: 'un programme', en: 'a program' },
  unknown: { fr: 'un fichier d’un type inconnu', en: 'a file of an unknown type' },
};

const KIND_ADVICE: Partial<Record<WrongFileKind, Record<RefusalLanguage, string>>> = {
  pdf: {
    fr: 'Ajoutez-le dans « Pièces jointes ».',
    en: 'Add it under “Attachments”.',
  },
  office: {
    fr: 'Enregistrez-le en PDF et ajoutez-le dans « Pièces jointes ».',
    en: 'Save it as a PDF and add it under “Attachments”.',
  },
  archive: {
    fr: 'Une archive zip doit contenir une seule lame en plusieurs fichiers (une série DICOM, par exemple). Sinon, décompressez-la et envoyez le fichier de la lame lui-même.',
    en: 'A zip archive must hold a single slide in several files (a DICOM series, for instance). Otherwise unpack it and send the slide file itself.',
  },
  dicom: {
    fr: 'Envoyez les fichiers DICOM de la lame entière (VL Whole Slide Microscopy), réunis dans une archive zip.',
    en: 'Send the DICOM files of the whole slide (VL Whole Slide Microscopy), together in one zip archive.',
  },
  image: {
    fr: 'Exportez la lame en SVS, TIFF, JPEG ou PNG.',
    en: 'Export the slide as SVS, TIFF, JPEG or PNG.',
  },
};

export interface RefusalText {
  readonly reason: string;
  readonly advice: string;
}

type Wording = (params: SlideRefusalParams) => RefusalText;

function kindOf(params: SlideRefusalParams): WrongFileKind {
  return WRONG_FILE_KINDS.find((kind) => kind === params.kind) ?? 'unknown';
}

/** Refused for its dimensions, or for the time that it would take: only the first has numbers to show. */
const pixelsOf = ({ width, height }: SlideRefusalParams): string =>
  width === undefined || height === undefined ? '' : ` (${width} x ${height} pixels)`;

const FR: Record<SlideRefusalCode, Wording> = {
  SLIDE_EMPTY_FILE: () => ({
    reason: 'Ce fichier est vide (0 octet).',
    advice: 'Vérifiez que l’export du scanner est terminé, puis envoyez le fichier de nouveau.',
  }),
  SLIDE_NOT_A_SLIDE: (params) => ({
    reason: `Ce fichier n’est pas une lame numérisée : c’est ${KIND_NAMES[kindOf(params)].fr}.`,
    advice:
      KIND_ADVICE[kindOf(params)]?.fr ??
      'Choisissez le fichier produit par le scanner de lames ; les formats lus par ce serveur sont écrits là où se déposent les lames.',
  }),
  SLIDE_SEVERAL_SLIDES: () => ({
    reason: 'Cette archive contient plusieurs lames.',
    advice: 'Envoyez une archive par lame.',
  }),
  SLIDE_PARTS_MISSING: () => ({
    reason: 'Cette lame est en plusieurs fichiers, et un seul est venu.',
    advice:
      'Déposez le dossier entier de la lame (MRXS ou VMS avec ses fichiers), ou une archive zip de ce dossier.',
  }),
  SLIDE_UNSUPPORTED_FORMAT: (params) => ({
    reason: `Le format ${params.vendor ?? 'de cette lame'} n’est pas lu par ce serveur.`,
    advice:
      (params.install ? `L’administrateur peut en installer la lecture (${params.install}). Sinon, e` : 'E') +
      'xportez la lame depuis le logiciel du scanner en SVS ou en TIFF pyramidal (compression JPEG), ou envoyez la lame de verre.',
  }),
  SLIDE_UNSUPPORTED_COMPRESSION: (params) => ({
    reason: `Les images de cette lame sont compressées d’une façon qui n’est pas prise en charge (${params.compression ?? 'inconnue'}).`,
    advice: 'Exportez la lame de nouveau avec une compression JPEG.',
  }),
  SLIDE_UNSUPPORTED_PIXELS: (params) => ({
    reason: `Les pixels de cette image ne sont pas en couleurs 8 bits (${params.pixels ?? 'type inconnu'}).`,
    advice: 'Exportez la lame en couleurs RVB 8 bits (champ clair).',
  }),
  SLIDE_TRUNCATED: () => ({
    reason: 'Ce fichier est incomplet : la fin manque.',
    advice:
      'La copie ou l’export a sans doute été interrompu. Ouvrez le fichier d’origine pour le vérifier, puis envoyez-le de nouveau.',
  }),
  SLIDE_CORRUPT: () => ({
    reason: 'Ce fichier est endommagé : sa structure ne peut pas être lue.',
    advice:
      'Vérifiez qu’il s’ouvre dans le logiciel du scanner, exportez-le de nouveau ou numérisez la lame une seconde fois.',
  }),
  SLIDE_TOO_SMALL: (params) => ({
    reason: `Cette image est trop petite pour être une lame (${params.width} x ${params.height} pixels, minimum ${params.minimum}).`,
    advice: 'Envoyez la lame en pleine résolution, et non une vignette.',
  }),
  SLIDE_TOO_LARGE: (params) => ({
    reason: `Cette image est trop grande pour être traitée${pixelsOf(params)}.`,
    advice: 'Exportez-la en SVS ou en TIFF pyramidal compressé en JPEG, ou découpez-la en plusieurs lames.',
  }),
  SLIDE_UNREADABLE_FILE: () => ({
    reason: 'Le serveur n’a pas pu lire ce fichier.',
    advice: 'Réessayez dans un instant ; si le problème persiste, prévenez l’administrateur.',
  }),
  SLIDE_DECODING_LIMIT: (params) => ({
    reason:
      params.limit === 'memory'
        ? 'Lire ce fichier demanderait bien plus de mémoire que sa taille ne le justifie.'
        : 'Lire ce fichier prendrait bien plus de temps que sa taille ne le justifie.',
    advice:
      'Vérifiez qu’il s’ouvre dans le logiciel du scanner, puis exportez-le de nouveau en SVS ou en TIFF pyramidal (compression JPEG).',
  }),
  SLIDE_DECODER_CRASH: () => ({
    reason: 'Ce fichier est endommagé d’une façon qui interrompt sa lecture.',
    advice:
      'Vérifiez qu’il s’ouvre dans le logiciel du scanner, exportez-le de nouveau ou numérisez la lame une seconde fois.',
  }),
  SLIDE_INFECTED: () => ({
    reason: 'L’antivirus a reconnu un logiciel malveillant dans ce fichier, qui a été détruit.',
    advice:
      'Faites analyser l’ordinateur d’où il vient par votre service informatique, puis envoyez un nouvel export du scanner.',
  }),
};

const EN: Record<SlideRefusalCode, Wording> = {
  SLIDE_EMPTY_FILE: () => ({
    reason: 'This file is empty (0 bytes).',
    advice: 'Check that the scanner has finished its export, then send the file again.',
  }),
  SLIDE_NOT_A_SLIDE: (params) => ({
    reason: `This file is not a digitised slide: it is ${KIND_NAMES[kindOf(params)].en}.`,
    advice:
      KIND_ADVICE[kindOf(params)]?.en ??
      'Choose the file written by the slide scanner; the formats this server reads are written where slides are dropped.',
  }),
  SLIDE_SEVERAL_SLIDES: () => ({
    reason: 'This archive holds several slides.',
    advice: 'Send one archive per slide.',
  }),
  SLIDE_PARTS_MISSING: () => ({
    reason: 'This slide is in several files, and only one has come.',
    advice:
      'Drop the whole folder of the slide (MRXS or VMS with its files), or a zip archive of that folder.',
  }),
  SLIDE_UNSUPPORTED_FORMAT: (params) => ({
    reason: `This server does not read the ${params.vendor ?? 'slide'} format.`,
    advice:
      (params.install ? `The administrator can install its reader (${params.install}). Otherwise e` : 'E') +
      'xport the slide from the scanner’s software as SVS or pyramidal TIFF (JPEG compression), or send the glass slide.',
  }),
  SLIDE_UNSUPPORTED_COMPRESSION: (params) => ({
    reason: `The images of this slide are compressed in a way that is not supported (${params.compression ?? 'unknown'}).`,
    advice: 'Export the slide again with JPEG compression.',
  }),
  SLIDE_UNSUPPORTED_PIXELS: (params) => ({
    reason: `The pixels of this image are not 8-bit colours (${params.pixels ?? 'unknown type'}).`,
    advice: 'Export the slide in 8-bit RGB colours (brightfield).',
  }),
  SLIDE_TRUNCATED: () => ({
    reason: 'This file is incomplete: its end is missing.',
    advice:
      'The copy or the export was probably interrupted. Open the original file to check it, then send it again.',
  }),
  SLIDE_CORRUPT: () => ({
    reason: 'This file is damaged: its structure cannot be read.',
    advice: 'Check that it opens in the scanner’s software, export it again or scan the slide again.',
  }),
  SLIDE_TOO_SMALL: (params) => ({
    reason: `This image is too small to be a slide (${params.width} x ${params.height} pixels, at least ${params.minimum}).`,
    advice: 'Send the slide at full resolution, not a thumbnail.',
  }),
  SLIDE_TOO_LARGE: (params) => ({
    reason: `This image is too large to be processed${pixelsOf(params)}.`,
    advice: 'Export it as SVS or as pyramidal TIFF compressed in JPEG, or cut it into several slides.',
  }),
  SLIDE_UNREADABLE_FILE: () => ({
    reason: 'The server could not read this file.',
    advice: 'Try again in a moment; if the problem remains, tell the administrator.',
  }),
  SLIDE_DECODING_LIMIT: (params) => ({
    reason:
      params.limit === 'memory'
        ? 'Reading this file would take far more memory than its size justifies.'
        : 'Reading this file would take far more time than its size justifies.',
    advice:
      'Check that it opens in the scanner’s software, then export it again as SVS or pyramidal TIFF (JPEG compression).',
  }),
  SLIDE_DECODER_CRASH: () => ({
    reason: 'This file is damaged in a way that breaks off its reading.',
    advice: 'Check that it opens in the scanner’s software, export it again or scan the slide again.',
  }),
  SLIDE_INFECTED: () => ({
    reason: 'The antivirus recognised malicious software in this file, which has been destroyed.',
    advice:
      'Have your IT department check the computer that it comes from, then send a new export from the scanner.',
  }),
};

export function describeSlideRefusal(facts: SlideRefusalFacts, language: RefusalLanguage): RefusalText {
  return (language === 'fr' ? FR : EN)[facts.code](facts.params);
}
