import type { Command } from 'commander';
import { option } from '../option.js';

/** What a model's contents must be. */
export function addChecksum(command: Command): Command {
  return command.addOption(
    option('--sha256 <hex>', "SHA-256 that the file must have (default: the registry's or the hub's)"),
  );
}

export function addImport(command: Command): Command {
  return addChecksum(command)
    .addOption(option('--as <name>', 'the known model that it is (default: told by its contents)'))
    .addOption(option('--link', 'link to the file where it lies, in the place of a copy'));
}

export function addPull(command: Command): Command {
  return addChecksum(command).addOption(
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
