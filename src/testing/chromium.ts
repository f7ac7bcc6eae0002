/** Debian's Chromium for tests, without a screen and without any traffic of its own. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
];

/** The caller closes it. `CHROMIUM_PATH` names another one than Debian's. */
export async function launchChromium(moreFlags: readonly string[] = []): Promise<Browser> {
  const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
  if (!existsSync(executablePath)) {
    throw new Error(
      `there is no browser at ${executablePath}: install Debian's chromium or set CHROMIUM_PATH`,
    );
  }
  // Without a language it finds no file whose name is not in ASCII.
  const env = { ...process.env, LC_ALL: 'C.UTF-8' };
  return chromium.launch({ executablePath, args: [...flags, ...moreFlags], env });
}
