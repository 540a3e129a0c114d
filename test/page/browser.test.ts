import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { emptyTally } from '../../src/tally.js';
import { temporaryFolder } from '../temporary.js';
import { openBrowser } from './chromium.js';
import { fullEvaluation } from './evaluation/evaluated.js';
import { fullProbe } from './probes.js';
import { pageOf, pageRun, rankedTask } from './ranking/runs.js';

// The page in a browser: hostile text stays text, and everybody can read it.

const inBrowser = suite('page: browser');
const temporary = temporaryFolder();
const browser = await openBrowser();

/** Each of them does something where it is taken for markup, in one place or another. */
const HOSTILE = [
  '<script>globalThis.owned = 1; alert(1)</script>',
  '"><img src=x onerror="globalThis.owned = 1">',
  "'><svg onload='globalThis.owned = 1'>",
  '</code></pre></style></title></summary><iframe srcdoc="<script>parent.owned = 1</script>"></iframe>',
  '<style>@import url(http://127.0.0.1:9/style);</style><link rel=stylesheet href=http://127.0.0.1:9/link>',
  '<meta http-equiv=refresh content="0;url=http://127.0.0.1:9/refresh"><base href=http://127.0.0.1:9/>',
  '<form action=http://127.0.0.1:9/><button autofocus onfocus="globalThis.owned = 1">',
  '-->]]>&lt;script>&#60;script&#62;`$(globalThis.owned = 1)`',
  '\u001b[2J\u001b]0;title\u0007\u009b31m\0\r\u202e\u2066\u200b',
].join('\n');
const LONG = `${'<script>alert(2)</script>'.repeat(400_000)}${HOSTILE}`; // 10 MB, one line

const hostileTask = rankedTask(['110', '100', '0e0'], {
  taskId: HOSTILE,
  solutions: { 0: HOSTILE, 1: LONG, 2: HOSTILE },
  texts: {
    question: HOSTILE,
    unitTests: { 0: HOSTILE, 1: HOSTILE, 2: LONG },
    dropped: [{ utId: 3, reason: 'syntax_error', detail: HOSTILE, response: HOSTILE }],
  },
  tests: { requested: 4, generated: 4, kept: 3, dropped: { syntax_error: 1 } },
});
const longTask = rankedTask(['1', '0'], { taskId: LONG, solutions: { 0: LONG, 1: LONG }, failure: LONG });
const hostileRun = pageRun({ command: HOSTILE, facts: [[HOSTILE, LONG]] });

/** A run that has everything a page can show. */
const fullPage = () =>
  pageOf(
    [
      rankedTask(['1110e0', '1110e0', '1101t0', '01mocx', 'i?0000'], {
        taskId: 'HumanEval/1',
        solutions: { 0: 'def f():\n    return 1\n', 2: 'def f():\n    return 2\n' },
        texts: {
          question: 'Write f.',
          unitTests: {
            2: 'class TestF(unittest.TestCase):\n    def test_f(self):\n        self.assertEqual(f(), 1)\n',
          },
          dropped: [{ utId: 6, reason: 'no_code', detail: null, response: 'I cannot.' }],
        },
        flaky: [7],
        tests: { requested: 8, generated: 8, kept: 7, dropped: { no_code: 1 } },
      }),
      rankedTask([], { taskId: 'failed', failure: 'the prompt does not fit' }),
      { ...rankedTask(['11', '11'], { taskId: 'abstained' }), abstained: true },
    ],
    pageRun({
      scorer: 'auto',
      accuracy: {
        points: [1, 2, 4, 8].map((tests) => ({ tests, accuracy: 0.5 + tests / 20, low: 0.4, high: 0.95 })),
        random: 0.4,
        oracle: 1,
      },
      tally: {
        ...emptyTally(),
        problems: 3,
        failedProblems: 1,
        candidates: 7,
        samples: { requested: 8, generated: 7, cached: 1, failed: 0 },
        tokensGenerated: 1234,
        cells: { total: 30, executed: 20, cached: 5, deduplicated: 5, rechecked: 0, pruned: 0 },
        validity: 0.8,
        abstained: 1,
        seconds: { generate: 10, extract: 0.1, execute: 2, total: 12 },
      },
    }),
    true,
  );

/** Shows the page, and hands over what it did beside being shown. */
async function withPage(
  text: string,
  options: BrowserContextOptions,
  check: (page: Page, seen: { requests: string[]; dialogs: string[]; messages: string[] }) => Promise<void>,
): Promise<void> {
  const url = pathToFileURL(temporary.write('page.html', text)).href;
  const context = await browser!.newContext(options);
  try {
    const page = await context.newPage();
    const seen = { requests: [] as string[], dialogs: [] as string[], messages: [] as string[] };
    page.on('request', (request) => seen.requests.push(request.url()));
    page.on('console', (message) => seen.messages.push(message.text()));
    page.on('pageerror', (error) => seen.messages.push(String(error)));
    page.on('dialog', (dialog) => {
      seen.dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    await page.goto(url);
    await check(page, seen);
    assert.is(seen.requests.shift(), url);
  } finally {
    await context.close();
  }
}

const ACTIVE =
  'script,img,iframe,object,embed,link,base,form,button,video,audio,[onload],[onerror],[onfocus],[style],meta[http-equiv=refresh]';

const openAll = (page: Page) =>
  page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");

if (browser !== null) {
  inBrowser('hostile text is shown as text, bounded, and nothing of it runs', async () => {
    const text = pageOf([hostileTask, longTask], hostileRun);
    assert.ok(text.length < 400_000, String(text.length));
    await withPage(text, {}, async (page, seen) => {
      await openAll(page);
      await page.waitForTimeout(300);
      assert.is(await page.locator(ACTIVE).count(), 0);
      assert.is(await page.evaluate('typeof owned'), 'undefined');
      const shown = await page.locator('pre').allTextContents();
      const whole = HOSTILE.split('\n').slice(0, -1);
      for (const line of whole) {
        assert.ok(shown.filter((box) => box.includes(line)).length >= 4, line);
      }
      assert.ok(shown.some((box) => box.includes('␛[2J␛]0;title␇⟨U+009B⟩31m␀␍⟨U+202E⟩⟨U+2066⟩⟨U+200B⟩')));
      assert.is((await page.locator('text=more characters are not in this page').count()) > 0, true);
      assert.equal([seen.requests.length, seen.dialogs, seen.messages], [1, [], []]);
    });
  });

  inBrowser(
    'were a text not escaped, the policy alone would still let nothing run and nothing load',
    async () => {
      const text = fullPage().replace('<main>', `<main>${HOSTILE.replace(/<meta.*/, '')}`);
      await withPage(text, {}, async (page, seen) => {
        await page.waitForTimeout(300);
        assert.ok((await page.locator(ACTIVE).count()) > 3, 'the markup is there');
        assert.is(await page.evaluate('typeof owned'), 'undefined');
        assert.equal([seen.dialogs, seen.requests.filter((url) => /127\.0\.0\.1/.test(url))], [[], []]);
        assert.ok(seen.messages.some((message) => /Content Security Policy/.test(message)));
      });
    },
  );

  const unlabelled = () => pageOf([rankedTask(['11', '10'])], pageRun({ scorer: 'auto' }));
  const pages = { ranking: fullPage, unlabelled, evaluation: fullEvaluation, probe: fullProbe };
  for (const [name, made] of Object.entries(pages)) {
    const colorScheme = name === 'probe' ? 'dark' : 'light';
    inBrowser(
      `${name}: nothing is wider than a narrow window, and the keyboard reaches every box`,
      async () => {
        await withPage(made(), { viewport: { width: 360, height: 900 }, colorScheme }, async (page) => {
          await openAll(page);
          const wide = (await page.evaluate('document.documentElement.scrollWidth')) as number;
          assert.ok(wide <= 360, `the page is ${wide} pixels wide in a window of 360`);
          const unreachable = await page.evaluate(
            "[...document.querySelectorAll('*')].filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX === 'auto' && one.tabIndex !== 0).map((one) => one.outerHTML.slice(0, 200))",
          );
          assert.equal(unreachable, []);
        });
      },
    );
  }

  for (const [name, made, colorScheme] of Object.entries(pages).flatMap(([name, made]) =>
    (['light', 'dark'] as const).map((scheme) => [name, made, scheme] as const),
  )) {
    inBrowser(`axe-core finds nothing serious (${name}, ${colorScheme})`, async () => {
      const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
      await withPage(made(), { colorScheme }, async (page, seen) => {
        assert.equal(seen.messages, []); // the policy refuses nothing that the page itself has
        await openAll(page);
        await page.evaluate(axe);
        const found = (await page.evaluate('axe.run(document)')) as {
          violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[];
          passes: unknown[];
        };
        assert.ok(found.passes.length > 10, 'axe looked');
        const grave = found.violations.filter(({ impact }) => ['serious', 'critical'].includes(impact));
        assert.equal(
          grave.map(({ id, nodes }) => `${id}: ${nodes[0]!.html} ${nodes[0]!.failureSummary}`),
          [],
        );
      });
    });
  }

  inBrowser('without JavaScript everything can be read, and a link opens its problem', async () => {
    await withPage(fullPage(), { javaScriptEnabled: false }, async (page) => {
      const second = page.locator('details.problem').nth(2);
      assert.is(await second.getByText('Why this one').isVisible(), false);
      await page.locator('nav a[href="#p3"]').click();
      await second.getByText('Why this one').waitFor({ state: 'visible', timeout: 60_000 });
      assert.is(await page.locator('svg.map').first().isVisible(), true);
      assert.is(await page.getByText('2 tests that decided for the winner').count(), 0);
      assert.match(
        (await page.locator('.why').first().textContent()) ?? '',
        /1 unit test decided between the two.*1 says the opposite/s,
      );
    });
  });

  inBrowser('the keyboard reaches and opens everything', async () => {
    await withPage(fullPage(), { viewport: { width: 360, height: 900 } }, async (page) => {
      const focused = () => page.evaluate('document.activeElement.outerHTML') as Promise<string>;
      const expected = (await page.evaluate(
        "[...document.querySelectorAll('a, summary, [tabindex]')].filter((one) => one.checkVisibility({ contentVisibilityAuto: false })).map((one) => one.outerHTML)",
      )) as string[];
      const reached = [];
      for (let at = 0; at < expected.length; at += 1) {
        await page.keyboard.press('Tab');
        reached.push(await focused());
      }
      assert.equal(reached, expected);
      const last = page.locator('details.problem').last();
      await last.locator('summary').first().focus();
      await page.keyboard.press('Enter');
      assert.is(await last.getAttribute('open'), '');
      const map = page.locator('.scroll').first();
      await map.focus();
      await page.keyboard.press('ArrowRight');
      await page.waitForTimeout(300);
      assert.ok(
        ((await page.evaluate('document.activeElement.scrollLeft')) as number) > 0,
        'the map scrolls in its box',
      );
      const wide = (await page.evaluate('document.documentElement.scrollWidth')) as number;
      assert.ok(wide <= 360, `the page is ${wide} pixels wide in a window of 360`);
    });
  });

  inBrowser.after(() => browser.close());
}

inBrowser.run();
