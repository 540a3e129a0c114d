import { type IncomingMessage, Agent as PlainAgent, request as plainRequest } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import type { LookupFunction } from 'node:net';

// Why Node's own client and no library: fetch ends every request whose first byte takes longer than five minutes, and
// only a further package changes that; the openai package brings its own retries, and hides which address is asked.

/** What came back: a whole response, or the reason why there is none. */
export type Reply = { status: number; retryAfter: string | null; body: string } | { dropped: string };

/** An answer larger than this is no answer (bytes). */
const MOST_BYTES = 64 * 2 ** 20;

/** `localhost` is this machine, whatever a resolver says; none is asked. */
const loopbackOnly: LookupFunction = (_, { all }, found) => {
  if (all)
    found(null, [
      { address: '127.0.0.1', family: 4 },
      { address: '::1', family: 6 },
    ]);
  else found(null, '127.0.0.1', 4);
};

/**
 * Sends requests to one server over connections that are kept. The only place of the engine that opens a socket.
 * Redirects are not followed: the user named one server.
 */
export class Client {
  readonly #agent: PlainAgent;

  constructor(
    /** The endpoint's base. */
    readonly url: string,
    private readonly key: string | null,
    private readonly timeoutMs: number,
    connections: number,
  ) {
    const options = { keepAlive: true, maxSockets: connections };
    this.#agent = url.startsWith('https:') ? new SecureAgent(options) : new PlainAgent(options);
  }

  /** Posts JSON once. Never rejects; after an abort of the signal the reply says so. */
  post(path: string, body: unknown, signal: AbortSignal): Promise<Reply> {
    const url = new URL(`${this.url}${path}`);
    const text = Buffer.from(JSON.stringify(body));
    const send = url.protocol === 'https:' ? secureRequest : plainRequest;
    return new Promise((resolve) => {
      const sent = send(url, {
        method: 'POST',
        agent: this.#agent,
        signal,
        headers: {
          'content-type': 'application/json',
          'content-length': text.length,
          accept: 'application/json',
          ...(this.key === null ? {} : { authorization: `Bearer ${this.key}` }),
        },
        ...(url.hostname === 'localhost' ? { lookup: loopbackOnly } : {}),
      });
      // Of the whole request: a server that sends a byte now and then does not hold it open.
      const clock = setTimeout(() => {
        done({ dropped: `no whole answer within ${this.timeoutMs / 1000} s` });
        sent.destroy();
      }, this.timeoutMs);
      const done = (reply: Reply) => {
        clearTimeout(clock);
        resolve(reply);
      };
      sent.on('error', (error) => done({ dropped: reasonOf(error) }));
      sent.on('response', (response) => {
        read(response).then(done, (error) => {
          done({ dropped: reasonOf(error) });
          sent.destroy();
        });
      });
      sent.end(text);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

async function read(response: IncomingMessage): Promise<Reply> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += (chunk as Buffer).length;
    if (bytes > MOST_BYTES) throw new Error(`an answer of more than ${MOST_BYTES / 2 ** 20} MiB`);
    chunks.push(chunk as Buffer);
  }
  if (!response.complete) throw new Error('the answer broke off');
  const { statusCode = 0, headers } = response;
  return {
    status: statusCode,
    retryAfter: headers['retry-after'] ?? null,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

/** An AggregateError of several addresses has no message of its own. */
function reasonOf(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException;
  return message || code || 'the connection failed';
}
