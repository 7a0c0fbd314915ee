/**
 * The closed list of what can go wrong, written in one place. Every problem the server answers
 * (RFC 9457, application/problem+json) carries one of these codes; the words are for people, in both languages.
 */
export interface ProblemText {
  title: string;
  advice: string;
}

interface ProblemKind {
  status: number;
  fr: ProblemText;
  en: ProblemText;
}

const kind = (
  status: number,
  frTitle: string,
  frAdvice: string,
  enTitle: string,
  enAdvice: string,
): ProblemKind => ({
  status,
  fr: { title: frTitle, advice: frAdvice },
  en: { title: enTitle, advice: enAdvice },
});

export const PROBLEMS = {
  INVALID_INPUT: kind(
    400,
    'Des champs sont à corriger.',
    'Corrigez les champs signalés, puis recommencez. Rien de ce qui était enregistré n’est perdu.',
    'Some fields need correcting.',
    'Correct the fields shown, then try again. Nothing already saved is lost.',
  ),
  MALFORMED_BODY: kind(
    400,
    'La demande n’a pas pu être lue.',
    'Rechargez la page et recommencez ; si cela continue, signalez-le à l’administrateur.',
    'The request could not be read.',
    'Reload the page and try again; if it persists, tell your administrator.',
  ),
  SIGN_IN_FAILED: kind(
    401,
    'Adresse ou mot de passe incorrect.',
    'Vérifiez l’adresse et le mot de passe, puis recommencez.',
    'Incorrect e-mail or password.',
    'Check the e-mail and the password, then try again.',
  ),
  PASSWORD_WRONG: kind(
    403,
    'Mot de passe incorrect.',
    'Saisissez à nouveau votre mot de passe ; le document reste tel quel tant qu’il n’est pas signé.',
    'Incorrect password.',
    'Enter your password again; the document stays as it is until it is signed.',
  ),
  PASSWORD_TO_CHOOSE: kind(
    403,
    'Votre mot de passe est provisoire.',
    'Choisissez le vôtre (Mon compte, Changer de mot de passe), puis signez : une signature demande un mot de passe que vous êtes seul à connaître.',
    'Your password is temporary.',
    'Choose your own (My account, Change password), then sign: a signature asks for a password that nobody else knows.',
  ),
  NOT_SIGNED_IN: kind(
    401,
    'Vous n’êtes pas connecté.',
    'Connectez-vous, puis reprenez là où vous en étiez.',
    'You are not signed in.',
    'Sign in, then carry on where you were.',
  ),
  SESSION_EXPIRED: kind(
    401,
    'Votre session a expiré.',
    'Reconnectez-vous ; votre travail enregistré vous attend.',
    'Your session has expired.',
    'Sign in again; your saved work is waiting.',
  ),
  FORBIDDEN: kind(
    403,
    'Vous n’avez pas le droit de faire cela.',
    'Demandez à la personne responsable du dossier ou à votre administrateur.',
    'You are not allowed to do this.',
    'Ask the person in charge of the case, or your administrator.',
  ),
  NOT_FOUND: kind(
    404,
    'Introuvable, ou pas accessible avec votre compte.',
    'Vérifiez l’adresse, ou revenez à votre liste.',
    'Not found, or not accessible with your account.',
    'Check the address, or go back to your list.',
  ),
  METHOD_NOT_ALLOWED: kind(
    405,
    'Action impossible à cette adresse.',
    'Consultez la description de l’interface : /api/docs.',
    'This action does not exist at this address.',
    'See the description of the interface: /api/docs.',
  ),
  CONFLICT: kind(
    409,
    'Quelqu’un a modifié ceci entre-temps.',
    'La version à jour vient d’être chargée : vérifiez-la, puis refaites votre modification.',
    'Somebody changed this in the meantime.',
    'The current version has been loaded: check it, then make your change again.',
  ),
  STATUS_CONFLICT: kind(
    409,
    'Le dossier n’est plus à cette étape.',
    'Rechargez la page pour voir où il en est.',
    'The case is no longer at this step.',
    'Reload the page to see where it stands.',
  ),
  CASE_INCOMPLETE: kind(
    422,
    'Le dossier n’est pas complet.',
    'Complétez les éléments signalés dans la liste de contrôle, puis transmettez.',
    'The case is not complete.',
    'Complete the items shown in the checklist, then send.',
  ),
  CASE_NOT_EDITABLE: kind(
    409,
    'Ce dossier a déjà été transmis.',
    'Envoyez un message au relecteur, ajoutez une lame, ou corrigez l’identité depuis la page du dossier.',
    'This case has already been sent.',
    'Send a message to the reviewer, add a slide, or correct the identity from the case page.',
  ),
  CASE_CONTRADICTION: kind(
    422,
    'Des informations du dossier se contredisent.',
    'Corrigez les champs signalés, puis transmettez à nouveau.',
    'Some of the case’s information is contradictory.',
    'Correct the fields shown, then send again.',
  ),
  REPORT_INCOMPLETE: kind(
    422,
    'Le compte rendu n’est pas complet.',
    'Complétez les éléments signalés, puis signez.',
    'The report is not complete.',
    'Complete the items shown, then sign.',
  ),
  REPORT_SIGNED: kind(
    409,
    'Ce compte rendu est signé : il ne peut plus changer.',
    'Rédigez un compte rendu complémentaire ou un rectificatif.',
    'This report is signed: it can no longer change.',
    'Write an addendum or a correction.',
  ),
  REPORT_ALTERED: kind(
    500,
    'Ce compte rendu ne correspond plus à son scellé.',
    'Ne vous y fiez pas : utilisez le PDF reçu lors de la signature, et prévenez l’administrateur.',
    'This report no longer matches its seal.',
    'Do not rely on it: use the PDF received when it was signed, and tell the administrator.',
  ),
  REVIEWER_NOT_ELIGIBLE: kind(
    422,
    'Cet expert ne peut pas recevoir ce dossier.',
    'Choisissez un expert du réseau, d’un autre établissement que le demandeur, et disponible.',
    'This expert cannot receive this case.',
    'Choose an expert of the network, from another organisation than the sender’s, and available.',
  ),
  RECIPIENT_UNKNOWN: kind(
    409,
    'Le destinataire du colis n’est pas encore connu.',
    'Transmettez le dossier : le bordereau sera prêt dès que le réseau est choisi.',
    'Nobody knows yet who the parcel is for.',
    'Send the case: the slip will be ready as soon as the network is chosen.',
  ),
  PACS_NOT_SET: kind(
    409,
    'Aucun serveur DICOMweb n’est réglé pour votre établissement.',
    'Demandez à votre administrateur de l’indiquer, ou déposez les fichiers ici.',
    'No DICOMweb server is set for your organisation.',
    'Ask your administrator to set one, or drop the files here.',
  ),
  PACS_UNREACHABLE: kind(
    502,
    'Le serveur DICOMweb de votre établissement ne répond pas comme attendu.',
    'Réessayez dans quelques minutes ; si cela continue, faites vérifier son adresse et son compte par votre administrateur.',
    'Your organisation’s DICOMweb server does not answer as expected.',
    'Try again in a few minutes; if it persists, have your administrator check its address and account.',
  ),
  FILE_TOO_LARGE: kind(
    413,
    'Le fichier est trop volumineux.',
    'Vérifiez la limite indiquée, ou envoyez la lame par envoi physique.',
    'The file is too large.',
    'Check the stated limit, or send the slide by post.',
  ),
  FILE_TYPE_REFUSED: kind(
    415,
    'Ce type de fichier n’est pas accepté ici.',
    'Joignez un PDF, une image JPEG ou PNG.',
    'This type of file is not accepted here.',
    'Attach a PDF, a JPEG or a PNG.',
  ),
  FILE_EMPTY: kind(
    422,
    'Le fichier est vide.',
    'Vérifiez le fichier sur votre poste, puis envoyez-le à nouveau.',
    'The file is empty.',
    'Check the file on your computer, then send it again.',
  ),
  ATTACHMENTS_LIMIT: kind(
    409,
    'Ce dossier a déjà le nombre maximal de pièces jointes.',
    'Regroupez plusieurs documents en un seul PDF, ou retirez ceux qui ne servent plus.',
    'This case already has the largest number of attachments.',
    'Put several documents together in one PDF, or remove those that are no longer needed.',
  ),
  FILE_MISSING: kind(
    400,
    'Aucun fichier n’a été reçu.',
    'Choisissez un fichier, puis envoyez-le à nouveau.',
    'No file was received.',
    'Choose a file, then send it again.',
  ),
  CHECKSUM_MISMATCH: kind(
    460,
    'Un morceau du fichier est arrivé abîmé.',
    'L’envoi reprend de lui-même à partir du dernier morceau intact.',
    'A piece of the file arrived damaged.',
    'The upload resumes by itself from the last intact piece.',
  ),
  UPLOAD_OFFSET_CONFLICT: kind(
    409,
    'L’envoi ne reprend pas au bon endroit.',
    'Relancez l’envoi : il reprend de lui-même au dernier octet reçu.',
    'The upload does not resume at the right place.',
    'Resume the upload: it continues by itself from the last byte received.',
  ),
  UPLOAD_GONE: kind(
    410,
    'Cet envoi a été annulé, ou il a expiré.',
    'Envoyez le fichier à nouveau depuis le début.',
    'This upload was cancelled, or has expired.',
    'Send the file again from the start.',
  ),
  UPLOAD_PROTOCOL: kind(
    412,
    'Cet envoi ne suit pas le protocole attendu (tus 1.0).',
    'Rechargez la page et recommencez ; si cela continue, signalez-le à l’administrateur.',
    'This upload does not follow the expected protocol (tus 1.0).',
    'Reload the page and try again; if it persists, tell your administrator.',
  ),
  FILE_INFECTED: kind(
    422,
    'L’antivirus a reconnu un logiciel malveillant dans ce fichier, qui a été détruit.',
    'Faites analyser l’ordinateur d’où il vient par votre service informatique.',
    'The antivirus recognised malicious software in this file, which has been destroyed.',
    'Have your IT department check the computer that it comes from.',
  ),
  ANTIVIRUS_UNAVAILABLE: kind(
    503,
    'L’antivirus ne répond pas : ce fichier n’a pas pu être contrôlé et n’est pas gardé.',
    'Réessayez dans quelques minutes ; si le problème persiste, prévenez l’administrateur.',
    'The antivirus does not answer: this file could not be checked and is not kept.',
    'Try again in a few minutes; if the problem remains, tell the administrator.',
  ),
  STORAGE_FULL: kind(
    507,
    'Il n’y a plus assez de place sur le serveur.',
    'Ce qui est déjà reçu est gardé. Prévenez l’administrateur, puis reprenez l’envoi.',
    'The server has run out of space.',
    'What was received is kept. Tell the administrator, then resume the upload.',
  ),
  STORAGE_QUOTA_REACHED: kind(
    507,
    'L’espace réservé aux lames de votre établissement est plein.',
    'Ce qui est déjà reçu est gardé. Retirez une lame d’un brouillon, ou demandez à l’administrateur d’augmenter le quota.',
    'The space kept for your organisation’s slides is full.',
    'What was received is kept. Remove a slide from a draft, or ask the administrator for a larger quota.',
  ),
  SLIDE_REFUSED: kind(
    422,
    'La lame n’a pas pu être acceptée.',
    'Lisez la raison indiquée sous la lame et remplacez le fichier.',
    'The slide could not be accepted.',
    'Read the reason under the slide and replace the file.',
  ),
  SLIDE_NOT_READY: kind(
    409,
    'La lame n’est pas encore lisible.',
    'Attendez la fin de la préparation : la page se met à jour seule.',
    'The slide is not readable yet.',
    'Wait for its preparation to end: the page updates by itself.',
  ),
  SLIDE_TILE_NOT_FOUND: kind(
    404,
    'Cette partie de la lame n’existe pas.',
    'Rechargez la lame.',
    'This part of the slide does not exist.',
    'Reload the slide.',
  ),
  SLIDE_TILE_UNREADABLE: kind(
    500,
    'Cette partie de la lame n’a pas pu être lue.',
    'Demandez au demandeur une nouvelle numérisation si cela continue.',
    'This part of the slide could not be read.',
    'Ask the sender for a new scan if it persists.',
  ),
  SLIDE_DAMAGED: kind(
    500,
    'Cette lame est abîmée : ce qui est gardé n’est plus ce qui avait été reçu.',
    'Ne concluez pas sur elle : demandez une nouvelle numérisation, et prévenez l’administrateur, qui peut la rétablir d’une sauvegarde.',
    'This slide is damaged: what is kept is no longer what was received.',
    'Do not conclude from it: ask for a new scan, and tell the administrator, who may restore it from a backup.',
  ),
  SLIDE_STORE_UNAVAILABLE: kind(
    503,
    'L’espace où les lames sont gardées ne répond pas.',
    'Réessayez dans quelques minutes ; si le problème persiste, prévenez l’administrateur.',
    'The store where slides are kept does not answer.',
    'Try again in a few minutes; if the problem remains, tell the administrator.',
  ),
  TOO_MANY_ATTEMPTS: kind(
    429,
    'Trop d’essais.',
    'Attendez le délai indiqué avant de recommencer.',
    'Too many attempts.',
    'Wait for the time shown before trying again.',
  ),
  EXPERT_WISH_NEEDS_REASON: kind(
    422,
    'Indiquez pourquoi vous souhaitez cet expert.',
    'Ajoutez un motif, ou retirez le souhait.',
    'Say why you wish for this expert.',
    'Add a reason, or remove the wish.',
  ),
  UNAVAILABLE: kind(
    503,
    'Le service redémarre.',
    'Réessayez dans un instant ; votre travail enregistré est intact.',
    'The service is restarting.',
    'Try again in a moment; your saved work is intact.',
  ),
  UNEXPECTED: kind(
    500,
    'Une erreur inattendue s’est produite.',
    'Votre travail enregistré est intact. Réessayez ; si cela continue, prévenez l’administrateur.',
    'An unexpected error occurred.',
    'Your saved work is intact. Try again; if it persists, tell your administrator.',
  ),
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof PROBLEMS;

/** One field to correct: `path` is the JSON path in the body (`patient.birthDate`), `code` is stable, `message` is for people. */
export interface FieldProblem {
  path: string;
  code: string;
  message: string;
}

/** RFC 9457 body. `requestId` finds the matching log line; it never identifies a patient. */
export interface Problem {
  type: string;
  status: number;
  code: string;
  title: string;
  detail: string;
  requestId?: string;
  fields?: FieldProblem[];
  /** Seconds to wait, with TOO_MANY_ATTEMPTS. */
  retryAfter?: number;
  /** With CONFLICT: the record as it is now. */
  current?: unknown;
  /** Further facts a screen may show, e.g. the limit passed. Never patient data. */
  params?: Record<string, string | number | boolean>;
}
