import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openShell, repository, type Shell } from '../support/kdaemon.ts';

/** Orders to a terminal: clear, rename the window, go back and write over, the same in eight bits, and colours. */
const ORDERS = '\u001b[2J\u001b]0;owned\u0007\rover\b\u009b1Athe end\u001b[8m';
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not reach a terminal
const OBEYED = /\u001b\[2J|\u001b\]|\u0007|\u0008|\u009b|\u001b\[8m/;

/** Whether `script`, which runs a command in a terminal of its own, is installed. */
const hasScript = spawnSync('script', ['--version']).status === 0;
let shell: Shell;
beforeAll(() => {
  shell = openShell();
  shell.run(['init', '--nodes', '1']);
  const annotations = { note: ORDERS };
  const objects = [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'orders', annotations },
      data: { text: ORDERS },
    },
    {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'told', namespace: 'default' },
      involvedObject: { apiVersion: 'v1', kind: 'ConfigMap', name: 'orders', namespace: 'default' },
      reason: ORDERS,
      message: ORDERS,
      type: 'Normal',
      count: 1,
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T00:00:00Z',
      source: { component: ORDERS },
    },
  ];
  const list = { apiVersion: 'v1', kind: 'List', items: objects };
  shell.ok(['create', '-f', '-'], JSON.stringify(list));
});
afterAll(() => shell.remove());

/** What a command writes to a terminal that it runs in. */
function onTerminal(args: readonly string[]): string {
  const words = [process.execPath, join(repository, 'bin/kdaemon.js'), ...args];
  const line = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  const done = spawnSync('script', ['-qec', line, '/dev/null'], {
    cwd: shell.folder,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: shell.folder, TZ: 'UTC', TERM: 'xterm', KDAEMON_STORE: shell.store },
  });
  return done.stdout;
}

const COMMANDS: readonly (readonly string[])[] = [
  ['describe', 'configmap', 'orders'],
  ['get', 'events'],
  ['events'],
  ['get', 'configmap', 'orders', '-o', 'jsonpath={.data.text}'],
  ['get', 'configmap', 'orders', '-o', 'go-template={{.data.text}}'],
  ['get', 'configmap', 'orders', '-o', 'custom-columns=TEXT:.data.text,NOTE:.metadata.annotations.note'],
  ['get', 'configmap', 'orders', '-o', 'yaml'],
  ['get', 'configmap', 'orders', '-o', 'json'],
  ['get', 'configmap', ORDERS],
  ['get', ORDERS],
  ['label', 'configmap', 'orders', `${ORDERS}=x`],
  ['create', 'configmap', ORDERS],
  [ORDERS],
  ['get', 'nodes', `--${ORDERS}`],
];

describe('orders to a terminal that objects and arguments hold', () => {
  test.skipIf(!hasScript).each(COMMANDS.map((args) => [args]))('are shown, not given: %j', (args) => {
    const text = onTerminal(args);
    expect(text).not.toBe('');
    expect(text).not.toMatch(OBEYED);
  });

  test('tables and descriptions show them in files and pipes as well, as those of kubectl do', () => {
    for (const args of [...COMMANDS.slice(0, 3), ...COMMANDS.slice(5, 6)])
      expect(shell.ok(args)).not.toContain('\u001b');
  });

  test('a text that was asked for as it is comes as it is to a file or a pipe', () => {
    expect(shell.ok(['get', 'configmap', 'orders', '-o', 'jsonpath={.data.text}'])).toBe(ORDERS);
  });
});
