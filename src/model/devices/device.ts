/** What a driver without a GPU behind it is called by Vulkan: Mesa's, Google's, Microsoft's, Apple's. */
const SOFTWARE =
  /\b(llvmpipe|lavapipe|softpipe|swrast|swiftshader|openswr|microsoft (basic render driver|warp)|software (rasterizer|renderer|adapter))\b/i;

/**
 * Whether a device that llama.cpp names is this machine's processor in a GPU's place: it computes the same, but slower
 * than llama.cpp's own kernels for the CPU. Vulkan's device type would say so too, but llama.cpp does not tell it.
 */
export function isSoftwareDevice(name: string): boolean {
  return SOFTWARE.test(name);
}

/**
 * What `--gpu auto` makes of a backend by its devices. Without GGML_VK_VISIBLE_DEVICES llama.cpp leaves software devices
 * out by itself; with it, it takes every device that is named, and splits the model's layers over all of them.
 */
export function autoChoice(names: readonly string[]): 'take' | 'leave' | 'refuse' {
  const software = names.filter(isSoftwareDevice).length;
  if (software === names.length) return 'leave'; // also where there is none at all
  return software === 0 ? 'take' : 'refuse';
}
