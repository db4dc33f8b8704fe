import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

// bin/test starts the server and names it here; nothing is started from this file.
const baseURL = process.env.FIXDESK_URL ?? 'http://127.0.0.1:3000';

// The distribution's browser. Without one, Playwright's own, if it is installed.
const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';

export default defineConfig({
  testDir: './tests',
  outputDir: '../target/end2end/results',
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  // A test that passes at the second try has found something.
  retries: 0,
  workers: 2,
  // Most tests take a second or two on two cores. The limits are for machines
  // that are several times slower: they end what hangs and judge no speed.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
  use: {
    baseURL,
    locale: 'zh-CN',
    // `--trace on` records every step, which takes a tenth more time.
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: existsSync(chromium) ? chromium : undefined,
      args: [
        // Chromium's sandbox refuses to run as root.
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  // A folder is where its specs hold: with JavaScript and without, once
  // hydrated, on a phone, and at work, of which `alive` needs JavaScript.
  projects: [
    {
      name: 'desktop',
      testMatch: ['everywhere/**', 'hydrated/**'],
      use: { viewport: { width: 1280, height: 900 } },
    },
    {
      name: 'phone',
      testMatch: 'phone/**',
      use: { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
    },
    {
      name: 'no-js',
      testMatch: 'everywhere/**',
      use: { viewport: { width: 1280, height: 900 }, javaScriptEnabled: false },
    },
    // These change tickets, which the others count: bin/test runs them
    // afterwards, in a run of their own. Were they dependents here, one failure
    // above would keep all of them from running.
    {
      name: 'life',
      testMatch: ['life/**', 'alive/**'],
      use: { viewport: { width: 1280, height: 900 } },
    },
    {
      name: 'life-no-js',
      testMatch: 'life/**',
      use: { viewport: { width: 1280, height: 900 }, javaScriptEnabled: false },
    },
  ],
});
