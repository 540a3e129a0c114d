import type { ModelRecord, ModelsFolder } from '../../model/files/models-folder.js';
import { jsonLine, printable } from '../printable.js';

/** Says what came into the folder. */
export function printRecord(folder: ModelsFolder, record: ModelRecord, json = false): void {
  const path = folder.place(record.file);
  const text = `${path}\n${record.bytes.toLocaleString('en-US')} bytes, sha256 ${record.sha256}\n`;
  process.stdout.write(json ? jsonLine({ path, ...record }) : printable(text));
}
