import type { ParcelRecipient } from '@relecture/shared/cases/page.js';
import type { PostalAddress } from '@relecture/shared/users/schema.js';
import PDFDocument from 'pdfkit';
import QRCode from 'qrcode';
import type { CaseRecord, StoredShipment } from './model.js';

const ITEM_WORDS: Record<StoredShipment['items'][number]['kind'], [string, string]> = {
  block: ['Bloc de paraffine', 'Blocs de paraffine'],
  unstained_sections: ['Lame blanche', 'Lames blanches'],
  glass_slide: ['Lame de verre', 'Lames de verre'],
};

const INK = '#0f172a';
const QUIET = '#475569';
const mm = (length: number): number => (length * 72) / 25.4;
const LEFT = 18;
const WIDTH = 210 - 2 * LEFT;
/** An A4 folded in three; what lies above shows through a pouch, the rest does not. */
const FOLD = 99;
/** Where the window of a French envelope is. */
const WINDOW = { x: 108, y: 50, width: 84 };

interface SlipNeeds {
  readonly publicUrl: string;
  readonly sender: { readonly name: string; readonly city: string; readonly address?: PostalAddress | null };
  /** At least one; a page each, since a parcel goes to one house. */
  readonly recipients: readonly ParcelRecipient[];
}

/**
 * The slip of a parcel: folded in three, its top is the address to tape on the outside, the rest the list of contents.
 * It names the case, never the patient: the QR code holds the address of the case page, where whoever opens the parcel
 * signs in. References, which often are exam numbers, stay below the fold.
 */
export async function drawSlip(
  record: Pick<CaseRecord, '_id' | 'number'>,
  shipment: Pick<StoredShipment, 'items' | 'carrier' | 'trackingNumber' | 'declaredAt'>,
  { publicUrl, sender, recipients }: SlipNeeds,
): Promise<Buffer> {
  const qr = await QRCode.toBuffer(`${publicUrl}/cases/${String(record._id)}`, {
    width: 480,
    margin: 0,
    errorCorrectionLevel: 'M',
  });
  const pdf = new PDFDocument({
    size: 'A4',
    margin: mm(LEFT),
    autoFirstPage: false,
    info: { Title: `Bordereau d’envoi ${record.number}` },
  });
  const chunks: Buffer[] = [];
  pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
  const finished = new Promise<void>((resolve, reject) => {
    pdf.on('end', () => resolve());
    pdf.on('error', reject);
  });
  for (const recipient of recipients) {
    pdf.addPage();
    drawOutside(pdf, record.number, sender, recipient, qr);
    drawFold(pdf);
    drawContents(pdf, record.number, shipment, recipients.length > 1);
  }
  pdf.end();
  await finished;
  return Buffer.concat(chunks);
}

/** As the post reads it: who, where in the house, street, and the town in capitals on the last line. */
function postalLines(address: PostalAddress): string[] {
  return [address.street, `${address.postcode} ${address.town.toLocaleUpperCase('fr')}`];
}

function drawOutside(
  pdf: PDFKit.PDFDocument,
  number: string,
  sender: SlipNeeds['sender'],
  recipient: ParcelRecipient,
  qr: Buffer,
): void {
  small(pdf, 'EXPÉDITEUR', LEFT, 14);
  pdf
    .font('Helvetica-Bold')
    .fontSize(10)
    .fillColor(INK)
    .text(sender.name, { width: mm(80) });
  pdf.font('Helvetica').fontSize(10);
  const from = sender.address;
  const origin = from
    ? [from.service, ...postalLines(from), from.phone && `Tél. ${from.phone}`]
    : [sender.city];
  for (const line of origin.filter(Boolean)) pdf.text(line, { width: mm(80) });

  small(pdf, 'DOSSIER', LEFT, 58);
  pdf
    .font('Helvetica-Bold')
    .fontSize(22)
    .fillColor(INK)
    .text(number, { width: mm(80) });
  small(pdf, `Réseau ${recipient.networkId}`, LEFT, 74);
  pdf.text('Prélèvements fixés, blocs ou lames : fragile, craint la chaleur.', { width: mm(75) });
  pdf.image(qr, mm(210 - LEFT - 28), mm(12), { width: mm(28) });

  const { x, y, width } = WINDOW;
  small(pdf, 'DESTINATAIRE', x, y - 5);
  pdf.font('Helvetica-Bold').fontSize(12).fillColor(INK);
  pdf.text(recipient.organisation, mm(x), mm(y), { width: mm(width) });
  pdf.font('Helvetica').fontSize(11);
  const to = recipient.address;
  if (to?.service) pdf.text(to.service, { width: mm(width) });
  if (recipient.name) pdf.text(`À l’attention de ${recipient.name}`, { width: mm(width) });
  if (to) {
    for (const line of postalLines(to)) pdf.text(line, { width: mm(width) });
    if (to.phone) pdf.fontSize(10).text(`Tél. ${to.phone}`, { width: mm(width) });
  } else {
    // Never a parcel with half an address: room to write it.
    for (let line = 0; line < 2; line++) {
      pdf.moveDown(0.9);
      rule(pdf, x, pdf.y, width);
    }
    pdf.moveDown(0.3).fontSize(8).fillColor(QUIET);
    pdf.text('Adresse non renseignée dans Relecture : à compléter à la main.', { width: mm(width) });
  }
}

function drawFold(pdf: PDFKit.PDFDocument): void {
  pdf.save().dash(3, { space: 3 });
  rule(pdf, 0, mm(FOLD), 210);
  pdf.restore();
  small(
    pdf,
    'Plier ici : collez le haut sur le colis ou glissez-le sous une pochette. Le reste n’est pas visible.',
    LEFT,
    FOLD + 2,
  );
}

const COLUMNS = [
  { title: 'Contenu', at: 0, width: 52 },
  { title: 'Référence', at: 54, width: 48 },
  { title: 'Coloration', at: 104, width: 30 },
  { title: 'Nombre', at: 136, width: 16 },
  { title: 'À l’arrivée', at: 154, width: 20 },
] as const;

function drawContents(
  pdf: PDFKit.PDFDocument,
  number: string,
  { items, carrier, trackingNumber, declaredAt }: Parameters<typeof drawSlip>[1],
  severalHouses: boolean,
): void {
  pdf.font('Helvetica-Bold').fontSize(16).fillColor(INK);
  pdf.text(`Bordereau d’envoi – dossier ${number}`, mm(LEFT), mm(FOLD + 12), { width: mm(WIDTH) });
  pdf.font('Helvetica').fontSize(10).fillColor(QUIET);
  const day = new Intl.DateTimeFormat('fr-FR', { dateStyle: 'long', timeZone: 'Europe/Paris' });
  const travel = [carrier && `Transporteur : ${carrier}`, trackingNumber && `n° de suivi ${trackingNumber}`];
  pdf.text([`Préparé le ${day.format(declaredAt)}`, ...travel].filter(Boolean).join(' · '));
  pdf.text('N’écrivez le nom du patient ni sur le colis ni sur ce bordereau.');
  if (severalHouses) {
    pdf.text('Plusieurs réseaux lisent ce dossier : une page par destinataire. Joignez celle du colis.');
  }
  pdf.moveDown();

  const heading = pdf.y;
  for (const { title, at, width } of COLUMNS) {
    pdf.font('Helvetica-Bold').fontSize(9).fillColor(QUIET);
    pdf.text(title, mm(LEFT + at), heading, { width: mm(width) });
  }
  let y = heading + mm(6);
  for (const { kind, label, stain, count } of items) {
    rule(pdf, LEFT, y, WIDTH);
    const cells = [ITEM_WORDS[kind][count > 1 ? 1 : 0], label, stain, String(count)];
    pdf.font('Helvetica').fontSize(11).fillColor(INK);
    const heights = cells.map((text, index) =>
      pdf.heightOfString(text || ' ', { width: mm(COLUMNS[index]?.width ?? 0) }),
    );
    const height = Math.max(...heights) + mm(4);
    if (y + height > mm(297 - LEFT)) {
      pdf.addPage();
      y = mm(LEFT);
    }
    for (const [index, text] of cells.entries()) {
      const column = COLUMNS[index];
      if (column) pdf.text(text, mm(LEFT + column.at), y + mm(2), { width: mm(column.width) });
    }
    pdf
      .rect(mm(LEFT + COLUMNS[4].at + 4), y + mm(1.8), mm(4), mm(4))
      .lineWidth(0.7)
      .stroke(QUIET);
    y += height;
  }
  rule(pdf, LEFT, y, WIDTH);
  if (y > mm(297 - LEFT - 30)) {
    pdf.addPage();
    y = mm(LEFT);
  }
  pdf.font('Helvetica').fontSize(10).fillColor(INK);
  pdf.text(
    'À réception : lisez le code avec un téléphone, ou ouvrez le dossier dans Relecture, puis « Colis reçu ».',
    mm(LEFT),
    y + mm(6),
    { width: mm(WIDTH) },
  );
  pdf
    .moveDown()
    .text('Reçu le ........................   État ................................................');
}

function small(pdf: PDFKit.PDFDocument, text: string, x: number, y: number): void {
  pdf
    .font('Helvetica')
    .fontSize(8)
    .fillColor(QUIET)
    .text(text, mm(x), mm(y), { width: mm(WIDTH) });
}

/** `x` and `width` in millimetres, `y` in points, where the pen is. */
function rule(pdf: PDFKit.PDFDocument, x: number, y: number, width: number): void {
  pdf
    .moveTo(mm(x), y)
    .lineTo(mm(x + width), y)
    .lineWidth(0.5)
    .stroke('#94a3b8');
}
