import type { Dropped } from './gather-slides';

/** Files and whole folders, from a drop. Entries must be taken before the first pause: the browser then forgets them. */
export async function readDrop(transfer: DataTransfer): Promise<Dropped[]> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry?.() ?? []);
  if (entries.length === 0) return chosenFiles(transfer.files);
  const result: Dropped[] = [];
  for (const entry of entries) await walk(entry, false, result);
  return result;
}

export const chosenFiles = (list: Iterable<File>): Dropped[] =>
  [...list].map((file) => ({ path: file.name, file, chosen: true }));

/** Files chosen by a folder picker. */
export const filesOfFolder = (list: Iterable<File>): Dropped[] =>
  [...list].map((file) => ({ path: file.webkitRelativePath || file.name, file, chosen: false }));

async function walk(entry: FileSystemEntry, inFolder: boolean, result: Dropped[]): Promise<void> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    result.push({ path: entry.fullPath.replace(/^\//, ''), file, chosen: !inFolder });
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
