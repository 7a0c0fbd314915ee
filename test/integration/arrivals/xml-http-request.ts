/** As much of a browser's XMLHttpRequest as dicomweb-client asks for, on fetch. */
export class XmlHttpRequest {
  responseType = '';
  response: unknown = null;
  status = 0;
  statusText = '';
  readyState = 0;
  readonly upload = {};
  onreadystatechange: () => void = () => undefined;
  onload: () => void = () => undefined;
  onloadstart: () => void = () => undefined;
  onloadend: () => void = () => undefined;
  onerror: (error: unknown) => void = () => undefined;
  readonly #headers = new Headers();
  #method = 'GET';
  #url = '';

  open(method: string, url: string): void {
    this.#method = method;
    this.#url = url;
  }

  setRequestHeader(name: string, value: string): void {
    this.#headers.set(name, value);
  }

  getResponseHeader(): string {
    return '';
  }

  getAllResponseHeaders(): string {
    return '';
  }

  send(body?: ArrayBuffer): void {
    fetch(this.#url, { method: this.#method, headers: this.#headers, ...(body ? { body } : {}) }).then(
      async (answer) => {
        this.status = answer.status;
        this.response = this.responseType === 'json' ? await answer.json() : await answer.arrayBuffer();
        this.readyState = 4;
        this.onreadystatechange();
        this.onload();
        this.onloadend();
      },
      (error: unknown) => this.onerror(error),
    );
  }
}
