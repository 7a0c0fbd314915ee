import PDFDocument from 'pdfkit';
import type { DemoCase } from './cases.js';

/** The sender's own report, as a laboratory would attach it. */
export async function drawLocalReport(
  demoCase: DemoCase,
  examNumber: string,
  laboratory: string,
): Promise<Buffer> {
  const pdf = new PDFDocument({
    size: 'A4',
    margin: 64,
    info: { Title: 'Compte rendu anatomopathologique' },
  });
  const chunks: Buffer[] = [];
  pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
  const finished = new Promise<void>((resolve, reject) => {
    pdf.on('end', () => resolve());
    pdf.on('error', reject);
  });
  const [birthName, firstName, birthDate] = demoCase.patient;
  pdf.font('Helvetica-Bold').fontSize(14).text(laboratory);
  pdf
    .font('Helvetica')
    .fontSize(10)
    .text('Compte rendu anatomopathologique (démonstration, patient inventé)')
    .moveDown();
  pdf.text(`${birthName} ${firstName}, né(e) le ${birthDate.split('-').reverse().join('/')}`);
  pdf.text(`Examen ${examNumber}`).moveDown();
  pdf
    .font('Helvetica-Bold')
    .text('Renseignements cliniques')
    .font('Helvetica')
    .text(demoCase.clinical)
    .moveDown();
  pdf.font('Helvetica-Bold').text('Immunohistochimie').font('Helvetica');
  pdf.text(demoCase.markers.length > 0 ? demoCase.markers.join(', ') : 'Non réalisée.').moveDown();
  pdf
    .font('Helvetica-Bold')
    .text('Conclusion')
    .font('Helvetica')
    .text(`${demoCase.diagnosis}. Double lecture demandée.`);
  pdf.end();
  await finished;
  return Buffer.concat(chunks);
}
