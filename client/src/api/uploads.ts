import { DefaultHttpStack, type HttpRequest, type HttpStack, Upload } from 'tus-js-client';
import { ApiProblem, NETWORK_DOWN } from './problem';
import { freshToken, renew } from './session';
import { fingerprintOf, rememberUpload } from './upload-memory';

const ENDPOINT = '/api/uploads';
/** A cut loses at most this much; each piece carries its own checksum. */
const CHUNK = 4 * 1024 * 1024;
/** Then the row says so and waits for the person, or for the network to come back. */
const RETRY_DELAYS = [500, 1000, 3000, 5000, 10_000, 20_000, 30_000, 60_000];

interface TransferEvents {
  onSlide: (slideId: string) => void;
  onProgress: (sent: number) => void;
  /** In how many milliseconds the next try comes. */
  onRetry: (delay: number) => void;
  onDone: () => void;
  onFailure: (problem: ApiProblem) => void;
}

export interface TransferOptions extends TransferEvents {
  caseId: string;
  file: File;
  stain: string;
  block: string;
}

/** One file on its way, resumable (tus 1.0). */
export class Transfer {
  readonly #upload: Upload;
  readonly #options: TransferOptions;
  #slideId: string | null = null;

  constructor(options: TransferOptions) {
    this.#options = options;
    const { caseId, file } = options;
    this.#upload = new Upload(file, {
      endpoint: ENDPOINT,
      chunkSize: CHUNK,
      retryDelays: RETRY_DELAYS,
      metadata: {
        caseId,
        // A scanner's file name often holds the patient's: only its kind travels.
        filename: `lame${extensionOf(file.name)}`,
        ...(options.stain ? { stain: options.stain } : {}),
        ...(options.block ? { block: options.block } : {}),
      },
      fingerprint: () => fingerprintOf(file, caseId),
      urlStorage: rememberUpload(() => this.#slideId),
      removeFingerprintOnSuccess: true,
      httpStack: checksummed,
      onBeforeRequest: async (request) => {
        const token = await freshToken();
        if (token) request.setHeader('Authorization', `Bearer ${token}`);
        request.setHeader('Accept-Language', document.documentElement.lang);
      },
      onAfterResponse: (_request, response) => {
        const slideId = response.getHeader('Slide-Id');
        if (slideId) this.#learn(slideId);
      },
      onShouldRetry: (error, attempt) => {
        const status = error.originalResponse?.getStatus() ?? 0;
        if (status === 401) renew().catch(() => undefined);
        const again = status === 0 || status >= 500 || [401, 409, 423, 429, 460].includes(status);
        if (again && status !== 507) options.onRetry(RETRY_DELAYS[attempt] ?? 0);
        return again && status !== 507;
      },
      onProgress: (sent) => options.onProgress(sent),
      onSuccess: () => options.onDone(),
      onError: (error) => options.onFailure(problemOf(error)),
    });
  }

  async start(): Promise<void> {
    const [previous] = await this.#upload.findPreviousUploads();
    if (previous) {
      this.#upload.resumeFromPreviousUpload(previous);
      if (previous.metadata.slideId) this.#learn(previous.metadata.slideId);
    }
    this.#upload.start();
  }

  async pause(): Promise<void> {
    await this.#upload.abort();
  }

  resume(): void {
    this.#upload.start();
  }

  /** Stops and tells the server to forget what it has received. */
  async cancel(): Promise<void> {
    await this.#upload.abort(true).catch((error: unknown) => {
      throw problemOf(error);
    });
  }

  #learn(slideId: string): void {
    this.#slideId = slideId;
    this.#options.onSlide(slideId);
  }

  get file(): File {
    return this.#options.file;
  }
}

const extensionOf = (name: string) => /\.[a-z0-9]{1,8}$/i.exec(name)?.[0].toLowerCase() ?? '';

function problemOf(error: unknown): ApiProblem {
  const response = (error as { originalResponse?: { getStatus(): number; getBody(): string } | null })
    .originalResponse;
  if (!response) return new ApiProblem({ status: 0, code: NETWORK_DOWN }, error);
  const fallback = { status: response.getStatus(), code: 'UNEXPECTED' };
  try {
    return new ApiProblem({ ...fallback, ...(JSON.parse(response.getBody()) as object) }, error);
  } catch {
    // Not JSON: a proxy in between spoke. The status says enough.
    return new ApiProblem(fallback, error);
  }
}

/** Adds `Upload-Checksum` to each piece, where the browser can hash (https, or this machine). */
const inner = new DefaultHttpStack({});
const checksummed: HttpStack = {
  getName: () => 'ChecksummedHttpStack',
  createRequest(method, url) {
    const request = inner.createRequest(method, url);
    if (method !== 'PATCH' || !globalThis.crypto?.subtle) return request;
    return withChecksum(request);
  },
};

function withChecksum(request: HttpRequest): HttpRequest {
  return {
    getMethod: () => request.getMethod(),
    getURL: () => request.getURL(),
    setHeader: (name, value) => request.setHeader(name, value),
    getHeader: (name) => request.getHeader(name),
    setProgressHandler: (handler) => request.setProgressHandler(handler),
    abort: () => request.abort(),
    getUnderlyingObject: () => request.getUnderlyingObject(),
    async send(body: Blob | null) {
      if (body && body.size > 0) {
        const digest = await crypto.subtle.digest('SHA-256', await body.arrayBuffer());
        const base64 = btoa(String.fromCharCode(...new Uint8Array(digest)));
        request.setHeader('Upload-Checksum', `sha256 ${base64}`);
      }
      return request.send(body);
    },
  };
}
