import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { planHtml } from '../../src/cli/plan/pictures/html.ts';
import { contrastOf } from '../../src/cli/plan/pictures/palette.ts';
import { planSvg } from '../../src/cli/plan/pictures/svg.ts';
import { planNodes, settledCluster } from '../sim/support/plan-cluster.ts';
import { openShell } from '../support/kdaemon.ts';
import { rolloutReport } from '../unit/cli/plan/rollout-report.ts';

/** A Chromium of this machine: $CHROME_PATH, else by its usual names on PATH; undefined where there is none. */
function browserPath(): string | undefined {
  const { CHROME_PATH, PATH = '' } = process.env;
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const paths = PATH.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return [...(CHROME_PATH === undefined ? [] : [CHROME_PATH]), ...paths].find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const executablePath = browserPath();

/** Runs in the page: every text with its colour and the colour behind it, as computed. */
const TEXT_COLORS = `[...document.querySelectorAll('body *')].flatMap((element) => {
  const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '');
  if (!own || element.getClientRects().length === 0) return [];
  const isSvg = element.namespaceURI.endsWith('svg');
  const onState = /\\bt-(\\w+)/.exec(element.getAttribute('class') ?? '');
  const bar = onState && document.querySelector('#drawing rect.s-' + onState[1]);
  let behind = element;
  while (behind.parentElement && getComputedStyle(behind).backgroundColor === 'rgba(0, 0, 0, 0)') behind = behind.parentElement;
  const style = getComputedStyle(element);
  return [{
    text: element.textContent.slice(0, 30),
    color: isSvg ? style.fill : style.color,
    behind: bar ? getComputedStyle(bar).fill : getComputedStyle(behind).backgroundColor,
  }];
})`;

/** Runs in the page: pairs of texts of the picture that overlap, and texts that stick out of it. */
const MISPLACED = `(() => {
  const frame = document.getElementById('plot').getBoundingClientRect();
  const boxes = [...document.querySelectorAll('#drawing text')].map((text) => ({ words: text.textContent, box: text.getBoundingClientRect() }));
  const out = boxes.filter(({ box }) => box.left < frame.left - 1 || box.right > frame.right + 1).map(({ words }) => words + ' sticks out');
  boxes.forEach((one, at) => boxes.slice(at + 1).forEach((other) => {
    const wide = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
    const high = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
    if (wide > 1 && high > 3) out.push(one.words + ' over ' + other.words);
  }));
  return out;
})()`;

const hex = (color: string): string =>
  `#${(color.match(/\d+/g) ?? [])
    .slice(0, 3)
    .map((part) => Number(part).toString(16).padStart(2, '0'))
    .join('')}`;

describe.skipIf(executablePath === undefined)(
  'the page of a plan, in a browser (skipped without Chromium)',
  () => {
    let browser: Browser;
    let page: Page;
    let folder: string;
    const complaints: string[] = [];
    const requests: string[] = [];

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'kdaemon-pictures-'));
      const shell = openShell();
      const cluster = { apiVersion: 'v1', kind: 'List', items: settledCluster(planNodes(10)) };
      const plan = ['plan', 'ds/agent', '--from', '-', '--set-image', 'agent=registry.example/agent:v2'];
      const made = shell.ok(
        [...plan, '--fault', 'image-crashes:node-03', '-o', 'html'],
        JSON.stringify(cluster),
      );
      shell.remove();
      writeFileSync(join(folder, 'stuck.html'), made);
      writeFileSync(join(folder, 'many.html'), planHtml(rolloutReport({ nodes: 1000, failing: [17, 404] })));
      writeFileSync(
        join(folder, 'hostile.html'),
        planHtml(rolloutReport({ nodes: 3, nodeName: (number) => `<img src=x onerror=alert(1)>${number}` })),
      );
      const failing = rolloutReport({ nodes: 3, failing: [2] });
      const availability = failing.timeline.availability.map((sample) => ({ ...sample, desired: 2 }));
      writeFileSync(
        join(folder, 'shrunk.html'),
        planHtml({ ...failing, timeline: { ...failing.timeline, availability } }),
      );
      writeFileSync(join(folder, 'plan.svg'), planSvg(rolloutReport({ nodes: 200, atOnce: 20 })));
      browser = await chromium.launch({
        ...(executablePath === undefined ? {} : { executablePath }),
        args: ['--no-sandbox', '--disable-gpu'],
      });
      page = await browser.newPage();
      page.on('console', (message) => complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('request', (request) => requests.push(request.url()));
    });
    afterAll(async () => {
      await browser?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    async function open(
      name: string,
      { width = 1280, colorScheme = 'light' }: { width?: number; colorScheme?: 'light' | 'dark' } = {},
    ): Promise<void> {
      complaints.length = 0;
      requests.length = 0;
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      await page.goto(pathToFileURL(join(folder, name)).href);
    }
    const states = async (): Promise<readonly string[]> =>
      (await page.locator('#states li').allTextContents()).map((text) => text.trim());

    test('shows each node, the states of each moment, and where it is stuck', async () => {
      await open('stuck.html');
      expect(await page.locator('#drawing .row').count()).toBe(10);
      expect(await page.locator('#stuck b').allTextContents()).toContain('node-03');
      expect(await page.locator('#drawing .markers title').allTextContents()).toContain('stuck');
      expect(await states()).toEqual(['9 old', '1 terminating']);

      await page.focus('#picture');
      await page.keyboard.press('ArrowRight');
      expect(await page.locator('#time').textContent()).toBe('2s');
      expect(await states()).toEqual(['9 old', '1 pulling']);
      await page.keyboard.press('End');
      expect(await states()).toEqual(['2 ready', '7 old', '1 failed']);
      expect(await page.locator('#summary').textContent()).toBe('9 of 10 available, 3 updated');
      expect(await page.locator('#down').textContent()).toBe('Without an available pod (1): node-03');
    });

    test('moves its slider and its line together with the time', async () => {
      await open('stuck.html');
      await page.locator('#cursor').fill('13000');
      expect(await page.locator('#time').textContent()).toBe('13s');
      expect(await states()).toEqual(['1 ready', '8 old', '1 terminating']);
      const before = Number(await page.locator('#cursor-line').getAttribute('x1'));
      await page.focus('#cursor');
      await page.keyboard.press('ArrowRight');
      expect(await page.locator('#time').textContent()).toBe('14s');
      expect(Number(await page.locator('#cursor-line').getAttribute('x1'))).toBeGreaterThan(before);
      expect(await page.locator('#cursor').getAttribute('aria-valuetext')).toContain(
        '14s: 9 of 10 available',
      );
    });

    test('follows the pointer and tells what lies under it', async () => {
      await open('stuck.html');
      await page.locator('#picture').scrollIntoViewIfNeeded();
      const row = await page.locator('#drawing .row').nth(9).boundingBox();
      await page.mouse.move((row?.x ?? 0) + (row?.width ?? 0) / 2, (row?.y ?? 0) + 5);
      expect(await page.locator('#under').textContent()).toBe('node-10: old');
      expect(await page.locator('#time').textContent()).not.toBe('0s');
    });

    test('zooms around the time, and back', async () => {
      await open('stuck.html');
      const whole = await page.locator('#drawing').innerHTML();
      await page.click('#zoom-in');
      expect(await page.locator('#zoomed').textContent()).toMatch(/^0s to /);
      expect(await page.locator('#drawing').innerHTML()).not.toBe(whole);
      await page.click('#zoom-all');
      expect(await page.locator('#drawing').innerHTML()).toBe(whole);
    });

    test('finds nodes of a thousand by name', async () => {
      await open('many.html');
      expect(await page.locator('#drawing .row').count()).toBe(2);
      await page.fill('#filter', 'NODE-040');
      expect(await page.locator('#matches').textContent()).toBe('10 of 1000 nodes');
      expect(await page.locator('#drawing .row').count()).toBe(10);
      await page.fill('#filter', '');
      expect(await page.locator('#matches').textContent()).toBe('1000 nodes');
    });

    test.each(['stuck.html', 'many.html', 'hostile.html'])(
      '%s asks for nothing and complains of nothing',
      async (name) => {
        await open(name);
        await page.locator('#cursor').fill('5000');
        expect(requests.filter((url) => !url.startsWith('data:'))).toEqual([page.url()]);
        expect(complaints).toEqual([]);
      },
    );

    test('shows a hostile name as it is', async () => {
      await open('hostile.html');
      expect(await page.locator('img').count()).toBe(0);
      expect(await page.locator('#down').textContent()).toContain('<img src=x onerror=alert(1)>1');
    });

    test('says which pods are missing where none is wanted', async () => {
      await open('shrunk.html');
      await page.focus('#picture');
      await page.keyboard.press('End');
      expect(await page.locator('#summary').textContent()).toBe('2 of 2 available, 3 updated');
      expect(await page.locator('#down').textContent()).toBe(
        'Without an available pod (1, 1 of them on nodes that count as wanting none): node-2',
      );
    });

    test('runs no script but its own', async () => {
      await open('stuck.html');
      await page.evaluate(
        `(() => { const script = document.createElement('script'); script.textContent = 'window.foreign = true'; document.body.append(script); })()`,
      );
      expect(await page.evaluate('window.foreign')).toBeUndefined();
      expect(complaints.join()).toContain('Content Security Policy');
    });

    test.each([
      { colorScheme: 'light', width: 1280, name: 'stuck.html' },
      { colorScheme: 'dark', width: 1280, name: 'many.html' },
      { colorScheme: 'dark', width: 400, name: 'stuck.html' },
      { colorScheme: 'light', width: 400, name: 'many.html' },
    ] as const)(
      '$name has legible text in its place: $colorScheme, $width wide',
      async ({ name, width, colorScheme }) => {
        await open(name, { width, colorScheme });
        const texts = await page.evaluate<{ text: string; color: string; behind: string }[]>(TEXT_COLORS);
        expect(texts.length).toBeGreaterThan(40);
        const weak = texts.filter(({ color, behind }) => contrastOf(hex(color), hex(behind)) < 4.5);
        expect(weak).toEqual([]);
        expect(await page.evaluate(MISPLACED)).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      },
    );

    test('is dark where the reader likes it dark, picture included', async () => {
      const look = `[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector('#drawing rect.s-old')).fill]`;
      await open('stuck.html');
      const [paper, bar] = await page.evaluate<string[]>(look);
      await page.emulateMedia({ colorScheme: 'dark' });
      const [darkPaper, darkBar] = await page.evaluate<string[]>(look);
      expect(contrastOf(hex(darkPaper ?? ''), hex(paper ?? ''))).toBeGreaterThan(10);
      expect(darkBar).not.toBe(bar);
    });

    test('the picture alone is a document that a browser reads', async () => {
      await open('plan.svg');
      expect(await page.evaluate('document.documentElement.localName')).toBe('svg');
      expect(await page.locator('.row').count()).toBe(10);
      expect(complaints).toEqual([]);
    });
  },
);
