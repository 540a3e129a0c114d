import type { Command } from 'commander';
import { option } from '../option.js';

/** What a file's contents must be; `otherwise` says what they are compared with where the flag is not given. */
export function addChecksum(command: Command, otherwise: string): Command {
  return command.addOption(
    option('--sha256 <hex>', `SHA-256 that the file must have (default: ${otherwise})`),
  );
}

export function addImport(command: Command): Command {
  return addChecksum(command, "the registry's, of a known model")
    .addOption(option('--as <name>', 'the known model that it is (default: told by its contents)'))
    .addOption(option('--link', 'link to the file where it lies, in the place of a copy'));
}

export function addPull(command: Command): Command {
  return addChecksum(command, "the registry's or the hub's").addOption(
    option('--offline', 'open no socket: refuse (HF_HUB_OFFLINE=1 does so too)'),
  );
}

export function addBundle(command: Command): Command {
  return command.addOption(option('--with-gpu', "keep llama.cpp's CUDA and Vulkan libraries (over 300 MB)"));
}

export interface ModelsFlags {
  withGpu?: boolean;
  sha256?: string;
  as?: string;
  link?: boolean;
  offline?: boolean;
}
