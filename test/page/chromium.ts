import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export function chromiumPath(): string | null {
  return [process.env.CHROMIUM ?? '', ...PLACES].find((path) => path !== '' && existsSync(path)) ?? null;
}

/** A headless Chromium, or null (said aloud) where this machine has none; a build machine has to have one. */
export async function openBrowser(): Promise<Browser | null> {
  const executablePath = chromiumPath();
  if (executablePath === null) {
    if (process.env.CI)
      throw new Error('expected Chromium for the tests of the page: apt-get install chromium');
    process.stderr.write('  skipped: needs Chromium (apt-get install chromium), which is not here\n');
    return null;
  }
  // Chromium refuses to build its own sandbox for root; what it opens here is our page.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath, args });
}
