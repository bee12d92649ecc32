import { afterAll, beforeAll, expect, test } from 'vitest';
import { type InProcess, openInProcess } from '../../support/in-process.ts';

let cli: InProcess;
const NOW = Date.UTC(2026, 0, 1);
const ago = (seconds: number): string => new Date(NOW - seconds * 1000).toISOString();

const event = (name: string, more: object): Promise<string> =>
  cli.ok(
    ['create', '-f', '-', '-n', 'default'],
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name },
      involvedObject: { kind: 'DaemonSet', name: 'x', namespace: 'default' },
      type: 'Normal',
      reason: 'Done',
      message: 'something',
      firstTimestamp: ago(60),
      lastTimestamp: ago(60),
      ...more,
    }),
  );

beforeAll(async () => {
  cli = openInProcess();
  await event('c', { type: 'Warning', lastTimestamp: ago(5), count: 3, message: 'two\nlines' });
  await event('b', { involvedObject: { kind: 'Pod', name: 'p', namespace: 'default' } });
  await event('a', { firstTimestamp: ago(600), lastTimestamp: ago(600) });
});
afterAll(() => cli.remove());

const TABLE = `LAST SEEN          TYPE      REASON   OBJECT        MESSAGE
10m                Normal    Done     DaemonSet/x   something
60s                Normal    Done     Pod/p         something
5s (x3 over 60s)   Warning   Done     DaemonSet/x   two...
`;

test('events are listed by time, the newest last', async () => {
  expect(await cli.run(['events'])).toEqual({ code: 0, out: TABLE, err: '' });
});

test('events of all namespaces say which', async () => {
  expect(await cli.ok(['events', '-A', '--no-headers', '--types=warning'])).toBe(
    'default   5s (x3 over 60s)   Warning   Done   DaemonSet/x   two...\n',
  );
});

test('events of one object are found by its type and name', async () => {
  expect(await cli.ok(['events', '--for', 'ds/x', '-o', 'name'])).toBe('event/a\nevent/c\n');
  expect(JSON.parse(await cli.ok(['events', '--for', 'pod/p', '-o', 'json']))).toMatchObject({
    kind: 'EventList',
    items: [{ metadata: { name: 'b' } }],
  });
});

test.each([
  [['-n', 'nowhere'], 0, 'No events found in nowhere namespace.\n'],
  [['-A', '--for', 'pod/none'], 0, 'No events found.\n'],
  [['--for', 'x'], 1, 'error: --for must be in resource/name form\n'],
  [['--for', 'nope/x'], 1, 'the server doesn\'t have a resource type "nope"\n'],
  [['--types=Foo'], 1, 'error: valid --types are Normal or Warning\n'],
])('events %j says so on standard error', async (args, code, err) => {
  expect(await cli.run(['events', ...args])).toEqual({ code, out: '', err });
});
