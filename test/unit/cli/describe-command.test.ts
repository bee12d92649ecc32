import { afterAll, beforeAll, expect, test } from 'vitest';
import { type InProcess, openInProcess } from '../../support/in-process.ts';

let cli: InProcess;

beforeAll(async () => {
  cli = openInProcess();
  for (const name of ['abc', 'abd', 'x']) await cli.ok(['create', 'configmap', name]);
});
afterAll(() => cli.remove());

const describe = (...args: string[]) => cli.run(['describe', ...args]);
const described = (name: string, events: string): string =>
  `Name:         ${name}\nNamespace:    default\nLabels:       <none>\nAnnotations:  <none>\n\nData\n====\n\nBinaryData\n====\n\n${events}`;

test('one object is described with its events', async () => {
  expect(await describe('cm', 'x')).toEqual({ code: 0, out: described('x', 'Events:  <none>\n'), err: '' });
});

test('several objects are described without events, unless they are asked for', async () => {
  const [one, two] = [described('abc', ''), described('x', '')];
  expect((await describe('cm/abc', 'cm/x')).out).toBe(`${one}\n\n${two}`);
  expect((await describe('cm/abc', 'cm/x', '--show-events')).out.match(/^Events:/gm)).toHaveLength(2);
});

test('a name that does not exist is taken for the beginning of names', async () => {
  expect(await describe('cm', 'ab')).toEqual({
    code: 0,
    out: `${described('abc', '')}\n${described('abd', '')}\n`,
    err: '',
  });
});

test('a node is described with the pods on it', async () => {
  await cli.ok(['create', 'node', 'n', '--cpu', '4', '--memory', '8Gi']);
  await cli.ok(
    ['create', '-f', '-'],
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      spec: {
        nodeName: 'n',
        containers: [
          {
            name: 'c',
            image: 'i',
            resources: { requests: { cpu: '100m', memory: '200Mi' }, limits: { memory: '200Mi' } },
          },
        ],
      },
    }),
  );
  expect((await describe('node', 'n')).out).toContain(`
Non-terminated Pods:          (1 in total)
  Namespace                   Name    CPU Requests  CPU Limits  Memory Requests  Memory Limits  Age
  ---------                   ----    ------------  ----------  ---------------  -------------  ---
  default                     p       100m (2%)     0 (0%)      200Mi (2%)       200Mi (2%)     0s
Allocated resources:
  (Total limits may be over 100 percent, i.e., overcommitted.)
  Resource           Requests    Limits
  --------           --------    ------
  cpu                100m (2%)   0 (0%)
  memory             200Mi (2%)  200Mi (2%)
  ephemeral-storage  0 (0%)      0 (0%)
`);
});

test.each([
  [
    [],
    1,
    'error: You must specify the type of resource to describe. Use "kdaemon api-resources" for a complete list of supported resources.\n',
  ],
  [['pods', 'nope'], 1, 'Error from server (NotFound): pods "nope" not found\n'],
  [['cm/ab'], 1, 'Error from server (NotFound): configmaps "ab" not found\n'],
  [
    ['pods,cm', 'zz'],
    1,
    'Error from server (NotFound): pods "zz" not found\nError from server (NotFound): configmaps "zz" not found\n',
  ],
  [['ds', '-l', 'a=b'], 0, 'No resources found in default namespace.\n'],
])('describe %j says so on standard error', async (args, code, err) => {
  expect(await describe(...args)).toEqual({ code, out: '', err });
});
