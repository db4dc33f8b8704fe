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
  timeout: 30_000,
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
    // These change tickets, which the others count: they come last.
    {
      name: 'life',
      testMatch: ['life/**', 'alive/**'],
      dependencies: ['desktop', 'phone', 'no-js'],
      use: { viewport: { width: 1280, height: 900 } },
    },
    {
      name: 'life-no-js',
      testMatch: 'life/**',
      dependencies: ['desktop', 'phone', 'no-js'],
      use: { viewport: { width: 1280, height: 900 }, javaScriptEnabled: false },
    },
  ],
});
