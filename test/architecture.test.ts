import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const architecture = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');

/** The table under "Rooms of src/": room → rooms that it may import. */
function allowedImports(): ReadonlyMap<string, ReadonlySet<string>> {
  const rows = [...architecture.matchAll(/^\| `(\w+)\/` \|[^|]*\| ([^|]*) \|$/gm)];
  const rooms = rows.map((row) => row[1] ?? '');
  const allowed = new Map<string, ReadonlySet<string>>();
  for (const row of rows) {
    const text = (row[2] ?? '').trim();
    const names =
      text === '–'
        ? []
        : text.startsWith('all')
          ? rooms.filter((room) => !text.includes(`${room}`) || text === 'all')
          : text.split(',').map((name) => name.trim());
    allowed.set(row[1] ?? '', new Set(names));
  }
  return allowed;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}

const files = sourceFiles(join(root, 'src'));
const roomOf = (file: string): string => relative(join(root, 'src'), file).split(sep)[0] ?? '';

/** Code without comments and without the contents of strings, so that words in prose don't count as calls. */
function bareCode(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|[^:'"`])\/\/.*$/gm, '$1')
    .replace(/'(?:[^'\\\n]|\\.)*'/g, "''")
    .replace(/"(?:[^"\\\n]|\\.)*"/g, '""');
}

describe('ARCHITECTURE.md', () => {
  const allowed = allowedImports();

  test('lists every room of src/ and no other', () => {
    expect([...new Set(files.map(roomOf))].sort()).toEqual([...allowed.keys()].sort());
  });

  test.each(files.map((file) => relative(root, file)))('%s imports only what its room may', (name) => {
    const file = join(root, name);
    const room = roomOf(file);
    const text = readFileSync(file, 'utf8');
    for (const match of text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)) {
      const target = roomOf(resolve(dirname(file), match[1] ?? ''));
      if (target === room || target === '..') continue;
      expect(allowed.get(room), `${name} imports ${match[1]}`).toContain(target);
    }
  });
});

describe('house rules', () => {
  const banned: readonly { what: RegExp; where: (room: string, name: string) => boolean; why: string }[] = [
    {
      what: /\bDate\.now\(|\bnew Date\(\)/,
      where: (room) => room !== 'runtime',
      why: 'real time comes from runtime/',
    },
    {
      what: /\bMath\.random\(|\brandomUUID\(|\brandomInt\(/,
      where: (room) => room !== 'runtime',
      why: 'chance comes from runtime/',
    },
    {
      what: /\bsetTimeout\(|\bsetInterval\(/,
      where: (room) => room !== 'runtime',
      why: 'timers live in runtime/',
    },
    { what: /\bprocess\.exit\(/, where: (_room, name) => name !== 'src/cli/exit.ts', why: 'one place exits' },
    { what: /\bconsole\./, where: () => true, why: 'output goes through injected streams' },
    { what: /\bbetter-sqlite3\b/, where: (room) => room !== 'store', why: 'SQL lives in store/' },
  ];

  test.each(files.filter((file) => !file.endsWith('.generated.ts')).map((file) => relative(root, file)))(
    '%s keeps them',
    (name) => {
      const text = readFileSync(join(root, name), 'utf8');
      const code = bareCode(text);
      for (const rule of banned) {
        if (!rule.where(roomOf(join(root, name)), name.split(sep).join('/'))) continue;
        const subject = rule.what.source.includes('sqlite') ? text.replace(/\/\*[\s\S]*?\*\//g, '') : code;
        expect(rule.what.test(subject), `${name}: ${rule.why}`).toBe(false);
      }
    },
  );

  test('no file or folder is a junk drawer', () => {
    const names = files.flatMap((file) => relative(join(root, 'src'), file).replace(/\.ts$/, '').split(sep));
    expect(names.filter((name) => /^(utils?|commons?|helpers?|types?|lib|misc)$/.test(name))).toEqual([]);
  });
});
