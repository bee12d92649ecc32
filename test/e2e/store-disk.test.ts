import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { type InProcess, openInProcess } from '../support/in-process.ts';
import type { Shell } from '../support/kdaemon.ts';
import { startServe } from './serve-process.ts';
import { started } from './started.ts';

describe('a store that cannot be used is one line on standard error, exit code 1, and stays as it is', () => {
  let shell: InProcess;
  let file = '';
  beforeEach(async () => {
    shell = openInProcess();
    file = join(shell.folder, 'cluster.db');
    await shell.ok(['init', '--nodes', '40']);
  });
  afterEach(() => shell.remove());

  const PAGE = 16_384;

  /** Overwrites bytes of the store's file. */
  function overwrite(at: number, bytes: Buffer): void {
    const content = readFileSync(file);
    bytes.copy(content, at);
    writeFileSync(file, content);
  }

  const change = (sql: string): void => {
    const db = new Database(file);
    db.exec(sql);
    db.close();
  };

  const cases: readonly (readonly [what: string, damage: () => void, message: RegExp])[] = [
    [
      'is text',
      () => writeFileSync(file, 'kind: List\n'.repeat(2000)),
      / is not a kdaemon store: it is no database$/,
    ],
    [
      'has an overwritten header',
      () => overwrite(0, Buffer.alloc(100, 7)),
      / is not a kdaemon store: it is no database$/,
    ],
    ['has an overwritten first table', () => overwrite(PAGE, Buffer.alloc(PAGE, 0xa5)), / is damaged: /],
    [
      'has overwritten pages',
      () => {
        for (let at = PAGE; at < statSync(file).size; at += PAGE) overwrite(at, Buffer.alloc(64, 0xa5));
      },
      / is damaged: /,
    ],
    ['was cut short', () => truncateSync(file, 2 * PAGE), / is damaged: /],
    [
      'is of another program',
      () => change('PRAGMA application_id = 5'),
      / is a database, but not a kdaemon store$/,
    ],
    [
      'is of a newer kdaemon',
      () => change('PRAGMA user_version = 99'),
      / was written by a newer version of kdaemon \(format 99; this one reads up to \d+\)$/,
    ],
    [
      'is a folder',
      () => {
        rmSync(file);
        mkdirSync(file);
      },
      / cannot be opened: it is a folder$/,
    ],
  ];

  test.each(cases)('when it %s', async (_what, damage, message) => {
    damage();
    const isFile = statSync(file).isFile();
    const before = isFile ? readFileSync(file) : undefined;
    for (const args of [['get', 'nodes'], ['create', 'namespace', 'x'], ['reconcile']]) {
      const { code, out, err } = await shell.run(args);
      expect([code, out]).toEqual([1, '']);
      expect(err).toMatch(/^error: \S*cluster\.db .*\n$/);
      expect(err.trimEnd()).toMatch(message);
    }
    const checked = await shell.run(['store', 'check']);
    expect(checked.code).toBe(1);
    expect(checked.out + checked.err).toMatch(/^(error: \S*cluster\.db|pages:|tables:) ./);
    const copied = await shell.run(['store', 'backup', join(shell.folder, 'copy.db')]);
    expect(copied.code).toBe(1);
    expect(copied.err).toMatch(/^error: \S*(cluster\.db|copy\.db was not written: the store) .*\n$/);
    expect(readdirSync(shell.folder)).not.toContain('copy.db');
    if (before !== undefined) expect(readFileSync(file).equals(before)).toBe(true);
  });
});

describe('a disk that is full', () => {
  /** Runs a program of the system; whether it ended well. */
  const ended = (program: string, args: readonly string[]): boolean => spawnSync(program, args).status === 0;

  /** A file system of 1 MiB; undefined where this user may not mount one. */
  function smallDisk(): string | undefined {
    const { folder, remove } = openInProcess();
    const mounted = ended('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
    onTestFinished(() => {
      if (mounted) ended('umount', [folder]);
      remove();
    });
    return mounted ? folder : undefined;
  }

  /** Fills a file system to the last byte. */
  function fill(folder: string): void {
    const file = join(folder, 'ballast');
    for (let size = 256 * 1024; size >= 1; size = Math.floor(size / 2)) {
      try {
        while (size > 0) writeFileSync(file, Buffer.alloc(size), { flag: 'a' });
      } catch {}
    }
  }

  test('refuses writes in a clear word, loses nothing, and goes on when there is room', async ({ skip }) => {
    const disk = smallDisk();
    if (disk === undefined) return skip('only root can mount a small file system');
    const { run, ok, remove } = openInProcess();
    onTestFinished(remove);
    const store = ['--store', join(disk, 'cluster.db')];
    writeFileSync(join(disk, 'ballast'), Buffer.alloc(200_000));
    const full = `error: no space left to write ${join(disk, 'cluster.db')}\n`;
    const value = `--from-literal=text=${'x'.repeat(30_000)}`;
    let made = 0;
    for (;;) {
      const { code, err } = await run(['create', 'configmap', `map-${made}`, value, ...store]);
      if (code !== 0) {
        expect([code, err]).toEqual([1, full]);
        break;
      }
      made += 1;
    }
    expect(made).toBeGreaterThan(5);
    const names = async (): Promise<number> =>
      (await ok(['get', 'configmaps', '-o', 'name', ...store])).trim().split('\n').length;
    expect(await names()).toBe(made);
    await ok(['store', 'check', ...store]);
    rmSync(join(disk, 'ballast'));
    await ok(['create', 'configmap', `map-${made}`, value, ...store]);
    expect(await names()).toBe(made + 1);
    await ok(['store', 'check', ...store]);
  });

  test('is told where not even the files beside the store fit', async ({ skip }) => {
    const disk = smallDisk();
    if (disk === undefined) return skip('only root can mount a small file system');
    const { run, ok, remove } = openInProcess();
    onTestFinished(remove);
    const file = join(disk, 'cluster.db');
    await ok(['init', '--store', file]);
    fill(disk);
    const before = readFileSync(file);
    for (const args of [
      ['get', 'nodes'],
      ['create', 'namespace', 'x'],
      ['store', 'check'],
    ]) {
      const { code, err } = await run([...args, '--store', file]);
      expect([args, code, err]).toEqual([args, 1, `error: no space left to write ${file}\n`]);
    }
    expect(readFileSync(file).equals(before)).toBe(true);
    rmSync(join(disk, 'ballast'));
    expect(await ok(['get', 'nodes', '-o', 'name', '--store', file])).toContain('node/cp-1\n');
  });

  test('leaves no half of a copy behind', async ({ skip }) => {
    const disk = smallDisk();
    if (disk === undefined) return skip('only root can mount a small file system');
    const { run, ok, remove } = openInProcess();
    onTestFinished(remove);
    await ok(['create', 'node', 'n', '--count', '1000']);
    const { code, err } = await run(['store', 'backup', join(disk, 'copy.db')]);
    expect([code, err]).toEqual([1, `error: no space left to write ${join(disk, 'copy.db')}\n`]);
    expect(readdirSync(disk)).toEqual([]);
  });
});

test('store check and store backup work beside a server that writes', async () => {
  const server = await startServe();
  const { shell } = server;
  onTestFinished(async () => {
    await server.stop();
    shell.remove();
  });
  const maps = `${server.url}/api/v1/namespaces/default/configmaps`;
  let stop = false;
  let acknowledged = 0;
  const writing = (async () => {
    for (; !stop; acknowledged += 1) {
      const body = JSON.stringify({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: `map-${acknowledged}` },
      });
      const { status } = await fetch(maps, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      expect(status).toBe(201);
    }
  })();
  const copies = [1, 2, 3].map((number) => `copy-${number}.db`);
  const counts: number[] = [];
  for (const copy of copies) {
    const before = acknowledged;
    expect(await beside(shell, ['store', 'check'])).toMatch(/ is in order: /);
    expect(await beside(shell, ['store', 'backup', copy])).toMatch(/ was copied to /);
    expect(await beside(shell, ['store', 'check', '--store', copy])).toMatch(/ is in order: /);
    const list = JSON.parse(await beside(shell, ['get', 'configmaps', '-o', 'json', '--store', copy])) as {
      readonly items: readonly { readonly metadata: { readonly name: string } }[];
    };
    const count = list.items.filter(({ metadata }) => metadata.name.startsWith('map-')).length;
    expect(count).toBeGreaterThanOrEqual(before);
    counts.push(count);
  }
  stop = true;
  await writing;
  expect(counts).toEqual(counts.toSorted((a, b) => a - b));
  expect(acknowledged).toBeGreaterThan(0);
});

/** Runs a command while this process goes on; throws unless it ends well. */
async function beside(shell: Shell, args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await started(shell, args);
  if (status !== 0) throw new Error(`kdaemon ${args.join(' ')}: exit ${status}\n${stdout}${stderr}`);
  return stdout;
}
