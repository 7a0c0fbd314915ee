import type { PreviousUpload, UrlStorage } from 'tus-js-client';

/**
 * What lets an upload resume after a reload: where it went, by a fingerprint of its first bytes. Neither a file name
 * nor anything typed is kept here, for a scanner's file name often holds the patient's.
 */
const PREFIX = 'relecture.upload.';
const KEEP_MS = 24 * 3600 * 1000;

/** 53 bits over the first bytes (cyrb53), with the size and the date: enough to know the same file again. */
export async function fingerprintOf(file: File, caseId: string): Promise<string> {
  const bytes = new Uint8Array(await file.slice(0, 65_536).arrayBuffer());
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (const byte of bytes) {
    high = Math.imul(high ^ byte, 2_654_435_761);
    low = Math.imul(low ^ byte, 1_597_334_677);
  }
  const hash = ((low >>> 0) * 0x200000 + ((high >>> 0) & 0x1fffff)).toString(36);
  return `${caseId}.${hash}.${file.size}.${file.lastModified}`;
}

interface Kept {
  url: string;
  at: string;
  size: number | null;
  slideId: string | null;
}

function previous(key: string): PreviousUpload | null {
  const text = localStorage.getItem(key);
  if (text === null) return null;
  const kept = JSON.parse(text) as Kept;
  if (Date.now() - Date.parse(kept.at) > KEEP_MS) {
    localStorage.removeItem(key);
    return null;
  }
  return {
    size: kept.size,
    metadata: kept.slideId === null ? {} : { slideId: kept.slideId },
    creationTime: kept.at,
    urlStorageKey: key,
    uploadUrl: kept.url,
    parallelUploadUrls: null,
  };
}

const found = (prefix: string) =>
  Object.keys(localStorage)
    .filter((key) => key.startsWith(prefix))
    .flatMap((key) => previous(key) ?? []);

/** `slideId`: the slide the server opened for this upload, told by its first answer. */
export const rememberUpload = (slideId: () => string | null): UrlStorage => ({
  findAllUploads: async () => found(PREFIX),
  findUploadsByFingerprint: async (fingerprint) => found(`${PREFIX}${fingerprint}`),
  removeUpload: async (key) => localStorage.removeItem(key),
  addUpload: async (fingerprint, upload) => {
    const key = `${PREFIX}${fingerprint}`;
    const kept: Kept = {
      // In the types the address is nullable: without parallel uploads it is always there.
      url: upload.uploadUrl ?? '',
      at: new Date().toISOString(),
      size: upload.size,
      slideId: slideId(),
    };
    localStorage.setItem(key, JSON.stringify(kept));
    return key;
  },
});
