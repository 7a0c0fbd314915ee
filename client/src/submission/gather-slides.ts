import { type ArchivedFile, zipFiles } from './zip-files';

/** Kinds of file a scanner writes, for the folders dropped; a file dropped by itself is always tried. */
const SLIDE_NAMES = /\.(svs|svslide|tiff?|btf|ndpi|scn|bif|vmu|czi|jpe?g|png|isyntax|zip)$/i;
const DICOM_START = 128;
/** The header of a scanner's file fits; the number of its series stands near its beginning. */
const DICOM_HEAD = 16 * 1024;

export interface Gathered {
  files: File[];
  /** Files of folders left aside because they are no slides (thumbnails, notes, settings). */
  leftAside: number;
}

/** A file with its place in what was dropped; `chosen`: by itself, not with a folder. */
export interface Dropped extends ArchivedFile {
  readonly chosen: boolean;
}

/**
 * The slides among what was dropped. A slide of several files (MRXS with its folder, VMS with its images, a DICOM
 * series) becomes one archive, in which nothing is called by the name it has here where that can be.
 */
export async function gatherSlides(dropped: readonly Dropped[]): Promise<Gathered> {
  const rest = new Set(dropped);
  const files: File[] = [];
  const take = async (members: readonly Dropped[], name: (member: Dropped) => string, title: string) => {
    for (const member of members) rest.delete(member);
    const named = members.map((member) => ({ path: name(member), file: member.file }));
    // The order of a folder is the browser's own; the archive must be the same each time.
    named.sort((a, b) => (a.path < b.path ? -1 : 1));
    files.push(await zipFiles(named, `${title}.zip`));
  };

  for (const main of dropped.filter(({ path }) => /\.mrxs$/i.test(path))) {
    const stem = main.path.slice(0, -5);
    const members = dropped.filter(({ path }) => path.startsWith(`${stem}/`));
    if (members.length === 0) continue;
    await take([main, ...members], ({ path }) => `lame${path.slice(stem.length)}`, baseOf(stem));
  }
  for (const main of dropped.filter(({ path }) => /\.vms$/i.test(path))) {
    const text = await main.file.slice(0, 1024 * 1024).text();
    const folder = folderOf(main.path);
    // The text names its images: they keep their names.
    const members = [...rest].filter(
      ({ path }) => folderOf(path) === folder && text.includes(`=${baseOf(path)}`),
    );
    if (members.length > 0)
      await take([main, ...members], ({ path }) => baseOf(path), baseOf(main.path).slice(0, -4));
  }
  for (const [title, members] of await dicomSeries([...rest])) {
    const places = new Map(members.map((member, n) => [member, `${String(n).padStart(4, '0')}.dcm`]));
    if (members.length > 1) await take(members, (member) => places.get(member) ?? '', title);
    else for (const member of members) if (rest.delete(member)) files.push(member.file);
  }
  let leftAside = 0;
  for (const { file, chosen } of rest) {
    if (chosen || SLIDE_NAMES.test(file.name) || /\.(mrxs|vms)$/i.test(file.name)) files.push(file);
    else leftAside += 1;
  }
  return { files, leftAside };
}

const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1);
const baseOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/** By the number of the series, which all levels of a slide share; in the order of their places. */
async function dicomSeries(dropped: readonly Dropped[]): Promise<Array<[string, Dropped[]]>> {
  const bySeries = new Map<string, Dropped[]>();
  for (const item of dropped.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    if (SLIDE_NAMES.test(item.path) || item.file.size <= DICOM_START + 4) continue;
    const head = new TextDecoder('latin1').decode(await item.file.slice(0, DICOM_HEAD).arrayBuffer());
    if (head.slice(DICOM_START, DICOM_START + 4) !== 'DICM' || /DICOMDIR$/i.test(item.path)) continue;
    const series = seriesOf(head) ?? folderOf(item.path);
    bySeries.set(series, [...(bySeries.get(series) ?? []), item]);
  }
  return [...bySeries.values()].map((members) => [titleOf(members), members]);
}

/** SeriesInstanceUID (0020,000E), in explicit or implicit VR. */
function seriesOf(head: string): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the bytes of a tag
  return /\x20\x00\x0e\x00(?:UI..|..\x00\x00)([0-9.]{3,64})/s.exec(head)?.[1] ?? null;
}

/** As the person knows it: by its folder, or by its first file. */
function titleOf(members: readonly Dropped[]): string {
  const path = members[0]?.path ?? '';
  return baseOf(folderOf(path).slice(0, -1)) || baseOf(path);
}
