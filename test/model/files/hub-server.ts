import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fixture } from '../../root.js';

/** How the hub and its store answer; may be changed while they run. */
export interface HubBehaviour {
  contents: Buffer;
  /** What the hub says of the contents; null: nothing. */
  sha256: string | null;
  /** The hub's answer to whoever has no right token. */
  refuse: number | null;
  token: string | null;
  /** Whether the hub has the contents itself, as mirrors do. */
  mirror: boolean;
  /** Whether the store knows ranges. */
  ranges: boolean;
  /** Bytes after which the store breaks a connection, one for each transfer in turn. */
  breaks: number[];
  /** Transfers that begin at this byte or later get nothing. */
  hangFrom: number;
}

export interface HubRequest {
  to: 'hub' | 'store';
  method: string;
  path: string;
  range: string | null;
  authorization: string | null;
}

export interface HubServer {
  endpoint: string;
  behaviour: HubBehaviour;
  requests: HubRequest[];
  closeStore(): Promise<void>;
  close(): Promise<void>;
}

export const HUB_PATH = 'someone/Some-Model-GGUF/Some-Model.Q8_0.gguf';

/** The random model, made 12 MiB long by bytes that are nowhere the same: three of the downloader's chunks. */
export function longModel(): Buffer {
  const filler = Buffer.alloc(12 << 20);
  for (let at = 0; at < filler.length; at += 4) filler.writeUInt32LE(at, at);
  return Buffer.concat([readFileSync(fixture('random.gguf')), filler]);
}

export function sha256Of(contents: Buffer): string {
  return createHash('sha256').update(contents).digest('hex');
}

/** A hub that leads to a store of another origin, as the real one does, both on this machine. */
export async function startHub(contents: Buffer): Promise<HubServer> {
  const behaviour: HubBehaviour = {
    ...{ contents, sha256: sha256Of(contents), refuse: null, token: null, mirror: false, ranges: true },
    ...{ breaks: [], hangFrom: Number.POSITIVE_INFINITY },
  };
  const requests: HubRequest[] = [];
  const note = (to: HubRequest['to'], { method, url, headers }: IncomingMessage) => {
    const { range = null, authorization = null } = headers;
    requests.push({ to, method: method ?? '', path: url ?? '', range, authorization });
  };
  const store = createServer((request, response) => {
    note('store', request);
    serve(request, response, behaviour);
  });
  const storeAt = await listen(store);
  const hub = createServer((request, response) => {
    note('hub', request);
    direct(request, response, behaviour, `${storeAt}/signed/0123abcd?permission=yes`);
  });
  const endpoint = await listen(hub);
  const closeStore = () => close(store);
  return {
    endpoint,
    behaviour,
    requests,
    closeStore,
    close: async () => void (await Promise.all([closeStore(), close(hub)])),
  };
}

function direct(
  request: IncomingMessage,
  response: ServerResponse,
  behaviour: HubBehaviour,
  store: string,
): void {
  const { url, headers } = request;
  const { refuse, token, sha256, contents } = behaviour;
  const [owner, repository, ...file] = HUB_PATH.split('/');
  const allowed = token !== null && headers.authorization === `Bearer ${token}`;
  if (refuse !== null && !allowed) response.writeHead(refuse).end();
  else if (url !== `/${owner}/${repository}/resolve/main/${file.join('/')}`) response.writeHead(404).end();
  else if (behaviour.mirror) serve(request, response, behaviour);
  else {
    if (sha256 !== null) response.setHeader('x-linked-etag', `"${sha256}"`);
    response.writeHead(302, { location: store, 'x-linked-size': contents.length }).end();
  }
}

function serve({ headers }: IncomingMessage, response: ServerResponse, behaviour: HubBehaviour): void {
  const { contents, ranges, breaks, hangFrom } = behaviour;
  const range = ranges ? /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') : null;
  const [from, to] = range ? [Number(range[1]), Number(range[2]) + 1] : [0, contents.length];
  const part = contents.subarray(from, to);
  if (ranges) response.setHeader('accept-ranges', 'bytes');
  if (range) response.setHeader('content-range', `bytes ${from}-${to - 1}/${contents.length}`);
  response.writeHead(range ? 206 : 200, { 'content-length': part.length });
  const transfer = part.length > 1 && (range !== null || !ranges);
  if (transfer && from >= hangFrom) response.flushHeaders();
  else if (transfer && breaks.length > 0)
    response.write(part.subarray(0, breaks.shift()), () => response.destroy());
  else response.end(part);
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () =>
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    );
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
