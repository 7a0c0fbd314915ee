import { fingerprintOf } from './upload-memory';

/**
 * Which file a slide came from, for the person who sent it. The server never learns the name, for it may hold the
 * patient's: it stays in this browser until the case is sent, the person signs out, or a week has gone by.
 */
const PREFIX = 'relecture.file.';
const KEEP_MS = 7 * 24 * 3600 * 1000;

interface KnownFile {
  name: string;
  caseId: string;
  fingerprint: string;
  at: string;
}

export async function rememberFile(slideId: string, caseId: string, file: File): Promise<void> {
  const fingerprint = await fingerprintOf(file, caseId);
  const known: KnownFile = { name: file.name, caseId, fingerprint, at: new Date().toISOString() };
  localStorage.setItem(`${PREFIX}${slideId}`, JSON.stringify(known));
}

function known(key: string): KnownFile | null {
  const text = localStorage.getItem(key);
  if (text === null) return null;
  const file = JSON.parse(text) as KnownFile;
  if (Date.now() - Date.parse(file.at) <= KEEP_MS) return file;
  localStorage.removeItem(key);
  return null;
}

export const fileNameOf = (slideId: string): string | null => known(`${PREFIX}${slideId}`)?.name ?? null;

/** Whether this is the file the slide began with: by its size, and by its first bytes where this browser sent them. */
export async function isSameFile(slide: { id: string; caseId: string; bytes: number }, file: File) {
  if (file.size !== slide.bytes) return false;
  const before = known(`${PREFIX}${slide.id}`);
  return before === null || before.fingerprint === (await fingerprintOf(file, slide.caseId));
}

/** Without a case: all of them. */
export function forgetFiles(caseId?: string): void {
  for (const key of Object.keys(localStorage).filter((name) => name.startsWith(PREFIX)))
    if (caseId === undefined || known(key)?.caseId === caseId) localStorage.removeItem(key);
}
