const FENCE_LINE = /^```[ \t]*(\w*)[^\n`]*$/gm;

/**
 * The content of the one ```python block of a chat model's answer (or else of the one bare block). Any
 * other text is given back untouched: plain code, several blocks, and code with a stray fence after it,
 * which is not ours to mend (its block is often only an example call). An unclosed last block counts.
 */
export function unfence(answer: string): string {
  if (!answer.includes('```')) return answer;
  const blocks: { language: string; code: string }[] = [];
  let open: { language: string; start: number } | null = null;
  for (const fence of answer.matchAll(FENCE_LINE)) {
    const language = fence[1]!.toLowerCase();
    if (open === null) {
      // An odd number of triple quotes before the first fence: it stands inside a string of plain code.
      if (blocks.length === 0 && oddTripleQuotes(answer.slice(0, fence.index))) return answer;
      open = { language, start: fence.index + fence[0].length + 1 };
    } else if (language !== '') {
      return answer;
    } else {
      blocks.push({ language: open.language, code: answer.slice(open.start, fence.index) });
      open = null;
    }
  }
  if (open !== null) blocks.push({ language: open.language, code: answer.slice(open.start) });
  const python = blocks.filter((block) => ['python', 'python3', 'py'].includes(block.language));
  if (python.length === 1) return python[0]!.code;
  const bare = blocks.filter((block) => block.language === '');
  return python.length === 0 && bare.length === 1 && closed(answer) ? bare[0]!.code : answer;
}

/** Whether the last fence closes a block: an unclosed bare fence is only a stray one. */
function closed(answer: string): boolean {
  return [...answer.matchAll(FENCE_LINE)].length % 2 === 0;
}

function oddTripleQuotes(code: string): boolean {
  return ['"""', "'''"].some((quotes) => code.split(quotes).length % 2 === 0);
}
