import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ModelError } from '../../../src/error.js';
import { ModelsFolder } from '../../../src/model/files/models-folder.js';
import { cutNotes, type PullOptions, pullModel } from '../../../src/model/files/pull.js';
import { silent } from '../../../src/progress.js';
import { refusal } from '../../refusal.js';
import { fixture } from '../../root.js';
import { temporaryFolder } from '../../temporary.js';
import { HUB_PATH, type HubServer, longModel, sha256Of, startHub } from './hub-server.js';

const pull = suite('pull');
const temporary = temporaryFolder();
/** Of more than one of the downloader's chunks, and of less than one. */
const LONG = longModel();
const SHORT = readFileSync(fixture('random.gguf'));
const FILE = 'Some-Model.Q8_0.gguf';
let number = 0;

/** A hub, an empty models folder, and what to pull from the one into the other. */
async function withHub(
  work: (
    hub: HubServer,
    folder: ModelsFolder,
    go: (more?: Partial<PullOptions>) => ReturnType<typeof pullModel>,
  ) => Promise<void>,
  contents: Buffer = SHORT,
): Promise<void> {
  const hub = await startHub(contents);
  number += 1;
  const folder = new ModelsFolder(join(temporary.path, `models-${number}`));
  const { signal } = new AbortController();
  const fixed = { endpoint: hub.endpoint, token: null, retryMs: [1], sha256: null, stallMs: 20_000, signal };
  try {
    await work(hub, folder, (more) => pullModel(HUB_PATH, folder, { ...fixed, ...more }, silent));
  } finally {
    await hub.close();
  }
}

const refused = (work: Promise<unknown>, says: RegExp) => refusal(work, ModelError, says);

/** No file of the model's name, no record, and nothing kept to go on from. */
function nothingCame(folder: ModelsFolder): void {
  assert.equal(folder.files(), []);
  assert.not.ok(existsSync(folder.place(FILE)));
  const unfinished = folder.place('.unfinished');
  assert.equal(existsSync(unfinished) ? readdirSync(unfinished) : [], []);
}

pull('a file comes, is what the hub says, and is recorded', () =>
  withHub(async (hub, folder, go) => {
    const record = await go();
    assert.equal(record, {
      file: FILE,
      sha256: sha256Of(SHORT),
      bytes: SHORT.length,
      source: `hub:${HUB_PATH}`,
    });
    assert.ok(readFileSync(folder.place(FILE)).equals(SHORT));
    assert.equal(folder.records(), [record]);
    // The second time it is only checked.
    const transfers = () =>
      hub.requests.filter(({ to, range }) => to === 'store' && range !== 'bytes=0-0').length;
    const before = transfers();
    await go();
    assert.is(transfers(), before);
    writeFileSync(folder.place(FILE), SHORT.subarray(1));
    await refused(go(), /to have the SHA-256 .*, but it has .*; remove it, and pull it again/);
  }),
);

pull('transfers that break are taken up again', () =>
  withHub(async (hub, folder, go) => {
    hub.behaviour.breaks = [1 << 20, 3 << 20, 10];
    await go();
    assert.is(hub.behaviour.breaks.length, 0);
    assert.ok(readFileSync(folder.place(FILE)).equals(LONG));
  }, LONG),
);

pull('a transfer that hangs is given up, and the next run goes on where it stopped', () =>
  withHub(async (hub, folder, go) => {
    hub.behaviour.hangFrom = 5 << 20;
    await refused(go({ stallMs: 1500 }), /nothing came for 1\.5 s; run it again/);
    assert.not.ok(existsSync(folder.place(FILE)));
    hub.behaviour.hangFrom = Number.POSITIVE_INFINITY;
    const before = hub.requests.length;
    await go();
    const ranges = hub.requests.slice(before).map(({ range }) => range);
    assert.ok(
      ranges.some((range) => range?.startsWith(`bytes=${5 << 20}-`)),
      ranges.join(' '),
    );
    assert.not.ok(
      ranges.some((range) => range?.startsWith('bytes=0-') && range !== 'bytes=0-0'),
      ranges.join(' '),
    );
    assert.ok(readFileSync(folder.place(FILE)).equals(LONG));
  }, LONG),
);

pull('a file that was replaced on the hub is not joined to what had come of the old one', () =>
  withHub(async (hub, folder, go) => {
    const { behaviour } = hub;
    const changed = Buffer.from(LONG);
    changed.fill(7, 100_000, 200_000);
    for (const says of [true, false]) {
      Object.assign(behaviour, { contents: LONG, hangFrom: 5 << 20, sha256: says ? sha256Of(LONG) : null });
      await refused(go({ stallMs: 1000 }), /nothing came/);
      const now = {
        contents: changed,
        hangFrom: Number.POSITIVE_INFINITY,
        sha256: says ? sha256Of(changed) : null,
      };
      Object.assign(behaviour, now);
      await go();
      assert.ok(readFileSync(folder.place(FILE)).equals(changed));
      assert.equal(readdirSync(folder.place('.unfinished')), []);
      rmSync(folder.place(FILE));
    }
  }, LONG),
);

pull('a store that knows no ranges', () =>
  withHub(async (hub, folder, go) => {
    hub.behaviour.ranges = false;
    await go();
    assert.ok(readFileSync(folder.place(FILE)).equals(LONG));
  }, LONG),
);

pull('contents that are not what the hub or the user says', () =>
  withHub(async (hub, folder, go) => {
    hub.behaviour.sha256 = '1'.repeat(64);
    await refused(go(), /with the SHA-256 1{64}, but what came has [0-9a-f]{64}; it was thrown away/);
    nothingCame(folder);
    hub.behaviour.sha256 = null;
    await refused(go({ sha256: '2'.repeat(64) }), /SHA-256 2{64}/);
    nothingCame(folder);
    await go(); // nobody says
    assert.is(folder.record(FILE)?.sha256, sha256Of(SHORT));
  }),
);

pull('a file of the right checksum that is no model', () =>
  withHub(async (hub, folder, go) => {
    hub.behaviour.contents = Buffer.from('<html>Please log in</html>');
    hub.behaviour.sha256 = sha256Of(hub.behaviour.contents);
    await refused(go(), /starts with "<html>Pl"/);
    nothingCame(folder);
  }),
);

pull('answers of the hub', () =>
  withHub(async (hub, folder, go) => {
    const table: [status: number, token: string | null, says: RegExp][] = [
      [404, null, /answered 404; check its name/],
      [401, null, /answered 401; set HF_TOKEN/],
      [401, 'wrong', /answered 401; check that HF_TOKEN is valid/],
      [403, 'wrong', /answered 403; check that HF_TOKEN .* terms/],
      [503, null, /answered 503; try again later/],
    ];
    hub.behaviour.token = 'right';
    for (const [status, token, says] of table) {
      hub.behaviour.refuse = status;
      await refused(go({ token }), says);
    }
    nothingCame(folder);
    hub.behaviour.refuse = 401;
    await go({ token: 'right' });
    const shown = hub.requests.filter(({ authorization }) => authorization?.includes('right'));
    assert.ok(shown.length > 0 && shown.every(({ to }) => to === 'hub'), 'the store never sees the token');
  }),
);

pull('a mirror that has the contents itself, for whoever has the token', () =>
  withHub(async (hub, folder, go) => {
    Object.assign(hub.behaviour, { mirror: true, refuse: 401, token: 'right' });
    await refused(go(), /set HF_TOKEN/);
    await go({ token: 'right' });
    assert.ok(readFileSync(folder.place(FILE)).equals(SHORT));
    assert.ok(hub.requests.every(({ to }) => to === 'hub'));
  }),
);

pull('a note of the downloader behind the contents is cut off', () => {
  const path = temporary.write('noted', `contents{"part":0}`);
  for (const bytes of [null, 100, 8, 8]) cutNotes(path, bytes);
  assert.is(readFileSync(path, 'utf8'), 'contents');
});

pull('nobody who answers', () =>
  withHub(async (hub, folder, go) => {
    await hub.closeStore();
    await refused(go(), /Expected an answer from 127\.0\.0\.1:\d+, but there was none \(ECONNREFUSED\)/);
    await refused(go({ endpoint: 'http://127.0.0.1:1' }), /from 127\.0\.0\.1:1, but there was none/);
    await refused(
      go({ endpoint: 'ftp://hub' }),
      /HF_ENDPOINT to be an http or https address, got "ftp:\/\/hub"/,
    );
    nothingCame(folder);
  }),
);

pull('names that the hub cannot have', () =>
  withHub(async (hub, folder) => {
    const { signal } = new AbortController();
    const options = { endpoint: hub.endpoint, token: null, retryMs: [], sha256: null, stallMs: 1000, signal };
    const table: [name: string, says: RegExp][] = [
      ['gpt-4', /a known model or OWNER\/REPOSITORY\/FILE\.gguf/],
      ['a/b/../../c.gguf', /OWNER\/REPOSITORY\/FILE/],
      ['a/b/c-00001-of-00003.gguf', /one of several parts/],
      ['smollm2-135m-instruct', /comes from the PyPI package/],
    ];
    for (const [name, says] of table) await refused(pullModel(name, folder, options, silent), says);
    assert.equal(hub.requests, []);
  }),
);

pull.run();
