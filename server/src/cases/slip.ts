import PDFDocument from 'pdfkit';
import QRCode from 'qrcode';
import type { CaseRecord, StoredShipment } from './model.js';

const ITEM_WORDS: Record<StoredShipment['items'][number]['kind'], [string, string]> = {
  block: ['bloc de paraffine', 'blocs de paraffine'],
  unstained_sections: ['coupe blanche', 'coupes blanches'],
  glass_slide: ['lame de verre', 'lames de verre'],
};

/** Who reads the case, or coordinates those who will, and where: the parcel goes there. */
export interface Recipient {
  readonly name: string;
  readonly organisation: string;
}

/**
 * The slip that goes into the parcel. It names the case, never the patient: the QR code holds the address of the case
 * page, where whoever opens the parcel signs in.
 */
export async function drawSlip(
  record: CaseRecord,
  shipment: StoredShipment,
  publicUrl: string,
  recipients: readonly Recipient[],
): Promise<Buffer> {
  const address = `${publicUrl}/cases/${String(record._id)}`;
  const qr = await QRCode.toBuffer(address, { width: 360, margin: 1, errorCorrectionLevel: 'M' });
  const pdf = new PDFDocument({
    size: 'A5',
    margin: 36,
    info: { Title: `Bordereau d’envoi ${record.number}` },
  });
  const chunks: Buffer[] = [];
  pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
  const finished = new Promise<void>((resolve, reject) => {
    pdf.on('end', () => resolve());
    pdf.on('error', reject);
  });
  pdf.font('Helvetica-Bold').fontSize(16).text('Bordereau d’envoi');
  pdf
    .font('Helvetica')
    .fontSize(9)
    .fillColor('#475569')
    .text('À joindre au colis. Ne pas y écrire le nom du patient.');
  pdf.image(qr, pdf.page.width - 36 - 120, 36, { width: 120 });
  pdf.moveDown(3).fillColor('#0f172a');
  const line = (label: string, value: string) => {
    pdf.font('Helvetica').fontSize(9).fillColor('#475569').text(label, { width: 200 });
    pdf.font('Helvetica-Bold').fontSize(12).fillColor('#0f172a').text(value, { width: 230 }).moveDown(0.5);
  };
  line('Dossier', record.number);
  for (const { name, organisation } of recipients) line('Destinataire', `${name}, ${organisation}`);
  if (recipients.length === 0) {
    line('Destinataire', 'réseau non encore choisi : attendre avant l’envoi');
  }
  line('Expéditeur', `${record.organisationName}, ${record.organisationCity}`);
  line(
    'Déclaré le',
    new Intl.DateTimeFormat('fr-FR', { dateStyle: 'long', timeZone: 'Europe/Paris' }).format(
      shipment.declaredAt,
    ),
  );
  if (shipment.carrier)
    line('Transporteur', [shipment.carrier, shipment.trackingNumber].filter(Boolean).join(' — '));
  pdf.moveDown().font('Helvetica-Bold').fontSize(11).text('Contenu');
  pdf.font('Helvetica').fontSize(11);
  for (const item of shipment.items) {
    pdf.text(
      `•  ${item.count} ${ITEM_WORDS[item.kind][item.count > 1 ? 1 : 0]}${[item.label, item.stain].some(Boolean) ? ` : ${[item.label, item.stain].filter(Boolean).join(', ')}` : ''}`,
    );
  }
  pdf.moveDown(1.5).fontSize(9).fillColor('#475569');
  pdf.text(
    'À réception : lire le code avec un téléphone ou ouvrir le dossier dans Relecture, puis «\u00a0Colis reçu\u00a0».',
  );
  pdf.end();
  await finished;
  return Buffer.concat(chunks);
}
