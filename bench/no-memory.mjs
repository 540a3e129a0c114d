/** What a ModelSession remembers its prompts and checksums in, where nothing is to be kept. */
export const noMemory = {
  model: () => undefined,
  rememberModel: () => {},
  prompt: () => undefined,
  storePrompt: () => {},
};
