import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { byteSize } from '../../../src/cli/store/byte-size.ts';
import { type InProcess, openInProcess } from '../../support/in-process.ts';

let shell: InProcess;
let file = '';
beforeEach(() => {
  shell = openInProcess();
  file = join(shell.folder, 'cluster.db');
});
afterEach(() => shell.remove());

/** Changes the store behind kdaemon's back. */
function tamper(sql: string): void {
  const db = new Database(file);
  db.exec(sql);
  db.close();
}

describe('kdaemon store check', () => {
  test('says that a store is in order', async () => {
    await shell.ok(['init', '--nodes', '2']);
    expect(await shell.ok(['store', 'check'])).toMatch(
      /^\S+cluster\.db is in order: revision 9, 9 keys, 9 writes in its history, \d+ KiB\n$/,
    );
  });

  test('is one JSON object with -o json', async () => {
    await shell.ok(['init', '--nodes', '2']);
    expect(JSON.parse(await shell.ok(['store', 'check', '-o', 'json']))).toEqual({
      file,
      bytes: readFileSync(file).length,
      revision: 9,
      compacted: 0,
      keys: 9,
      writes: 9,
      findings: [],
    });
    tamper(`DELETE FROM live WHERE key = 'core/nodes//cp-1'`);
    const { code, out } = await shell.run(['store', 'check', '-o', 'json']);
    expect(code).toBe(1);
    expect(JSON.parse(out).findings).toContain(
      'live: "core/nodes//cp-1" is at no revision, but was written at 7',
    );
  });

  test.each([
    ['not JSON', 'is no JSON'],
    ['[]', 'is no object with metadata'],
    ['{"kind":"Node"}', 'is no object with metadata'],
    ['{"kind":"Node","apiVersion":"v1","metadata":{"name":"other","uid":"u"}}', 'has the name "other"'],
    [
      '{"kind":"Node","apiVersion":"v1","metadata":{"name":"cp-1","namespace":"default","uid":"u"}}',
      'has the namespace "default"',
    ],
    ['{"metadata":{"name":"cp-1","uid":"u"}}', 'has no kind'],
    ['{"kind":"Node","apiVersion":"v1","metadata":{"name":"cp-1"}}', 'has no UID'],
  ])('finds the value %s', async (value, finding) => {
    await shell.ok(['init', '--nodes', '1']);
    tamper(`UPDATE log SET value = '${value}' WHERE key = 'core/nodes//cp-1'`);
    const { code, out, err } = await shell.run(['store', 'check']);
    expect({ code, out, err }).toEqual({ code: 1, out: `object: "core/nodes//cp-1" ${finding}\n`, err: '' });
  });

  test('refuses what it has not', async () => {
    await shell.ok(['init']);
    const refused: readonly (readonly [readonly string[], string])[] = [
      [
        ['store', 'check', 'x'],
        `error: Unexpected args: [x]\nSee 'kdaemon store check -h' for help and examples\n`,
      ],
      [['store', 'check', '-o', 'yaml'], 'error: --output yaml is not available\n'],
      [
        ['store', 'check', '--server', 'http://127.0.0.1:1'],
        'error: this works on a store, not on an API server\n',
      ],
      [['store', 'check', '--store', 'missing.db'], 'error: missing.db does not exist\n'],
      [['store', 'mend'], `error: unknown command "mend"\nSee 'kdaemon store -h' for help and examples\n`],
    ];
    for (const [args, message] of refused) {
      const { code, err } = await shell.run(args);
      expect([code, err]).toEqual([1, message]);
    }
    expect(existsSync('missing.db')).toBe(false);
  });
});

describe('kdaemon store backup', () => {
  test('makes a store that has everything, and goes back the same way', async () => {
    await shell.ok(['init', '--nodes', '2']);
    const copy = join(shell.folder, 'copy.db');
    expect(await shell.ok(['store', 'backup', copy])).toMatch(
      new RegExp(`^${file} was copied to ${copy}: revision 9, 9 keys, \\d+ KiB\n$`),
    );
    const nodes = await shell.ok(['get', 'nodes', '-o', 'yaml']);
    expect(await shell.ok(['get', 'nodes', '-o', 'yaml', '--store', copy])).toBe(nodes);
    await shell.ok(['delete', 'node', 'worker-1']);
    await shell.ok(['store', 'backup', '--store', copy, '--force', file]);
    expect(await shell.ok(['get', 'nodes', '-o', 'yaml'])).toBe(nodes);
    expect(readdirSync(shell.folder).sort()).toEqual(['cluster.db', 'copy.db']);
  });

  test('counts on a terminal what is copied, and wipes the line', async () => {
    await shell.ok(['init']);
    const { err } = await shell.run(['store', 'backup', join(shell.folder, 'copy.db')], { terminal: true });
    const [first, line, last] = err.split('\r\u001b[K');
    expect([first, line, last]).toEqual(['', expect.stringMatching(/^copying: .* of \d+ KiB$/), '']);
  });

  test('replaces no file without --force, and no folder with it', async () => {
    await shell.ok(['init']);
    const taken = join(shell.folder, 'taken');
    writeFileSync(taken, 'precious');
    expect((await shell.run(['store', 'backup', taken])).err).toBe(
      `error: ${taken} exists already; --force replaces it\n`,
    );
    expect(readFileSync(taken, 'utf8')).toBe('precious');
    mkdirSync(join(shell.folder, 'folder'));
    for (const flags of [[], ['--force']]) {
      expect((await shell.run(['store', 'backup', join(shell.folder, 'folder'), ...flags])).err).toBe(
        `error: ${join(shell.folder, 'folder')} cannot be written: it is a folder\n`,
      );
    }
    expect((await shell.run(['store', 'backup', file, '--force'])).err).toBe(
      `error: ${file} is the store itself\n`,
    );
    expect((await shell.run(['store', 'backup'])).err).toBe(
      `error: the file to write is missing\nSee 'kdaemon store backup -h' for help and examples\n`,
    );
  });
});

test('kdaemon store compact forgets history and keeps the objects', async () => {
  await shell.ok(['init', '--nodes', '3']);
  for (let i = 0; i < 5; i += 1) await shell.ok(['label', 'nodes', '--all', '--overwrite', `round=${i}`]);
  const nodes = await shell.ok(['get', 'nodes', '-o', 'yaml']);
  expect(await shell.ok(['store', 'compact'])).toMatch(
    /^\S+ was compacted through revision 30: \d+ KiB before, \d+ KiB now\n$/,
  );
  expect(await shell.ok(['get', 'nodes', '-o', 'yaml'])).toBe(nodes);
  expect(JSON.parse(await shell.ok(['store', 'check', '-o', 'json']))).toMatchObject({
    revision: 30,
    compacted: 30,
    keys: 10,
    writes: 10,
    findings: [],
  });
});

test('kdaemon store alone shows its help, and its words are completed', async () => {
  const { code, out } = await shell.run(['store']);
  expect([code, out.includes('Available Commands:\n  backup    Copy')]).toEqual([1, true]);
  expect(await shell.ok(['__complete', 'store', ''])).toMatch(/^backup\t.*\ncheck\t.*\ncompact\t.*\n:4\n$/);
});

test.each([
  [0, '0.0 KiB'],
  [16_384, '16 KiB'],
  [4_400_000, '4.2 MiB'],
  [250 * 1024 * 1024, '250 MiB'],
  [3 * 1024 ** 4, '3.0 TiB'],
])('%i bytes are %s', (bytes, text) => {
  expect(byteSize(bytes)).toBe(text);
});
