import { existsSync, readdirSync, renameSync, rmSync, statfsSync, statSync, truncateSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ModelError } from '../../error.js';
import { makeFolder } from '../../folder.js';
import type { Progress } from '../../progress.js';
import { checksum } from '../gguf/checksum.js';
import { readGguf } from '../gguf/gguf.js';
import { findOnHub, type HubAccess, type HubFile } from './hub.js';
import type { ModelRecord, ModelsFolder } from './models-folder.js';
import { knownModel } from './registry.js';

/**
 * A model from the Hugging Face hub, by node-llama-cpp's downloader. What has come lies in a hidden folder of the
 * models folder, under the name of its checksum: a transfer that broke goes on from there, and a file that was
 * replaced on the hub is not joined to the old one. It gets its name when its contents are what they should be.
 */

export interface PullOptions extends HubAccess {
  /** What the contents must be, hex; null: what the registry or else the hub says. */
  sha256: string | null;
  /** A transfer of which nothing comes for so long is given up, milliseconds. */
  stallMs: number;
}

const UNFINISHED = '.unfinished';
/** The downloader takes addresses of its hub for names of models, and sends it tokens: no address is the hub's. */
const NO_HUB = 'https://hub.invalid/';
const MIB = 2 ** 20;

/**
 * Pulls a known model or `OWNER/REPOSITORY/FILE.gguf` into the folder and records it; a file that is there is
 * checked, not pulled again.
 * @throws ModelError when it is not to be had, does not fit, does not come or is not what it should be.
 */
export async function pullModel(
  model: string,
  folder: ModelsFolder,
  options: PullOptions,
  progress: Progress,
): Promise<ModelRecord> {
  const known = knownModel(model);
  if (known !== null && known.hub === null)
    throw new ModelError(
      `Expected a model of the hub, but ${known.name} comes from ${known.source}; get it there, then \`coderm models import\` it.`,
    );
  const source = known?.hub ?? model;
  const found = await findOnHub(source, options);
  const sha256 = (options.sha256 ?? known?.sha256 ?? found.sha256)?.toLowerCase() ?? null;
  const file = known?.file ?? basename(source);
  const place = folder.place(file);
  const came = existsSync(place)
    ? await checksum(place, progress)
    : await bring(file, folder, { ...found, sha256 }, options, progress);
  if (sha256 !== null && came !== sha256)
    throw new ModelError(
      `Expected ${place} to have the SHA-256 ${sha256}, but it has ${came}; remove it, and pull it again.`,
    );
  if (sha256 === null)
    progress.say(
      `nobody says what ${file} should contain; its SHA-256 is ${came}, compare it with the publisher's`,
    );
  const record = { file, sha256: came, bytes: statSync(place).size, source: `hub:${source}` };
  folder.keep(record);
  return record;
}

/** Puts the contents, checked, under their name, and returns their checksum. */
async function bring(
  file: string,
  folder: ModelsFolder,
  found: HubFile,
  options: PullOptions,
  progress: Progress,
): Promise<string> {
  folder.make();
  const unfinished = folder.place(UNFINISHED);
  makeFolder(unfinished);
  const name = `${found.sha256?.slice(0, 16) ?? 'unchecked'}-${file}`;
  const path = join(unfinished, name);
  // Without a checksum nobody could tell a file that was joined of two.
  if (found.sha256 === null) forget(unfinished, file);
  checkRoom(folder.path, `${path}.ipull`, found.bytes);
  if (!existsSync(path)) await download(found, unfinished, name, options, progress);
  cutNotes(path, found.bytes);
  const came = await checksum(path, progress);
  if (found.sha256 !== null && came !== found.sha256) {
    rmSync(path);
    throw new ModelError(
      `Expected ${file} with the SHA-256 ${found.sha256}, but what came has ${came}; it was thrown away, so pull it again.`,
    );
  }
  try {
    await readGguf(path);
  } catch (error) {
    rmSync(path);
    throw error;
  }
  renameSync(path, folder.place(file));
  forget(unfinished, file);
  return came;
}

/**
 * Cuts off what the downloader may leave behind the contents: it notes there how far it is, and its last note can be
 * written after it has cut the file to its size.
 */
export function cutNotes(path: string, bytes: number | null): void {
  if (bytes !== null && statSync(path).size > bytes) truncateSync(path, bytes);
}

/** Removes what came of this file earlier, also of other contents. */
function forget(unfinished: string, file: string): void {
  for (const name of readdirSync(unfinished))
    if (name.replace(/^([0-9a-f]{16}|unchecked)-|\.ipull$/g, '') === file) rmSync(join(unfinished, name));
}

/** @throws ModelError where the rest of the file would not fit. */
function checkRoom(folder: string, begun: string, bytes: number | null): void {
  const { bavail, bsize } = statfsSync(folder);
  const there = statSync(begun, { throwIfNoEntry: false })?.blocks ?? 0;
  const missing = (bytes ?? 0) - there * 512;
  if (missing > bavail * bsize)
    throw new ModelError(
      `Expected room for ${Math.ceil(missing / MIB)} MiB more in ${folder}, but ${Math.floor((bavail * bsize) / MIB)} MiB are free; make room, or set CODERM_MODELS.`,
    );
}

async function download(
  { url, headers, bytes }: HubFile,
  folder: string,
  name: string,
  { signal, stallMs }: PullOptions,
  progress: Progress,
): Promise<void> {
  const { createModelDownloader } = await import('node-llama-cpp');
  const phase = progress.phase('pull', Math.ceil((bytes ?? 0) / MIB), 'MiB');
  const given = new AbortController();
  let [shown, last, timer] = [0, -1, undefined as NodeJS.Timeout | undefined];
  let giveUp = (_: unknown) => {};
  // The downloader tries for many minutes, and does not end where it waits: whoever asked is told before it does.
  const stalled = new Promise<never>((_, reject) => {
    giveUp = reject;
  });
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(
      () =>
        giveUp(
          new ModelError(
            `Expected ${name} to go on coming, but nothing came for ${stallMs / 1000} s; run it again, it goes on where it stopped.`,
          ),
        ),
      stallMs,
    );
  };
  const stop = () => giveUp(signal.reason);
  signal.addEventListener('abort', stop);
  wait();
  try {
    const work = createModelDownloader({
      modelUri: url,
      dirPath: folder,
      fileName: name,
      headers,
      endpoints: { huggingFace: NO_HUB },
      deleteTempFileOnCancel: false,
      onProgress: ({ downloadedSize }) => {
        if (downloadedSize !== last) wait();
        last = downloadedSize;
        const now = Math.floor(downloadedSize / MIB);
        if (now > shown) phase.advance(now - shown);
        shown = Math.max(shown, now);
      },
    }).then((downloader) => downloader.download({ signal: given.signal }));
    await Promise.race([work, stalled]);
  } catch (error) {
    throw error instanceof ModelError || signal.aborted ? error : broken(name, error as Error);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    given.abort();
    phase.end();
  }
}

function broken(name: string, cause: Error): ModelError {
  // The store's address is signed, so it is not shown.
  const what = cause.message.replace(/https?:\S+/g, 'the address');
  return new ModelError(
    `Expected ${name} to come whole, but the transfer failed: ${what}; run it again, it goes on where it stopped.`,
    { cause },
  );
}
