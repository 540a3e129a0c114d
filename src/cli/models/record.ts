import type { ModelRecord, ModelsFolder } from '../../model/files/models-folder.js';
import { printable } from '../printable.js';
import { printSummary } from '../summary.js';

/** Says what came into the folder. */
export function printRecord(folder: ModelsFolder, record: ModelRecord, json = false): void {
  const path = folder.place(record.file);
  const text = `${path}\n${record.bytes.toLocaleString('en-US')} bytes, sha256 ${record.sha256}\n`;
  if (json) printSummary({ path, ...record });
  else process.stdout.write(printable(text));
}
