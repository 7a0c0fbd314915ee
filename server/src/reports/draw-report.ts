import type { CaseContent, PatientIdentity } from '@relecture/shared/cases/schema.js';
import PDFDocument from 'pdfkit';
import type { ReportRecord } from './model.js';
import {
  AGREEMENT,
  calendarDay,
  DISCORDANCE,
  day,
  dayAndTime,
  IMPACT,
  KIND,
  OUTCOME,
  SAMPLE,
  SEX,
} from './words.js';

export interface ReportSheet {
  readonly report: Omit<ReportRecord, '_id' | 'pdf' | 'bound' | 'readBySenderAt'>;
  readonly networkName: string;
  readonly coordinatingCentre: string | null;
  readonly senderName: string;
  readonly senderOrganisation: string;
  readonly submittedAt: Date | null;
  /** Null for whoever may not see it: the case number stands for the patient. */
  readonly patient: PatientIdentity | null;
  readonly content: Omit<CaseContent, 'patient'>;
  readonly slides: ReadonlyArray<{ readonly stain: string; readonly block: string }>;
  /** ICD-O-3 codes in words. */
  readonly describe: (code: string) => string;
  readonly keyFingerprint: string;
}

const INK = '#0f172a';
const QUIET = '#475569';
const TEAL = '#0f766e';
const AMBER = '#b45309';
const LEFT = 56;
const WIDTH = 595.28 - 2 * LEFT;

/** Draws the report as it will be read: conclusion first. French typography, A4. */
export async function drawReport(sheet: ReportSheet): Promise<Buffer> {
  const { report } = sheet;
  const pdf = new PDFDocument({
    size: 'A4',
    margins: { top: 56, bottom: 72, left: LEFT, right: LEFT },
    bufferPages: true,
    lang: 'fr-FR',
    info: {
      Title: `${KIND[report.kind]} ${report.caseNumber}`,
      Creator: 'Relecture',
      CreationDate: report.signedAt,
    },
  });
  const chunks: Buffer[] = [];
  pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
  const finished = new Promise<void>((resolve, reject) => {
    pdf.on('end', () => resolve());
    pdf.on('error', reject);
  });

  const heading = (text: string) => {
    if (pdf.y > 700) pdf.addPage();
    pdf
      .moveDown(0.9)
      .font('Helvetica-Bold')
      .fontSize(9)
      .fillColor(TEAL)
      .text(text.toUpperCase(), LEFT, pdf.y, { width: WIDTH, characterSpacing: 0.6 });
    const y = pdf.y + 2;
    pdf
      .moveTo(LEFT, y)
      .lineTo(LEFT + WIDTH, y)
      .lineWidth(0.5)
      .strokeColor('#cbd5e1')
      .stroke();
    pdf.y = y + 6;
  };
  const paragraph = (text: string, size = 10.5) => {
    pdf.font('Helvetica').fontSize(size).fillColor(INK).text(text, LEFT, pdf.y, { width: WIDTH, lineGap: 2 });
  };
  const row = (label: string, value: string) => {
    const y = pdf.y;
    pdf.font('Helvetica').fontSize(9.5).fillColor(QUIET).text(label, LEFT, y, { width: 150 });
    const afterLabel = pdf.y;
    pdf
      .font('Helvetica')
      .fontSize(10)
      .fillColor(INK)
      .text(value, LEFT + 158, y, { width: WIDTH - 158 });
    pdf.y = Math.max(pdf.y, afterLabel) + 2;
    pdf.x = LEFT;
  };

  // Who speaks.
  pdf.font('Helvetica-Bold').fontSize(11).fillColor(TEAL).text(sheet.networkName, LEFT, 56, { width: 320 });
  pdf.font('Helvetica').fontSize(9).fillColor(QUIET);
  if (sheet.coordinatingCentre)
    pdf.text(`Centre coordonnateur : ${sheet.coordinatingCentre}`, { width: 320 });
  pdf.font('Helvetica').fontSize(9).fillColor(QUIET).text('Dossier', 420, 56, { width: 119, align: 'right' });
  pdf
    .font('Helvetica-Bold')
    .fontSize(14)
    .fillColor(INK)
    .text(report.caseNumber, 420, 67, { width: 119, align: 'right' });
  pdf.x = LEFT;
  pdf.y = 100;
  pdf
    .font('Helvetica-Bold')
    .fontSize(19)
    .fillColor(INK)
    .text(KIND[report.kind], LEFT, pdf.y, { width: WIDTH });
  pdf
    .font('Helvetica')
    .fontSize(10)
    .fillColor(QUIET)
    .text(
      `${report.kind === 'preliminary' ? 'Signé' : 'Signé'} le ${dayAndTime(report.signedAt)} par ${report.signedBy.displayName}`,
      { width: WIDTH },
    );
  if (report.kind === 'preliminary') {
    const y = pdf.y + 8;
    pdf.rect(LEFT, y, WIDTH, 30).fill('#fef3c7');
    pdf
      .font('Helvetica-Bold')
      .fontSize(10)
      .fillColor(AMBER)
      .text('PRÉLIMINAIRE — Le traitement doit reposer sur le compte rendu définitif.', LEFT + 12, y + 10, {
        width: WIDTH - 24,
      });
    pdf.x = LEFT;
    pdf.y = y + 34;
  }

  heading('Patient');
  if (sheet.patient) {
    const { patient } = sheet;
    row('Nom de naissance, prénom', `${patient.birthName.toUpperCase()} ${patient.firstName}`);
    if (patient.usedName) row('Nom utilisé', patient.usedName);
    row('Né(e) le, sexe', `${calendarDay(patient.birthDate)}, ${SEX[patient.sex]}`);
    if (patient.ins?.status === 'qualified') row('INS (identité qualifiée)', patient.ins.matricule);
    row('Numéro d’examen du demandeur', patient.localExamNumber);
  } else {
    paragraph(
      'Identité réservée à l’établissement demandeur et aux relecteurs. Le numéro de dossier identifie le cas.',
      9.5,
    );
  }
  row('Demandeur', [sheet.senderName, sheet.senderOrganisation].filter(Boolean).join(', '));
  if (sheet.content.prescriber?.name) row('Prescripteur', sheet.content.prescriber.name);
  if (sheet.submittedAt) row('Demande reçue le', day(sheet.submittedAt));

  if (report.amendment) {
    heading(report.kind === 'correction' ? 'Motif du rectificatif' : 'Complément');
    paragraph(report.amendment);
  }
  const { content } = report;
  heading(report.kind === 'addendum' ? 'Conclusion signée antérieurement' : 'Conclusion');
  pdf
    .font('Helvetica-Bold')
    .fontSize(12)
    .fillColor(INK)
    .text(content.conclusion, LEFT, pdf.y, { width: WIDTH, lineGap: 2 });
  pdf.moveDown(0.4);
  if (content.outcome !== 'diagnosis') row('Issue de la lecture', OUTCOME[content.outcome]);
  if (content.morphology)
    row('Morphologie (CIM-O-3)', `${sheet.describe(content.morphology)} (${content.morphology})`);
  if (content.topography)
    row('Topographie (CIM-O-3)', `${sheet.describe(content.topography)} (${content.topography})`);

  const { concordance } = content;
  if (concordance.agreement) {
    heading('Concordance avec le diagnostic du demandeur');
    row('Concordance', AGREEMENT[concordance.agreement]);
    if (concordance.types.length > 0)
      row('Porte sur', concordance.types.map((type) => DISCORDANCE[type]).join(', '));
    if (concordance.therapeuticImpact) row('Impact thérapeutique', IMPACT[concordance.therapeuticImpact]);
    row(
      'Nature de la demande',
      sheet.content.intent === 'systematic' ? 'relecture systématique' : 'demande d’avis',
    );
    if (concordance.comment) row('Commentaire', concordance.comment);
  }
  const first = sheet.content.firstDiagnosis;
  if (first) {
    row(
      'Diagnostic du demandeur',
      [
        first.text,
        first.morphology ? `(${first.morphology})` : '',
        first.date ? `le ${calendarDay(first.date)}` : '',
      ]
        .filter(Boolean)
        .join(' '),
    );
  }
  if (sheet.content.question) {
    heading('Question posée');
    paragraph(sheet.content.question);
  }
  if (content.microscopy) {
    heading('Microscopie');
    paragraph(content.microscopy);
  }
  if (content.ancillary) {
    heading('Techniques complémentaires');
    paragraph(content.ancillary);
  }
  if (content.recommendation) {
    heading('Recommandation');
    paragraph(content.recommendation);
  }

  heading('Matériel examiné');
  for (const specimen of sheet.content.specimens) {
    row(
      specimen.label ? `Prélèvement ${specimen.label}` : 'Prélèvement',
      [
        SAMPLE[specimen.sampleType ?? 'other'],
        specimen.site ? sheet.describe(specimen.site) : '',
        specimen.sampledOn ? `du ${calendarDay(specimen.sampledOn)}` : '',
      ]
        .filter(Boolean)
        .join(', '),
    );
  }
  row(
    'Lames numérisées',
    sheet.slides.length === 0
      ? 'aucune (matériel reçu par envoi physique)'
      : sheet.slides
          .map(({ stain, block }, index) => [stain || `lame ${index + 1}`, block].filter(Boolean).join(' '))
          .join(' ; '),
  );

  // The signature stays in one piece.
  if (pdf.y > 640) pdf.addPage();
  heading('Signature');
  pdf
    .font('Helvetica-Bold')
    .fontSize(11)
    .fillColor(INK)
    .text(report.signedBy.displayName, LEFT, pdf.y, { width: WIDTH });
  pdf
    .font('Helvetica')
    .fontSize(9.5)
    .fillColor(QUIET)
    .text(
      [
        report.signedBy.organisation,
        report.signerRpps ? `RPPS ${report.signerRpps}` : '',
        `signé le ${dayAndTime(report.signedAt)} (heure de Paris)`,
      ]
        .filter(Boolean)
        .join(' — '),
      { width: WIDTH },
    );
  pdf.moveDown(0.5);
  row('Code de vérification', report.verificationCode);
  pdf
    .font('Courier')
    .fontSize(7)
    .fillColor(QUIET)
    .text(`Scellé SHA-256 ${report.seal.sha256}`, LEFT, pdf.y, { width: WIDTH });
  pdf.text(
    `Lames scellées : ${report.seal.slides.length} ; annotations scellées : ${report.seal.annotations.length} ; clé ${sheet.keyFingerprint}`,
    { width: WIDTH },
  );

  const { start, count } = pdf.bufferedPageRange();
  for (let index = start; index < start + count; index++) {
    pdf.switchToPage(index);
    // Writing under the bottom margin would open a new page.
    pdf.page.margins.bottom = 0;
    const y = pdf.page.height - 48;
    pdf.font('Helvetica').fontSize(8).fillColor(QUIET);
    pdf.text(`${KIND[report.kind]} — dossier ${report.caseNumber} — version ${report.number}`, LEFT, y, {
      width: 380,
      lineBreak: false,
    });
    pdf.text(`page ${index - start + 1} / ${count}`, LEFT + 380, y, {
      width: WIDTH - 380,
      align: 'right',
      lineBreak: false,
    });
  }
  pdf.end();
  await finished;
  return Buffer.concat(chunks);
}
