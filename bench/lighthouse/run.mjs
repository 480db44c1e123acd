// Lighthouse over four pages, and how long the first of a sign-up takes to wake: node run.mjs ADDRESS RUNS COOKIE STILL.
// STILL is the address of a page without style and script: what the browser itself costs on this machine.
// Prints {"looked": {"pages": […], "still": {…}, "awake": milliseconds}} with medians, or {"skipped": why}.

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join, resolve } from 'node:path';

const [address, runs, cookie, still] = process.argv.slice(2);
const root = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../..');

/** Returns the browser that the tests drive (end2end/support/browser.ts). */
function browser() {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder.startsWith('/'));
  const places = [...folders, join(root, '.tools/bin')].map((folder) => join(folder, 'chromium'));
  return [...places, playwrights()].find((place) => place !== undefined && existsSync(place));
}

/** Returns where Playwright would keep its own. */
function playwrights() {
  try {
    return createRequire(join(root, 'end2end/package.json'))('@playwright/test').chromium.executablePath();
  } catch {
    return undefined;
  }
}

const median = (values) => values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)];

/** What Lighthouse calls the work of a task, by its names. */
const WORK = {
  parseHTML: 'HTML and CSS read',
  styleLayout: 'style and layout',
  paintCompositeRender: 'painting',
  scriptParseCompile: 'script compiled',
  scriptEvaluation: 'script run',
  garbageCollection: 'memory collected',
  other: 'the browser itself',
};

/** Returns the tasks that blocked the page after its first paint: how many simulated milliseconds each, and what took most of it. */
function blocking(audits) {
  const painted = audits['first-contentful-paint'].numericValue;
  const { tasks } = audits['long-tasks'].details.debugData;
  const late = tasks.filter(({ startTime, duration }) => startTime + duration > painted);
  return late.map(({ duration, ...task }) => {
    const [most] = Object.keys(WORK).toSorted((one, other) => (task[other] ?? 0) - (task[one] ?? 0));
    return `${Math.round(duration)} ms ${WORK[most]}`;
  });
}

async function looked(lighthouse, port, url, extraHeaders) {
  const path = new URL(url).pathname;
  const flags = { port, logLevel: 'error', output: 'json', extraHeaders };
  // The default: a mobile phone, slow 4G and a slow processor, simulated.
  const { lhr } = await lighthouse(url, flags);
  if (lhr.runtimeError) throw new Error(`${path}: ${lhr.runtimeError.message}`);
  if (new URL(lhr.finalDisplayedUrl).pathname !== path) throw new Error(`${path} led to ${lhr.finalDisplayedUrl}`);
  const score = (category) => Math.round(lhr.categories[category].score * 100);
  for (const { id, score, scoreDisplayMode } of Object.values(lhr.audits)) {
    if (score === 0 && scoreDisplayMode === 'binary') console.error(`  ${path}: ${id}`);
  }
  return {
    performance: score('performance'),
    accessibility: score('accessibility'),
    bestPractices: score('best-practices'),
    seo: score('seo'),
    totalBlockingTime: lhr.audits['total-blocking-time'].numericValue,
    largestContentfulPaint: lhr.audits['largest-contentful-paint'].numericValue,
    blocking: blocking(lhr.audits),
  };
}

const chromeFlags = ['--headless=new', '--no-sandbox', '--disable-gpu'];

/** Slow 4G, really throttled. Lighthouse's simulation does not know when WASM has run. */
const SLOW_4G = { download: (1.6 * 1024 * 1024) / 8, upload: (750 * 1024) / 8, latency: 150 };

/** Returns after how many milliseconds `/register/client` is awake: painted long before, now with what lives in it. */
async function awake(puppeteer, executablePath) {
  const browser = await puppeteer.launch({ executablePath, args: chromeFlags });
  try {
    const page = await browser.newPage();
    await page.emulateNetworkConditions(SLOW_4G);
    await page.emulateCPUThrottling(4);
    await page.evaluateOnNewDocument(() => {
      const observer = new MutationObserver(() => {
        if (document.body?.hasAttribute('data-awake')) {
          performance.mark('awake');
          observer.disconnect();
        }
      });
      observer.observe(document, { attributes: true, childList: true, subtree: true });
    });
    await page.goto(`${address}/register/client`);
    await page.waitForFunction(() => performance.getEntriesByName('awake').length > 0);
    return await page.evaluate(() => performance.getEntriesByName('awake')[0].startTime);
  } finally {
    await browser.close();
  }
}

/** Returns what `measure` says; a browser that did not come up or went away is started again, twice. */
async function tried(measure, left = 2) {
  try {
    return await measure();
  } catch (error) {
    console.error(`  ${error.message}`);
    if (left === 0) throw error;
    return tried(measure, left - 1);
  }
}

async function repeated(measure) {
  const results = [];
  for (let run = 0; run < Number(runs); run += 1) results.push(await tried(measure));
  return results;
}

async function measured(chromePath) {
  const { default: lighthouse } = await import('lighthouse');
  const { launch } = await import('chrome-launcher');
  const { default: puppeteer } = await import('puppeteer-core');
  const medians = async (url, headers = {}) => {
    const results = await repeated(async () => {
      const chrome = await launch({ chromePath, chromeFlags });
      try {
        return await looked(lighthouse, chrome.port, url, headers);
      } finally {
        chrome.kill();
      }
    });
    const { blocking: _, ...numbers } = results[0];
    const each = Object.keys(numbers).map((name) => [name, median(results.map((result) => result[name]))]);
    const figures = Object.fromEntries(each);
    // Tasks have no median: they are those of the run in the middle.
    const { blocking } = results.find(({ totalBlockingTime }) => totalBlockingTime === figures.totalBlockingTime);
    return { path: new URL(url).pathname, ...figures, blocking };
  };
  const pages = [];
  for (const path of ['/', '/register/client', '/login', '/profile']) {
    pages.push(await medians(`${address}${path}`, path === '/profile' ? { Cookie: cookie } : {}));
  }
  const plain = await medians(still);
  return { looked: { pages, still: plain, awake: median(await repeated(() => awake(puppeteer, chromePath))) } };
}

const chromePath = browser();
const answer = chromePath ? await measured(chromePath) : { skipped: 'Lighthouse: no Chromium here (`make tools` installs one)' };
process.stdout.write(JSON.stringify(answer));
