import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ModelError } from '../../error.js';
import { makeFolder } from '../../folder.js';
import { knownModel } from './registry.js';

/** What is known of a file of the models folder: written when it came, read when it is verified. */
export interface ModelRecord {
  /** Its name in the folder. */
  file: string;
  /** Hex, of the contents when it came. */
  sha256: string;
  bytes: number;
  /** Where it came from: a path, or `hub:OWNER/REPOSITORY/FILE`. */
  source: string;
}

const records = z.object({
  models: z.array(
    z.object({
      file: z.string().regex(/^[^/\\]+\.gguf$/i),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      bytes: z.number().int().nonnegative(),
      source: z.string(),
    }),
  ),
});

/** The file of a models folder that says what came into it. */
const RECORDS = 'models.json';

/** The folder in which models are found by name, and what is recorded of them there. */
export class ModelsFolder {
  constructor(readonly path: string) {}

  place(file: string): string {
    return join(this.path, file);
  }

  /** In the order of their names. @throws ModelError when the record cannot be read. */
  records(): ModelRecord[] {
    const path = this.place(RECORDS);
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw new ModelError(
        `Expected to read ${path}, but ${(cause as Error).message}; check its permissions.`,
        {
          cause,
        },
      );
    }
    try {
      return records.parse(JSON.parse(text)).models;
    } catch (cause) {
      throw new ModelError(
        `Expected the record of models in ${path}, but it is not one; move it away and import the models again.`,
        { cause },
      );
    }
  }

  record(file: string): ModelRecord | null {
    return this.records().find((record) => record.file === file) ?? null;
  }

  /** What the file's contents should be: as recorded, else as the registry says; null where nobody knows. */
  expected(file: string): string | null {
    return this.record(file)?.sha256 ?? knownModel(file)?.sha256 ?? null;
  }

  /** Remembers a file that came, in the place of what was known of the name. */
  keep(record: ModelRecord): void {
    this.make();
    const others = this.records().filter(({ file }) => file !== record.file);
    const models = [...others, record].sort((a, b) => (a.file < b.file ? -1 : 1));
    const path = this.place(RECORDS);
    writeFileSync(`${path}.partial`, `${JSON.stringify({ models }, null, 2)}\n`);
    renameSync(`${path}.partial`, path);
  }

  /** Names of the GGUF files that are there, and of those that are recorded and gone. */
  files(): string[] {
    let there: string[] = [];
    try {
      there = readdirSync(this.path).filter((name) => /^[^.].*\.gguf$/i.test(name));
    } catch {
      // A folder that nobody has made yet holds nothing.
    }
    return [...new Set([...there, ...this.records().map(({ file }) => file)])].sort();
  }

  /** Makes the folder. @throws ModelError where that is refused. */
  make(): void {
    try {
      makeFolder(this.path);
    } catch (cause) {
      throw new ModelError(
        `Expected to make the models folder ${this.path}, but ${(cause as Error).message}; set CODERM_MODELS to one that can be written.`,
        { cause },
      );
    }
  }
}
