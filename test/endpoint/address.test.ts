import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { endpointAddress } from '../../src/endpoint/address.js';
import { words } from '../../src/endpoint/answer.js';
import { waitMs, worthAnother } from '../../src/endpoint/retry.js';
import { rawPrompt } from '../../src/endpoint/session.js';

const address = suite('endpoint: addresses, waits and words');

address('a base gets its /v1, and a path stays', () => {
  const url = (text: string) => endpointAddress(text, '--endpoint', false).url;
  assert.is(url('http://localhost:8000'), 'http://localhost:8000/v1');
  assert.is(url('http://localhost:8000/v1/'), 'http://localhost:8000/v1');
  assert.is(url('https://host.example/openai/v1'), 'https://host.example/openai/v1');
});

address('what is no address, or may hold a secret, is refused without being repeated', () => {
  for (const [text, says] of [
    ['localhost:8000', /expected an address such as/],
    ['', /expected an address such as/],
    ['ftp://localhost', /expected an address such as/],
    ['http://me:sk-secret@localhost', /has a user, a query or a fragment.*CODERM_ENDPOINT_KEY/],
    ['http://localhost/v1?key=sk-secret', /has a user, a query or a fragment/],
    ['http://127.0.0.1@example.com', /has a user, a query or a fragment/],
    ['http://127.0.0.1:8000#@example.com', /has a user, a query or a fragment/],
  ] as const) {
    try {
      endpointAddress(text, '--endpoint', false);
      assert.unreachable();
    } catch (error) {
      assert.match((error as Error).message, says);
      assert.not.match((error as Error).message, /sk-secret/);
    }
  }
});

address('--offline: this machine only, in every spelling', () => {
  for (const host of ['127.0.0.1', '127.8.9.1', '0x7f.1', '2130706433', 'LOCALHOST', '[::1]', '[0:0::1]']) {
    assert.ok(endpointAddress(`http://${host}:8000`, '--endpoint', true).loopback, host);
  }
  for (const host of [
    ...['10.0.0.1', '0.0.0.0', '192.168.0.2', '8.8.8.8', '[fe80::1]', '[::ffff:8.8.8.8]', 'example.com'],
    ...['localhost.example.com', '127.0.0.1.nip.io', 'mylocalhost', 'localhost.', '169.254.169.254'],
  ]) {
    assert.throws(
      () => endpointAddress(`http://${host}:8000`, '--endpoint', true),
      /--offline allows addresses of this machine only.*nothing was sent/,
      host,
    );
    assert.not(endpointAddress(`http://${host}:8000`, '--endpoint', false).loopback, host);
  }
});

address('waits grow, are bounded and spread; a server that says how long is believed', () => {
  const at = Date.UTC(2026, 0, 1);
  assert.equal(
    [1, 2, 3, 20].map((failures) => waitMs(failures, null, at, 1)),
    [500, 1000, 2000, 30_000],
  );
  assert.is(waitMs(1, null, at, 0), 250);
  assert.is(waitMs(1, '7', at, 0), 7000);
  assert.is(waitMs(1, 'Thu, 01 Jan 2026 00:00:05 GMT', at, 0), 5000);
  assert.is(waitMs(1, 'Thu, 01 Jan 2025 00:00:05 GMT', at, 0), 0);
  assert.is(waitMs(1, 'soon', at, 1), 500);
  assert.equal([200, 307, 400, 404, 408, 429, 500, 503].map(worthAnother), [
    ...[false, false, false, false, true, true, true, true],
  ]);
});

address("a server's words are short, on one line and printable", () => {
  assert.is(words('{"error":{"message":"a\\n\\u001b[31mb\\u202e"}}', null), '"a [31mb"');
  assert.is(words('{"message":"why"}', null), '"why"');
  assert.is(words('', null), 'nothing');
  assert.is(words('x'.repeat(5000), null).length, 203);
  for (let at = 180; at <= 210; at += 1) {
    // No part of a key either, where the words are cut in the middle of it.
    assert.not.match(words(`${'x'.repeat(at)}sk-secret`, 'sk-secret'), /s/);
  }
});

address('the prompt has its BOS once, whoever puts it', () => {
  const template = {
    path: 't.jinja',
    chatTemplate: '{{ bos_token }}{% for m in messages %}[{{ m.content }}]{% endfor %}',
    vocabulary: { tokens: ['<s>', '</s>'], bos: 0, eos: 1 },
  };
  const messages = [{ role: 'user', content: '<s>hi' }];
  assert.is(rawPrompt(template, messages, 'So', true), '[<s>hi]So');
  assert.is(rawPrompt(template, messages, 'So', false), '<s>[<s>hi]So');
});

address.run();
