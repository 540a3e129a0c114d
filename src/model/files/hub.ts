import { setTimeout as sleep } from 'node:timers/promises';
import { ModelError } from '../../error.js';

/**
 * Where a file of the Hugging Face hub lies, and what the hub says its contents are. The hub answers a HEAD of
 * `ENDPOINT/OWNER/REPOSITORY/resolve/main/FILE` with the SHA-256 (`x-linked-etag`), the size (`x-linked-size`) and
 * a redirection to a store. The token is sent to the hub alone: the store's address carries its own permission.
 */

/** How the hub is reached. */
export interface HubAccess {
  /** `https://huggingface.co`, or a mirror's. */
  endpoint: string;
  /** For repositories that are not public; null: none. */
  token: string | null;
  /** Before a request that failed is tried again, each time, milliseconds. */
  retryMs: readonly number[];
  signal: AbortSignal;
}

export interface HubFile {
  /** Where the contents are. */
  url: string;
  /** To be sent with a request for them. */
  headers: Record<string, string>;
  /** Null where the hub does not say. */
  bytes: number | null;
  /** Hex; null where the hub does not say. */
  sha256: string | null;
}

/** An answer that takes longer is no answer. */
const ANSWER_MS = 30_000;
const REDIRECTIONS = 5;
const SHA256 = /^"?([0-9a-f]{64})"?$/;

/**
 * Asks the hub for `OWNER/REPOSITORY/FILE`, and its store for the first byte.
 * @throws ModelError when the path is no such one, nobody answers, or the file is not to be had.
 */
export async function findOnHub(path: string, access: HubAccess): Promise<HubFile> {
  const first = hubUrl(path, access.endpoint);
  const own = access.token === null ? {} : { authorization: `Bearer ${access.token}` };
  const found: HubFile = { url: first.href, headers: own, bytes: null, sha256: null };
  for (let hop = 0; hop <= REDIRECTIONS; hop++) {
    const answer = await ask(found.url, { method: 'HEAD', headers: found.headers }, path, access);
    found.sha256 ??=
      SHA256.exec(answer.headers.get('x-linked-etag') ?? answer.headers.get('etag') ?? '')?.[1] ?? null;
    const size =
      answer.headers.get('x-linked-size') ?? (answer.ok ? answer.headers.get('content-length') : null);
    if (size !== null) found.bytes ??= Number(size);
    const next = answer.headers.get('location');
    if (answer.ok || next === null) return found;
    found.url = new URL(next, found.url).href;
    if (new URL(found.url).origin === first.origin) continue;
    // A store's address is signed for a GET, so no HEAD: one byte tells whether it answers.
    found.headers = {};
    const probe = await ask(found.url, { headers: { range: 'bytes=0-0' }, redirect: 'follow' }, path, access);
    await probe.body?.cancel();
    return found;
  }
  throw new ModelError(
    `Expected ${first.href} to lead to a file, but it leads from one address to the next; check HF_ENDPOINT.`,
  );
}

function hubUrl(path: string, endpoint: string): URL {
  const parts = /^([\w.-]+\/[\w.-]+)\/(.+\.gguf)$/i.exec(path);
  if (parts === null || /(^|\/)\.\.?(\/|$)/.test(path))
    throw new ModelError(
      `Expected a known model or OWNER/REPOSITORY/FILE.gguf of the hub, got "${path}"; \`coderm models\` lists the known ones.`,
    );
  if (/-\d{5}-of-\d{5}\.gguf$/i.test(path))
    throw new ModelError(
      `Expected a model in one file, but ${path} is one of several parts; choose a file that is whole.`,
    );
  const file = parts[2]!.split('/').map(encodeURIComponent).join('/');
  const base = URL.canParse(endpoint) ? new URL(endpoint) : null;
  if (base === null || !/^https?:$/.test(base.protocol))
    throw new ModelError(
      `Expected HF_ENDPOINT to be an http or https address, got "${endpoint}"; set it to one, or unset it.`,
    );
  return new URL(`${base.href.replace(/\/*$/, '/')}${parts[1]}/resolve/main/${file}`);
}

async function ask(url: string, init: RequestInit, path: string, access: HubAccess): Promise<Response> {
  const { signal, retryMs } = access;
  for (let attempt = 0; ; attempt++) {
    const answer = await fetch(url, {
      redirect: 'manual',
      ...init,
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
    }).catch((error: Error) => error);
    signal.throwIfAborted();
    const again = answer instanceof Error || answer.status >= 500 || answer.status === 429;
    if (!again && answer.status < 400) return answer;
    const wait = retryMs[attempt];
    if (!again || wait === undefined) throw refusal(new URL(url).host, path, answer, access.token !== null);
    await sleep(wait, undefined, { signal });
  }
}

function refusal(host: string, path: string, answer: Response | Error, withToken: boolean): ModelError {
  if (answer instanceof Error) {
    const { code, message } = (answer.cause ?? answer) as NodeJS.ErrnoException;
    return new ModelError(
      `Expected an answer from ${host}, but there was none (${code ?? message}); check the network and HF_ENDPOINT.`,
      { cause: answer },
    );
  }
  const { status } = answer;
  const next =
    status === 404
      ? 'check its name on the hub'
      : status === 401 || status === 403
        ? withToken
          ? "check that HF_TOKEN is valid and that its owner has accepted the model's terms"
          : 'set HF_TOKEN to a token that may read it'
        : 'try again later';
  return new ModelError(`Expected ${path} from ${host}, but it answered ${status}; ${next}.`);
}
