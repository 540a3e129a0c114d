import { z } from 'zod';
import { InputError } from '../error.js';

/** The first member of a bundle: what it is for, and what the others must be. */
const schema = z.object({
  format: z.literal(1),
  version: z.string(),
  /** Where the engine lies below the folder of node_modules: '' or 'node_modules/coderm-engine'. */
  engine: z.string().regex(/^(node_modules\/(@[\w.-]+\/)?\w[\w.-]*)?$/),
  target: z.object({
    platform: z.string(),
    node: z.string(),
    abi: z.string(),
    glibc: z.string().nullable(),
  }),
  /** In their order in the archive. */
  members: z.array(
    z.object({
      path: z.string().regex(/^(unbundle\.mjs|engine\.tgz|modules\.tgz|models\/[^/\\.][^/\\]*\.gguf)$/),
      bytes: z.number().int().nonnegative(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
});

export type BundleManifest = z.infer<typeof schema>;
export type BundleMember = BundleManifest['members'][number];

export const MANIFEST = 'manifest.json';
/** A manifest of hundreds of models is smaller. */
export const MANIFEST_BYTES = 1 << 20;

/** @throws InputError when the text is no manifest that this version knows. */
export function parseManifest(text: string, archive: string): BundleManifest {
  let found: BundleManifest;
  try {
    found = schema.parse(JSON.parse(text));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? cause.issues[0]?.path.join('.') : (cause as Error).message;
    throw new InputError(
      `Expected the manifest of a bundle in ${archive}, but it is not one that this version knows (${why}); make it again with this version.`,
      { cause },
    );
  }
  const paths = found.members.map(({ path }) => path);
  const missing = ['engine.tgz', 'modules.tgz'].find((path) => !paths.includes(path));
  if (missing !== undefined || new Set(paths).size !== paths.length)
    throw new InputError(
      `Expected ${archive} to list engine.tgz, modules.tgz and every member once, but ${missing ?? 'a member'} is ${missing === undefined ? 'there twice' : 'missing'}; make it again.`,
    );
  return found;
}
