import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type InProcess, openInProcess } from '../../support/in-process.ts';

let cli: InProcess;

beforeAll(async () => {
  cli = openInProcess();
  await cli.ok(['create', 'node', 'n', '--count', '2']);
  await cli.ok(['create', 'namespace', 'agents']);
  await cli.ok(['create', 'cm', 'one', '-n', 'agents']);
  await cli.ok(
    ['create', '-f', '-'],
    JSON.stringify({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'agents.example.test' },
      spec: {
        group: 'example.test',
        scope: 'Namespaced',
        names: { plural: 'agents', kind: 'Agent', shortNames: ['ag'] },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: {
              openAPIV3Schema: {
                type: 'object',
                properties: {
                  spec: {
                    type: 'object',
                    description: 'What the agent should do.',
                    required: ['mode'],
                    properties: {
                      mode: { type: 'string', enum: ['calm', 'eager'], description: 'How it goes about it.' },
                      ports: { type: 'array', items: { type: 'integer' } },
                    },
                  },
                },
              },
            },
          },
        ],
      },
    }),
  );
});
afterAll(() => cli.remove());

describe('explain', () => {
  test('prints a field, its type, and the fields below it', async () => {
    expect(await cli.ok(['explain', 'ds.spec.updateStrategy'])).toBe(
      [
        'GROUP:      apps',
        'KIND:       DaemonSet',
        'VERSION:    v1',
        '',
        'FIELD: updateStrategy <DaemonSetUpdateStrategy>',
        '',
        '',
        'DESCRIPTION:',
        '    How pods of an old template are replaced.',
        'FIELDS:',
        '  rollingUpdate\t<RollingUpdateDaemonSet>',
        '    How fast a rolling update goes. Only for the type RollingUpdate.',
        '',
        '  type\t<string>',
        '  enum: OnDelete, RollingUpdate',
        '    RollingUpdate replaces pods by itself, some nodes at a time; OnDelete waits',
        '    until somebody deletes the old pod. Default RollingUpdate.',
        '',
        '',
        '',
      ].join('\n'),
    );
  });

  test('lists the values of a field that takes only some', async () => {
    expect(await cli.ok(['explain', 'pod.spec.containers.ports.protocol'])).toBe(
      'KIND:       Pod\nVERSION:    v1\n\nFIELD: protocol <string>\nENUM:\n    SCTP\n    TCP\n    UDP\n\nDESCRIPTION:\n    <empty>\n\n',
    );
  });

  test('goes to all depths with --recursive, and opens a type inside of itself once', async () => {
    const text = await cli.ok(['explain', 'ds.spec.template.spec.tolerations', '--recursive']);
    expect(text).toContain(
      'FIELDS:\n  effect\t<string>\n  enum: NoExecute, NoSchedule, PreferNoSchedule\n  key\t<string>\n',
    );
    const schema = await cli.ok(['explain', 'crd.spec.versions.schema.openAPIV3Schema', '--recursive']);
    expect(schema).toContain('  allOf\t<[]JSONSchemaProps>\n    $ref\t<string>\n');
    expect(schema).toContain('    allOf\t<[]JSONSchemaProps>\n    anyOf\t<[]JSONSchemaProps>\n');
  });

  test('knows custom resources, and what their definitions say of their fields', async () => {
    expect(await cli.ok(['explain', 'ag.spec'])).toBe(
      [
        'GROUP:      example.test',
        'KIND:       Agent',
        'VERSION:    v1',
        '',
        'FIELD: spec <Object>',
        '',
        '',
        'DESCRIPTION:',
        '    What the agent should do.',
        'FIELDS:',
        '  mode\t<string> -required-',
        '  enum: calm, eager',
        '    How it goes about it.',
        '',
        '  ports\t<[]integer>',
        '    <no description>',
        '',
        '',
        '',
      ].join('\n'),
    );
  });

  test('finds a kind by its group or by --api-version', async () => {
    expect(await cli.ok(['explain', 'daemonsets.apps.spec'])).toContain('FIELD: spec <DaemonSetSpec>');
    expect(await cli.ok(['explain', 'hpa', '--api-version', 'autoscaling/v1'])).toContain('VERSION:    v1\n');
  });

  test.each([
    [['nope'], '', 'the server doesn\'t have a resource type "nope"\n'],
    [
      ['ds.spec.nope'],
      'GROUP:      apps\nKIND:       DaemonSet\nVERSION:    v1\n\n',
      'error: field "nope" does not exist\n',
    ],
    [['ds', 'x'], '', 'error: We accept only this format: explain RESOURCE\n'],
    [['ds', '-o', 'x'], '', 'error: unrecognized format: x\n'],
    [['ds..spec'], '', 'error: invalid jsonpath syntax, first node must be field node\n'],
    [
      ['ds', '--api-version', 'apps/v2'],
      '',
      'error: couldn\'t find resource for "apps/v2, Resource=daemonsets"\n',
    ],
  ])('explain %j is refused', async (args, out, err) => {
    expect(await cli.run(['explain', ...args])).toEqual({ code: 1, out, err });
  });
});

test('api-versions lists every group and version once, custom ones included', async () => {
  const versions = (await cli.ok(['api-versions'])).trimEnd().split('\n');
  expect(versions).toEqual([...new Set(versions)].sort());
  expect(versions).toEqual(expect.arrayContaining(['apps/v1', 'example.test/v1', 'v1']));
});

describe('completion', () => {
  const complete = (...words: string[]): Promise<string> => cli.ok(['__complete', ...words]);

  test.each([
    [['ge'], 'get\tDisplay one or many resources\n:4\n'],
    [['get', 'no', ''], 'n-1\nn-2\n:4\n'],
    [['get', 'no', 'n-1', ''], 'n-2\n:4\n'],
    [['get', 'no/n'], 'no/n-1\nno/n-2\n:4\n'],
    [['get', 'agents'], 'agents.example.test\n:4\n'],
    [['get', 'cm', ''], ':4\n'],
    [['get', 'cm', '-n', 'agents', ''], 'one\n:4\n'],
    [['-n', 'agents', 'get', 'cm', ''], 'one\n:4\n'],
    [['get', 'cm', '-n', 'ag'], 'agents\n:4\n'],
    [['get', 'cm', '-o', 'kya'], 'kyaml\n:4\n'],
    [['get', 'cm', '--output=kya'], '--output=kyaml\n:4\n'],
    [['get', '-f', ''], ':0\n'],
    [['rollout', 'status', ''], 'daemonsets\ndeployments\nstatefulsets\n:4\n'],
    [['cordon', ''], 'n-1\nn-2\n:4\n'],
    [['taint', 'nodes', 'n-1', ''], 'n-2\n:4\n'],
    [['completion', ''], 'bash\nfish\nzsh\n:4\n'],
    [['nope', ''], ':4\n'],
  ])('after %j proposes what fits', async (words, text) => {
    expect(await complete(...words)).toBe(text);
  });

  test('proposes flags with what they are for', async () => {
    expect(await complete('get', '--watch-o')).toMatch(/^--watch-only\tWatch for changes .*\n:4\n$/);
    expect(await complete('get', '-')).toContain('-o\tOutput format.');
  });

  test.each(['bash', 'zsh', 'fish'])('has a script for %s that asks kdaemon', async (shell) => {
    expect(await cli.ok(['completion', shell])).toContain('__complete');
  });

  test.each([
    [[], 'error: Shell not specified.\n'],
    [['csh'], 'error: Unsupported shell type "csh".\n'],
    [['bash', 'x'], 'error: Too many arguments. Expected only the shell type.\n'],
  ])('completion %j is refused', async (args, err) => {
    expect(await cli.run(['completion', ...args])).toEqual({
      code: 1,
      out: '',
      err: `${err}See 'kdaemon completion -h' for help and examples\n`,
    });
  });
});
