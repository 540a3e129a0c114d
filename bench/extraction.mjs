// How much CPU time the reader of responses takes for texts that are made to cost it time (from a checkout, after a build):
//     node bench/extraction.mjs [CHARACTERS] [PATTERN]
// Prints, for each family of test/hostile-responses.ts, the worst of its readings (as a response, cut off or not, by the
// authors' rules, as a given test, as a candidate, as a CodeT sample), and at the end the worst of all. Default: 262144
// characters. A response of more than 100,000 characters is not read, so each reading is made of that many too.
import { readingCosts } from '../dist/test/reading-costs.js';

const [characters = '262144', pattern = ''] = process.argv.slice(2);
const lengths = [...new Set([Math.min(100_000, Number(characters)), Number(characters)])];
let most = 0;
let families = 0;
for await (const { name, costs } of readingCosts(lengths, new RegExp(pattern))) {
  const worst = costs.reduce((a, b) => (b.cpuS > a.cpuS ? b : a));
  const { reading, characters: length, cpuS, parsed, drop } = worst;
  most = Math.max(most, cpuS);
  families += 1;
  const again = `${(parsed / length).toFixed(1)} times parsed`;
  console.log(
    `${cpuS.toFixed(3)} s  ${name}: ${reading}, ${length} characters, ${again}${drop ? `, ${drop}` : ''}`,
  );
}
console.log(`worst: ${most.toFixed(3)} s of CPU, ${families} families`);
