/** Kinds of file a scanner writes, for the folders dropped; a file dropped by itself is always tried. */
const SLIDE_NAMES = /\.(svs|svslide|tiff?|btf|ndpi|mrxs|scn|bif|vms|vmu|czi|dcm|jpe?g|png|isyntax)$/i;

export interface Dropped {
  files: File[];
  /** Files of folders left aside because they are no slides (thumbnails, notes, settings). */
  leftAside: number;
}

/** Files and whole folders, from a drop. Entries must be taken before the first pause: the browser then forgets them. */
export async function readDrop(transfer: DataTransfer): Promise<Dropped> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry?.() ?? []);
  if (entries.length === 0) return { files: [...transfer.files], leftAside: 0 };
  const result: Dropped = { files: [], leftAside: 0 };
  for (const entry of entries) await walk(entry, false, result);
  return result;
}

/** Files chosen by a folder picker. */
export function keepSlides(list: Iterable<File>): Dropped {
  const all = [...list];
  const files = all.filter((file) => SLIDE_NAMES.test(file.name));
  return { files, leftAside: all.length - files.length };
}

async function walk(entry: FileSystemEntry, inFolder: boolean, result: Dropped): Promise<void> {
  if (entry.isFile) {
    if (inFolder && !SLIDE_NAMES.test(entry.name)) {
      result.leftAside += 1;
      return;
    }
    result.files.push(
      await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)),
    );
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    // A reader gives a hundred entries at a time, then none.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return;
    for (const child of some) await walk(child, true, result);
  }
}
