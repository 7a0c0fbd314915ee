import PDFDocument from 'pdfkit';

/** A sender's own report, small and real. */
export async function drawReport(examNumber: string): Promise<Buffer> {
  const pdf = new PDFDocument({ size: 'A4', margin: 64 });
  const chunks: Buffer[] = [];
  pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
  const finished = new Promise<void>((done) => pdf.on('end', () => done()));
  pdf.fontSize(14).text(`Compte rendu anatomopathologique, examen ${examNumber}`);
  pdf.fontSize(10).text('Conclusion : lymphome folliculaire. Double lecture demandée.');
  pdf.end();
  await finished;
  return Buffer.concat(chunks);
}
