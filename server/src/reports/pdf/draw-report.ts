import type { CaseContent, PatientIdentity } from '@relecture/shared/cases/schema.js';
import type { ReportRecord } from '../model.js';
import { ACCENT, INK, LEFT, openPage, type Page, QUIET, WIDTH } from './layout.js';
import {
  AGREEMENT,
  BORN,
  calendarDay,
  DISCORDANCE,
  day,
  dayAndTime,
  IMPACT,
  INTENT,
  KIND,
  LEVEL,
  OUTCOME,
  RESULT,
  SAMPLE,
  SEX,
} from './words.js';

export interface ReportSheet {
  readonly report: Omit<ReportRecord, '_id' | 'pdf' | 'bound' | 'readBySenderAt'>;
  /** Second or third reading. */
  readonly level: 2 | 3;
  readonly networkName: string;
  readonly coordinatingCentre: string | null;
  readonly senderName: string;
  readonly senderOrganisation: string;
  readonly submittedAt: Date | null;
  /** Null for whoever may not see it: the case number stands for the patient. */
  readonly patient: PatientIdentity | null;
  readonly content: Omit<CaseContent, 'patient'>;
  readonly slides: ReadonlyArray<{
    readonly stain: string;
    readonly block: string;
    readonly sha256: string;
  }>;
  /** ICD-O-3 codes in words. */
  readonly describe: (code: string) => string;
  readonly keyFingerprint: string;
  /** What the seal was made of, attached to the file so that it can be checked without us. */
  readonly sealedJson: string;
}

/** The report as it is sent: French, A4, conclusion first. */
export async function drawReport(sheet: ReportSheet): Promise<Buffer> {
  const { report } = sheet;
  const title = `${KIND[report.kind]} – dossier ${report.caseNumber}`;
  const page = openPage({ title, at: report.signedAt, author: report.signedBy.displayName });
  drawHead(page, sheet);
  drawPeople(page, sheet);
  drawConclusion(page, sheet);
  drawConcordance(page, sheet);
  drawTexts(page, sheet);
  drawMaterial(page, sheet);
  drawSenderTests(page, sheet);
  drawSignature(page, sheet);
  page.pdf.file(Buffer.from(sheet.sealedJson), {
    name: 'scelle.json',
    type: 'application/json',
    description: 'Faits scellés par la signature (JSON canonique) ; leur SHA-256 est le scellé imprimé.',
    relationship: 'Source',
    creationDate: report.signedAt,
    modifiedDate: report.signedAt,
  } as never);
  return await page.finish({
    top: [`Dossier ${report.caseNumber}`, nameOf(sheet.patient)].filter(Boolean).join('  ·  '),
    flag: report.kind === 'preliminary' ? 'PRÉLIMINAIRE' : null,
    bottom: `${KIND[report.kind]}  ·  dossier ${report.caseNumber}  ·  version ${report.number}  ·  ${report.verificationCode}`,
  });
}

const fullName = ({ birthName, firstName }: PatientIdentity): string =>
  `${birthName.toLocaleUpperCase('fr')} ${firstName}`;

/** On every page: a page that leaves the others must still say whose it is. */
const nameOf = (patient: PatientIdentity | null): string =>
  patient
    ? `${fullName(patient)}, ${BORN[patient.sex].toLocaleLowerCase('fr')} ${calendarDay(patient.birthDate)}`
    : '';

function drawHead(page: Page, { report, level, networkName, coordinatingCentre }: ReportSheet): void {
  const { pdf, place, text, gap, banner } = page;
  const bottom = Math.max(
    place(networkName, LEFT, 46, WIDTH - 140, { face: 'strong', size: 13, colour: ACCENT }),
    62,
  );
  const after = coordinatingCentre
    ? place(`Centre coordonnateur : ${coordinatingCentre}`, LEFT, bottom + 1, WIDTH - 140)
    : bottom;
  place('Dossier', LEFT + WIDTH - 130, 46, 130, { align: 'right' });
  place(report.caseNumber, LEFT + WIDTH - 130, 58, 130, {
    face: 'strong',
    size: 15,
    colour: INK,
    align: 'right',
  });
  pdf.y = Math.max(after, 80) + 14;
  text(KIND[report.kind], { face: 'strong', size: 22, lineGap: 0 });
  gap(1);
  text(`${LEVEL[level]}, signée le ${dayAndTime(report.signedAt)} par ${report.signedBy.displayName}`, {
    size: 10.5,
    colour: QUIET,
  });
  gap(8);
  if (report.kind === 'preliminary') {
    banner(
      'PRÉLIMINAIRE. Cet avis peut encore changer : le traitement doit reposer sur le compte rendu définitif.',
    );
    gap(10);
  }
}

function drawPeople(page: Page, sheet: ReportSheet): void {
  const { patient, content } = sheet;
  const about = patient
    ? [
        { label: '', value: fullName(patient), strong: true },
        ...(patient.usedName ? [{ label: 'Nom utilisé', value: patient.usedName }] : []),
        {
          label: `${BORN[patient.sex]}, sexe`,
          value: `${calendarDay(patient.birthDate)}, ${SEX[patient.sex]}`,
        },
        ...(patient.ins?.status === 'qualified'
          ? [{ label: 'INS (identité qualifiée)', value: patient.ins.matricule }]
          : []),
        { label: 'Numéro d’examen du demandeur', value: patient.localExamNumber },
      ]
    : [
        {
          label: '',
          value:
            'Identité réservée à l’établissement demandeur et aux relecteurs : le numéro de dossier en tient lieu.',
        },
      ];
  const request = [
    { label: 'Pathologiste demandeur', value: sheet.senderName },
    { label: 'Établissement', value: sheet.senderOrganisation },
    ...(content.prescriber?.name
      ? [
          {
            label: 'Prescripteur',
            value: [content.prescriber.name, content.prescriber.speciality].filter(Boolean).join(', '),
          },
        ]
      : []),
    {
      label: 'Demande',
      value: [
        content.intent ? INTENT[content.intent] : '',
        sheet.submittedAt ? `reçue le ${day(sheet.submittedAt)}` : '',
      ]
        .filter(Boolean)
        .join(', '),
    },
  ];
  page.cards({ title: 'Patient', lines: about }, { title: 'Demande', lines: request });
}

function drawConclusion(page: Page, { report, describe }: ReportSheet): void {
  const { heading, marked, text, row, gap } = page;
  const { content, amendment, kind } = report;
  const emphasis = (value: string) => text(value, { face: 'strong', size: 12.5, lineGap: 2.5 });
  if (kind === 'addendum') {
    heading('Complément');
    marked(() => emphasis(amendment));
    heading('Conclusion déjà signée');
    text(content.conclusion);
  } else {
    if (kind === 'correction') {
      heading('Motif du rectificatif');
      text(amendment);
    }
    heading(kind === 'correction' ? 'Conclusion rectifiée' : 'Conclusion');
    marked(() => emphasis(content.conclusion));
  }
  gap(6);
  if (content.outcome !== 'diagnosis') row({ label: 'Issue de la lecture', value: OUTCOME[content.outcome] });
  const coded = (code: string) => {
    const words = describe(code);
    return words === code ? code : `${code}  ${words}`;
  };
  if (content.morphology) row({ label: 'Morphologie CIM-O-3', value: coded(content.morphology) });
  if (content.topography) row({ label: 'Topographie CIM-O-3', value: coded(content.topography) });
  if (content.recommendation.trim()) {
    heading('Recommandation');
    text(content.recommendation);
  }
}

/** Four axes, each in words, beside what they are measured against. */
function drawConcordance({ heading, row }: Page, { report, content, describe }: ReportSheet): void {
  const { agreement, types, therapeuticImpact, comment } = report.content.concordance;
  const first = content.firstDiagnosis;
  if (!agreement && !first) return;
  heading('Concordance avec le diagnostic du demandeur');
  if (first) {
    const code = first.morphology ? `${first.morphology}  ${describe(first.morphology)}` : '';
    row({
      label: first.formal ? 'Diagnostic du demandeur' : 'Hypothèse du demandeur',
      value: [first.text, code, first.date ? `le ${calendarDay(first.date)}` : ''].filter(Boolean).join('\n'),
    });
  }
  if (!agreement) return;
  row({ label: 'Concordance', value: AGREEMENT[agreement] });
  row({
    label: 'Écart portant sur',
    value: types.length > 0 ? types.map((type) => DISCORDANCE[type]).join(', ') : 'sans objet',
  });
  if (therapeuticImpact) row({ label: 'Impact thérapeutique', value: IMPACT[therapeuticImpact] });
  if (content.intent) row({ label: 'Nature de la demande', value: INTENT[content.intent] });
  if (comment.trim()) row({ label: 'Commentaire', value: comment });
}

function drawTexts({ heading, text }: Page, { report, content }: ReportSheet): void {
  const sections: Array<[string, string]> = [
    ['Question posée', content.question],
    ['Microscopie', report.content.microscopy],
    ['Techniques complémentaires', report.content.ancillary],
  ];
  for (const [title, value] of sections) {
    if (!value.trim()) continue;
    heading(title);
    text(value);
  }
}

function drawMaterial(
  { heading, row, table, text, gap }: Page,
  { content, slides, describe }: ReportSheet,
): void {
  heading('Matériel examiné');
  for (const { label, sampleType, site, sampledOn } of content.specimens) {
    row({
      label: label ? `Prélèvement ${label}` : 'Prélèvement',
      value: [
        SAMPLE[sampleType ?? 'other'] ?? '',
        site ? describe(site) : '',
        sampledOn ? `du ${calendarDay(sampledOn)}` : '',
      ]
        .filter(Boolean)
        .join(', '),
    });
  }
  if (slides.length === 0) {
    text('Aucune lame numérisée : le matériel a été reçu par envoi physique.', { size: 10 });
    return;
  }
  gap(4);
  table(
    ['Lame', 'Coloration ou marqueur', 'Bloc', 'Empreinte SHA-256 du fichier (début)'],
    [44, 170, 90, WIDTH - 304],
    slides.map(({ stain, block, sha256 }, index) => [
      String(index + 1),
      stain || 'non précisée',
      block || '–',
      `${sha256.slice(0, 16)}…`,
    ]),
  );
}

/** What the reader was told was done already: an opinion may rest on it. */
function drawSenderTests({ heading, row }: Page, { content }: ReportSheet): void {
  if (content.ancillaryTests.length === 0) return;
  heading('Examens communiqués par le demandeur');
  for (const { name, result, detail } of content.ancillaryTests)
    row({ label: name, value: [RESULT[result], detail].filter(Boolean).join(', ') });
}

/** In one piece, and last: everything above it is what was signed. */
function drawSignature(
  { pdf, keep, heading, text, row, gap }: Page,
  { report, keyFingerprint }: ReportSheet,
): void {
  keep(190);
  heading('Signature');
  text(report.signedBy.displayName, { face: 'strong', size: 13, lineGap: 1 });
  text(
    [report.signedBy.organisation, report.signerRpps ? `RPPS ${report.signerRpps}` : '']
      .filter(Boolean)
      .join('  ·  '),
    { size: 10, colour: QUIET },
  );
  text(`Signé électroniquement le ${dayAndTime(report.signedAt)} (heure de Paris)`, {
    size: 10,
    colour: QUIET,
  });
  gap(8);
  row({ label: 'Code de vérification', value: report.verificationCode });
  row({
    label: 'Sous scellé',
    value: `le texte, le signataire, ${counted(report.seal.slides.length, 'lame', 'lames')}, ${counted(report.seal.annotations.length, 'annotation', 'annotations')}${report.seal.previous ? ', la version précédente' : ''}`,
  });
  gap(2);
  text(`Scellé SHA-256  ${report.seal.sha256}\nClé de signature  ${keyFingerprint}`, {
    size: 8.5,
    colour: QUIET,
    lineGap: 1.5,
  });
  text(
    'Ce fichier se vérifie sans connexion (« relecture verify ») : le moindre octet changé le dénonce. Ce qui est signé ne change plus ; toute suite est un compte rendu complémentaire ou rectificatif.',
    { face: 'italic', size: 8.5, colour: QUIET, lineGap: 1 },
  );
  pdf.x = LEFT;
}

const counted = (count: number, one: string, many: string): string => `${count} ${count > 1 ? many : one}`;
