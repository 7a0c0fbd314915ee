import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';

export interface MailSink {
  readonly url: string;
  /** Everything that was sent so far, as it went over the wire. */
  received(): string;
  /** Settles once something has come. */
  readonly first: Promise<void>;
  stop(): Promise<void>;
}

/** A mail server that takes everything and keeps it (RFC 5321, no more than a sender needs). */
export async function startMailSink(): Promise<MailSink> {
  const wire: string[] = [];
  const sockets = new Set<Socket>();
  let tell: () => void = () => undefined;
  const first = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const server: Server = createServer((socket) => {
    sockets.add(socket.setEncoding('utf8'));
    socket.on('close', () => sockets.delete(socket));
    let inData = false;
    let rest = '';
    socket.write('220 sink\r\n');
    socket.on('data', (chunk: string) => {
      wire.push(chunk);
      rest += chunk;
      const lines = rest.split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (inData) {
          if (line !== '.') continue;
          inData = false;
          tell();
          socket.write('250 kept\r\n');
        } else if (line === 'DATA') {
          inData = true;
          socket.write('354 go on\r\n');
        } else if (line === 'QUIT') socket.end('221 bye\r\n');
        else socket.write('250 ok\r\n');
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: () => wire.join(''),
    first,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
