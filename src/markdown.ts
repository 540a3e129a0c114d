const FENCE_LINE = /^```[ \t]*(\w*)[^\n`]*$/gm;

interface Block {
  language: string;
  code: string;
}

/**
 * The content of the one ```python block of a chat model's answer (or else of the one bare block). Any
 * other text is given back untouched: plain code, several blocks, and code with a stray fence after it,
 * which is not ours to mend (its block is often only an example call). An unclosed last block counts.
 */
export function unfence(answer: string): string {
  const blocks = blocksOf(answer);
  const python = blocks.filter(isPython);
  if (python.length === 1) return python[0]!.code;
  const bare = blocks.filter((block) => block.language === '');
  return python.length === 0 && bare.length === 1 && closed(answer) ? bare[0]!.code : answer;
}

/** The contents of all ```python blocks of an answer, in order; of its bare blocks where there are none. */
export function pythonBlocks(answer: string): string[] {
  const blocks = blocksOf(answer);
  const python = blocks.filter(isPython);
  const found = python.length > 0 ? python : blocks.filter((block) => block.language === '');
  return found.map(({ code }) => code);
}

/** Every fenced block; none where the fences make no sense. */
function blocksOf(answer: string): Block[] {
  const blocks: Block[] = [];
  if (!answer.includes('```')) return blocks;
  let open: { language: string; start: number } | null = null;
  for (const fence of answer.matchAll(FENCE_LINE)) {
    const language = fence[1]!.toLowerCase();
    if (open === null) {
      // An odd number of triple quotes before the first fence: it stands inside a string of plain code.
      if (blocks.length === 0 && oddTripleQuotes(answer.slice(0, fence.index))) return [];
      open = { language, start: fence.index + fence[0].length + 1 };
    } else if (language !== '') {
      return [];
    } else {
      blocks.push({ language: open.language, code: answer.slice(open.start, fence.index) });
      open = null;
    }
  }
  if (open !== null) blocks.push({ language: open.language, code: answer.slice(open.start) });
  return blocks;
}

function isPython({ language }: Block): boolean {
  return ['python', 'python3', 'py'].includes(language);
}

/** Whether the last fence closes a block: an unclosed bare fence is only a stray one. */
function closed(answer: string): boolean {
  return [...answer.matchAll(FENCE_LINE)].length % 2 === 0;
}

function oddTripleQuotes(code: string): boolean {
  return ['"""', "'''"].some((quotes) => code.split(quotes).length % 2 === 0);
}
