/** What is measured on a real GPU and, to rehearse it, on a software one: the same steps, in another size. */
export const SCALES = {
  full: {
    /** Twins: the model that the figures are of, its other quantisation, and one that loads the kernels early. */
    twin: { shape: '8b', type: 'q4_k_m' },
    other: { shape: '8b', type: 'q8_0' },
    first: { shape: 'slim', type: 'q4_k_m' },
    prompt: 600,
    tokens: 256,
    /** In order of worth. */
    lanes: [8, 128, 32, 1, 64],
    otherLanes: [8, 128],
    rounds: 3,
    rerank: { problems: 20, candidates: 20, tests: 100, maxTokens: null },
    /** Texts: problems, with two temperatures and two samples each, tokens of a text, and lanes to compare. */
    texts: { problems: 25, tokens: 96, lanes: [8, 64] },
    /** More cells than any one card has memory for. */
    memory: { lanes: 254, tokens: 16384 },
  },
  rehearsal: {
    twin: { shape: 'tiny', type: 'q4_k_m' },
    other: { shape: 'tiny', type: 'q8_0' },
    first: { shape: 'tiny', type: 'q4_k' },
    prompt: 32,
    tokens: 4,
    lanes: [2, 4],
    otherLanes: [2],
    rounds: 2,
    rerank: { problems: 2, candidates: 4, tests: 2, maxTokens: 32 },
    texts: { problems: 1, tokens: 4, lanes: [1, 2] },
    memory: { lanes: 4, tokens: 131000 },
  },
};
