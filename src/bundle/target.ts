/** What compiled addons run on. */
export interface Target {
  /** `linux-x64`. */
  platform: string;
  /** Node's version, `20.17.0`. */
  node: string;
  /** Node's number of its binary interface to addons, `115`. */
  abi: string;
  /** Of a bundle: the oldest glibc that its addons run on. Of a machine: the one that it has. Null where there is none. */
  glibc: string | null;
}

/** This machine. */
export function thisTarget(): Target {
  (process.report as { excludeNetwork?: boolean }).excludeNetwork = true; // else the report looks names up
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return {
    platform: `${process.platform}-${process.arch}`,
    node: process.versions.node,
    abi: process.versions.modules,
    glibc: report.header?.glibcVersionRuntime ?? null,
  };
}

/** Why addons that need the one do not run on the other, with what to do; null where they do. */
export function targetDifference(needs: Target, here: Target): string | null {
  if (needs.platform !== here.platform)
    return `it is for ${needs.platform}, and this machine is ${here.platform}; make one on a machine of this kind`;
  if (needs.abi !== here.abi)
    return `its addons are compiled for Node ${major(needs.node)}, and this is Node ${here.node}; use Node ${major(needs.node)}, or make one with Node ${major(here.node)}`;
  if (needs.glibc === null) return null;
  if (here.glibc === null)
    return `it needs glibc ${needs.glibc} or newer, and this system has another C library; make one on a system of this kind`;
  if (older(here.glibc, needs.glibc))
    return `it needs glibc ${needs.glibc} or newer, and this system has ${here.glibc}; make one on a system as old as this`;
  return null;
}

/** The newest glibc of which a compiled file asks for a symbol; null where it asks for none. */
export function neededGlibc(binary: Buffer): string | null {
  let newest: string | null = null;
  for (const [, version] of binary.toString('latin1').matchAll(/GLIBC_(\d+\.\d+)/g))
    if (newest === null || older(newest, version!)) newest = version!;
  return newest;
}

/** Whether the one version comes before the other, by their first two numbers. */
export function older(one: string, other: string): boolean {
  const [a = 0, b = 0] = one.split('.').map(Number);
  const [c = 0, d = 0] = other.split('.').map(Number);
  return a < c || (a === c && b < d);
}

function major(node: string): string {
  return node.split('.')[0]!;
}
