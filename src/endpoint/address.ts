import { InputError } from '../error.js';

/** Where an OpenAI-compatible server answers. */
export interface EndpointAddress {
  /** Its base, without a slash at the end: `http://127.0.0.1:8000/v1`. */
  url: string;
  loopback: boolean;
}

/**
 * Reads `--endpoint`. A base without a path gets `/v1`. The address is written into manifests and cache keys, so it
 * may hold no secret. Throws InputError for anything but a plain http or https address and, with `offline`, for one
 * that is not of this machine.
 */
export function endpointAddress(text: string, flag: string, offline: boolean): EndpointAddress {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    throw new InputError(
      `${flag}: expected an address such as http://127.0.0.1:8000/v1, got ${shown(text)}.`,
    );
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new InputError(
      `${flag}: expected an address alone, and this one has a user, a query or a fragment; ` +
        'a key is given in the environment, as CODERM_ENDPOINT_KEY.',
    );
  }
  const loopback = isLoopback(url.hostname);
  if (offline && !loopback) {
    throw new InputError(
      `${flag}: --offline allows addresses of this machine only (127.0.0.1, [::1] or localhost), got ${url.origin}; ` +
        'nothing was sent.',
    );
  }
  const path = url.pathname.replace(/\/+$/, '');
  return { url: `${url.origin}${path === '' ? '/v1' : path}`, loopback };
}

/**
 * Whether a host, as the URL parser writes it (every spelling of an IPv4 address as four numbers), is this machine
 * without asking anybody: a name could resolve to any address, so only `localhost` counts, and the client never looks
 * that one up.
 */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** Not the whole text: what was mistyped may hold a key. */
function shown(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 20)}…` : text);
}
