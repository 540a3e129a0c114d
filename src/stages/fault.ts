import { SandboxFault } from '../error.js';

/**
 * Why one task has no result: a fault of ours, which its line says.
 * @throws the error itself, where it is another one: that ends the run
 */
export function faultOf(error: unknown): string {
  if (error instanceof SandboxFault) return error.message;
  throw error;
}
