import { SandboxError } from '../error.js';

/**
 * What the walls are made of. `namespaces`: the host is not there. `landlock`: it is there and out of reach, for
 * machines that refuse namespaces. `seatbelt`: that of macOS, not yet run on hardware.
 */
export const JAILS = ['namespaces', 'landlock', 'seatbelt'] as const;
export type Jail = (typeof JAILS)[number];

/**
 * A jail that was never tried is not taken without being asked for.
 * @throws SandboxError where this system has no such jail.
 */
export function requireJail(jail: Jail, platform: string = process.platform): void {
  if (platform === 'darwin' && jail !== 'seatbelt') {
    throw new SandboxError(
      `the jail '${jail}' is one of Linux, and this is macOS. Its own, --jail seatbelt, has not yet been run on ` +
        'hardware: ask for it by name, or run coderm on a Linux machine.',
    );
  }
  if (platform === 'linux' && jail === 'seatbelt') {
    throw new SandboxError(
      "the jail 'seatbelt' is one of macOS, and this is Linux: leave --jail out, or run with --jail landlock.",
    );
  }
}
