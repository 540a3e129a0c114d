import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a request asked for, as the tests look at it. */
export interface Asked {
  path: string;
  headers: IncomingMessage['headers'];
  // biome-ignore lint/suspicious/noExplicitAny: a body of either interface
  body: any;
  /** When it came, milliseconds. */
  at: number;
  /** How many came before it with the same seed and prompt. */
  before: number;
}

export type Reply = (response: ServerResponse, asked: Asked) => void;

/** A server on this machine that answers as `reply` says, and remembers what it was asked. */
export async function serve(reply: Reply) {
  const asked: Asked[] = [];
  const load = { now: 0, most: 0 };
  const server = createServer((request, response) => {
    load.now += 1;
    load.most = Math.max(load.most, load.now);
    response.once('close', () => {
      load.now -= 1;
    });
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    request.on('end', () => {
      const body = JSON.parse(text);
      const same = (one: Asked) => one.body.seed === body.seed && one.body.prompt === body.prompt;
      const { url = '', headers } = request;
      const one = { path: url, headers, body, at: performance.now(), before: asked.filter(same).length };
      asked.push(one);
      reply(response, one);
    });
    request.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    load,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

export function json(response: ServerResponse, value: unknown, status = 200, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
}

/** One whole answer, in both interfaces' forms. */
export function completion(text: string, more: Record<string, unknown> = {}) {
  const choice = { index: 0, text, message: { role: 'assistant', content: text }, finish_reason: 'stop' };
  return { choices: [{ ...choice, ...more }], usage: { completion_tokens: text.length } };
}

/** What can go wrong on the way, all of it worth another try. */
export const FAULTS: Record<string, (response: ServerResponse, answer: unknown) => void> = {
  'drops before a byte': (response) => response.destroy(),
  'drops in the middle': (response, answer) => {
    const text = JSON.stringify(answer);
    response.writeHead(200, { 'content-length': text.length }).write(text.slice(0, 20));
    setTimeout(() => response.destroy(), 20);
  },
  'ends too early': (response, answer) => {
    response.writeHead(200).end(JSON.stringify(answer).slice(0, -12));
  },
  garbage: (response) => {
    response.writeHead(200).end('<html>\u001b[31mnot \u0000JSON</html>');
  },
  'too many requests': (response) =>
    json(response, { error: { message: 'slow down' } }, 429, { 'retry-after': '0' }),
  'server error': (response) => json(response, { error: 'out of memory' }, 500),
  'bad gateway': (response) => {
    response.writeHead(502).end('upstream gone');
  },
  drip: (response, answer) => {
    const text = JSON.stringify(answer);
    response.writeHead(200, { 'content-length': text.length });
    let sent = 0;
    const drop = setInterval(() => response.write(text[sent++ % text.length]!), 30);
    response.once('close', () => clearInterval(drop));
  },
};
