import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type InProcess, openInProcess } from '../../support/in-process.ts';

let cli: InProcess;
const configMap = (name: string, more: object = {}): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...more } });

beforeAll(async () => {
  cli = openInProcess();
  await cli.ok(['create', 'node', 'n', '--count', '2']);
  await cli.ok(['create', '-f', '-'], configMap('a', { labels: { team: 'x' } }));
  await cli.ok(['create', '-f', '-'], configMap('b'));
});
afterAll(() => cli.remove());

const out = (...args: string[]): Promise<string> => cli.ok(['get', ...args]);
const failed = (...args: string[]): ReturnType<InProcess['run']> => cli.run(['get', ...args]);

describe('jsonpath', () => {
  test('sees one object as it is, and several as a list', async () => {
    expect(await out('cm', 'a', '-o', 'jsonpath={.kind} {.metadata.labels}')).toBe('ConfigMap {"team":"x"}');
    expect(await out('cm', '-o', 'jsonpath={.kind}:{.items[*].metadata.name}')).toBe('List:a b');
    expect(await out('cm', '-l', 'team=none', '-o', 'jsonpath={.kind}')).toBe('List');
  });

  test('takes its template from --template or a file as well', async () => {
    const file = join(cli.folder, 'template');
    writeFileSync(file, '{.metadata.name}!');
    expect(await out('cm', 'a', '-o', 'jsonpath', '--template', '{.kind}')).toBe('ConfigMap');
    expect(await out('cm', 'a', '-o', `jsonpath-file=${file}`)).toBe('a!');
  });

  test('as JSON prints a list for each action', async () => {
    expect(await out('cm', '-o', 'jsonpath-as-json={.items[*].metadata.labels}')).toBe(
      '[\n    {\n        "team": "x"\n    }\n]\n',
    );
    expect(await out('cm', 'a', '-o', 'jsonpath-as-json={.nope}')).toBe('[]\n');
  });

  test('sees managedFields, which YAML leaves out', async () => {
    const path = 'jsonpath={.metadata.managedFields[*].manager}';
    expect(await out('cm', 'a', '-o', path)).toBe('kubectl-create');
    expect(await out('cm', 'a', '-o', 'yaml')).not.toContain('managedFields');
    expect(await out('cm', 'a', '-o', 'kyaml')).not.toContain('managedFields');
    expect(await out('cm', 'a', '-o', 'kyaml', '--show-managed-fields')).toContain('managedFields');
  });
});

test('go-template sees one object as it is, and several as a list', async () => {
  expect(await out('cm', 'a', '-o', 'go-template={{.kind}}')).toBe('ConfigMap');
  expect(await out('cm', '--template', '{{range .items}}{{.metadata.name}};{{end}}')).toBe('a;b;');
});

test('kyaml prints a document in braces', async () => {
  expect(await out('cm', '-l', 'team=none', '-o', 'kyaml')).toBe(
    '---\n{\n  apiVersion: "v1",\n  items: [],\n  kind: "List",\n  metadata: {\n    resourceVersion: "",\n  },\n}\n',
  );
});

describe('custom columns', () => {
  test('print what their paths find in each object', async () => {
    expect(await out('cm', '-o', 'custom-columns=NAME:.metadata.name,TEAM:{.metadata.labels.team}')).toBe(
      'NAME   TEAM\na      x\nb      <none>\n',
    );
    expect(await out('cm,no', '-o', 'custom-columns=K:kind', '--no-headers')).toBe(
      'ConfigMap\nConfigMap\nNode\nNode\n',
    );
    expect(await out('cm', '-l', 'team=none', '-o', 'custom-columns=N:.metadata.name')).toBe('N\n');
  });

  test('come from a file of two lines', async () => {
    const file = join(cli.folder, 'columns');
    writeFileSync(file, 'A    B\n.metadata.name   .kind\n');
    expect(await out('cm', 'a', '-o', `custom-columns-file=${file}`)).toBe('A     B\na     ConfigMap\n');
    writeFileSync(file, 'A B\n.metadata.name\n');
    expect((await failed('cm', '-o', `custom-columns-file=${file}`)).err).toBe(
      "error: number of headers (2) and field specifications (1) don't match\n",
    );
  });
});

test.each([
  [['-o', 'jsonpath'], 'error: template format specified but no template given\n'],
  [['-o', 'jsonpath={.a['], 'error: error parsing jsonpath {.a[, unterminated array\n'],
  [['-o', 'go-template={{.a'], 'error: error parsing template {{.a, template: output:1: unclosed action\n'],
  [
    ['-o', 'jsonpath-file=/nope'],
    'error: error reading --template /nope, open /nope: no such file or directory\n',
  ],
  [['-o', 'custom-columns'], 'error: custom-columns format specified but no custom columns given\n'],
  [
    ['-o', 'custom-columns=NAME'],
    'error: unexpected custom-columns spec: NAME, expected <header>:<json-path-expr>\n',
  ],
  [
    ['-o', 'custom-columns-file=/nope'],
    'error: error reading template /nope, open /nope: no such file or directory\n',
  ],
  [
    ['-o', 'name', '--sort-by', '{.a'],
    "error: unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'\n",
  ],
  [
    ['--output-watch-events'],
    'error: --output-watch-events option can only be used with --watch or --watch-only\n',
  ],
])('get cm %j is refused', async (args, err) => {
  expect(await failed('cm', ...args)).toEqual({ code: 1, out: '', err });
});

describe('templates that fail', () => {
  test('of jsonpath are shown with the object, on standard error', async () => {
    const ran = await failed('cm', 'a', '-o', 'jsonpath={.nope}', '--allow-missing-template-keys=false');
    expect(ran.out).toBe('');
    expect(ran.err).toMatch(
      /^error: error executing jsonpath "\{\.nope\}": Error executing template: nope is not found\. Printing more information for debugging the template:\n\ttemplate was:\n\t\t\{\.nope\}\n\tobject given to jsonpath engine was:\n\t\tmap\[string\]interface \{\}\{"apiVersion":"v1", "kind":"ConfigMap", .*\}\n\n\n$/,
    );
  });

  test('of Go are shown with the object, on standard output', async () => {
    const ran = await failed('cm', 'a', '-o', 'go-template={{.kind}}{{.kind.x}}');
    expect(ran.out).toMatch(
      /^ConfigMapError executing template: template: output:1:16: executing "output" at <\.kind\.x>: can't evaluate field x in type interface \{\}\. Printing/,
    );
    expect(ran.err).toBe(
      'error: error executing template "{{.kind}}{{.kind.x}}": template: output:1:16: executing "output" at <.kind.x>: can\'t evaluate field x in type interface {}\n',
    );
  });
});

test('objects without the field come first when sorted, the later before the earlier', async () => {
  await cli.ok(['create', '-f', '-'], configMap('c'));
  expect(await out('cm', '--sort-by', '.metadata.labels.team', '-o', 'name')).toBe(
    'configmap/c\nconfigmap/b\nconfigmap/a\n',
  );
  await cli.ok(['delete', 'cm', 'c']);
});

test('every command that changes objects has the same formats', async () => {
  const args = ['create', 'cm', 'x', '--dry-run=client', '-o'];
  expect(await cli.ok([...args, 'jsonpath={.metadata.name}'])).toBe('x');
  expect(await cli.ok([...args, 'go-template={{.kind}}'])).toBe('ConfigMap');
  expect((await cli.run([...args, 'wide'])).err).toMatch(/^error: unable to match a printer/);
  const ran = await cli.run(['create', 'cm', 'never', '-o', 'jsonpath={.a[']);
  expect(ran.err).toBe('error: error parsing jsonpath {.a[, unterminated array\n');
  expect((await failed('cm', 'never')).code).toBe(1);
});

describe('--raw', () => {
  test('prints what the API answers', async () => {
    const node = JSON.parse(await out('--raw', '/api/v1/nodes/n-1')) as { readonly kind: string };
    expect(node.kind).toBe('Node');
    const list = JSON.parse(await out('--raw', '/api/v1/nodes?fieldSelector=metadata.name%3Dn-2')) as {
      readonly items: readonly unknown[];
    };
    expect(list.items).toHaveLength(1);
  });

  test.each([
    [['--raw', '/api/v1/nodes/x'], 'Error from server (NotFound): nodes "x" not found\n'],
    [['--raw', '/nope'], 'Error from server (NotFound): the server could not find the requested resource\n'],
    [['--raw', 'apis'], 'error: --raw must be a valid URL path: parse "apis": invalid URI for request\n'],
    [['no', '--raw', '/api'], 'error: arguments may not be passed when --raw is specified\n'],
    [['--raw', '/api', '-o', 'yaml'], 'error: --raw and --output are mutually exclusive\n'],
    [
      ['--raw', '/api', '-w'],
      'error: --raw may not be specified with other flags that filter the server request or alter the output\n',
    ],
  ])('%j is refused', async (args, err) => {
    expect(await failed(...args)).toEqual({ code: 1, out: '', err });
  });
});

describe('colours', () => {
  const ESC = String.fromCharCode(27);

  test('mark the words below STATUS on a terminal, without moving columns', async () => {
    const plain = await out('no');
    const { out: coloured } = await cli.run(['get', 'no'], { terminal: true });
    expect(coloured).toContain(`${ESC}[31mUnknown${ESC}[39m`);
    expect(coloured.replaceAll(new RegExp(`${ESC}\\[\\d+m`, 'g'), '')).toBe(plain);
  });

  test('stay away with NO_COLOR', async () => {
    const { out: text } = await cli.run(['get', 'no'], { terminal: true, env: { NO_COLOR: '1' } });
    expect(text).toBe(await out('no'));
  });
});

describe('--subresource', () => {
  const deployment = JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'x' }] } },
    },
  });

  beforeAll(async () => {
    await cli.ok(['create', '-f', '-'], deployment);
  });

  test('scale is an object of its own kind, under the name of its owner', async () => {
    const get = (...args: string[]) => cli.ok(['get', 'deploy', 'web', '--subresource=scale', ...args]);
    expect(await get()).toBe('NAME   AGE\nweb    0s\n');
    expect(await get('-o', 'name')).toBe('scale.autoscaling/web\n');
    expect(JSON.parse(await get('-o', 'json'))).toMatchObject({
      kind: 'Scale',
      spec: { replicas: 3 },
      status: { replicas: 0, selector: 'app=web' },
    });
  });

  test('status is the object', async () => {
    expect(await cli.ok(['get', 'deploy/web', '--subresource=status', '-o', 'name'])).toBe(
      await cli.ok(['get', 'deploy/web', '-o', 'name']),
    );
  });

  test.each([
    [['deploy'], 'error: subresource cannot be used when bulk resources are specified\n'],
    [['cm', 'a'], 'Error from server (NotFound): the server could not find the requested resource\n'],
  ])('is refused for %j', async (args, err) => {
    expect(await cli.run(['get', ...args, '--subresource=status'])).toEqual({ code: 1, out: '', err });
  });
});
