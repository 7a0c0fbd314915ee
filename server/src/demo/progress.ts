/** What a step says while it works: one live line on a terminal, plain lines elsewhere. */
export interface Progress {
  line(text: string): void;
  /** How far a part has come, 0 to 1; parts may overlap. */
  part(name: string, share: number): void;
}

/** Elsewhere than on a terminal, a part is told each time it has come so much further. */
const PLAIN_STEP = 0.25;

export function createProgress(
  out: Pick<NodeJS.WriteStream, 'write'> & { readonly isTTY?: boolean },
): Progress {
  const live = out.isTTY === true;
  const parts = new Map<string, number>();
  const told = new Map<string, number>();
  const percent = (share: number) => `${Math.floor(share * 100)} %`;
  return {
    line(text) {
      out.write(live ? `\r\x1b[K${text}\n` : `${text}\n`);
    },
    part(name, share) {
      if (live) {
        if (share >= 1) parts.delete(name);
        else parts.set(name, share);
        const running = [...parts].map(([part, done]) => `${part} : ${percent(done)}`);
        out.write(`\r\x1b[K${running.length > 0 ? `  ${running.join(' · ')}` : ''}`);
      } else if (share >= 1 || share - (told.get(name) ?? 0) >= PLAIN_STEP) {
        told.set(name, share);
        out.write(`  ${name} : ${percent(share)}\n`);
      }
    },
  };
}
