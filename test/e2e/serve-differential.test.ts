import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { repository } from '../support/kdaemon.ts';
import { hasKubectl, type ServeProcess, startServe } from './serve-process.ts';

const fixture = (name: string): string => join(repository, 'fixtures', name);

const KINDS = [
  'nodes',
  'ds',
  'pods',
  'ns',
  'controllerrevisions',
  'cm',
  'sa',
  'events',
  'deploy',
  'svc',
  'secrets',
  'pc',
];
const ONE = ['-n', 'kube-system', 'ds', 'fluentd-elasticsearch'];

/** Read commands that both know. */
const commands: readonly (readonly string[])[] = [
  ...KINDS.map((kind) => ['get', kind, '-A']),
  ...KINDS.map((kind) => ['get', kind, '-A', '-o', 'wide']),
  ...KINDS.map((kind) => ['get', kind, '-A', '-o', 'name']),
  ...KINDS.map((kind) => ['get', kind, '-A', '-o', 'yaml']),
  ...KINDS.map((kind) => ['get', kind, '-A', '-o', 'json']),
  ...KINDS.map((kind) => ['get', kind, '--show-labels']),
  ['get', ...ONE],
  ['get', ...ONE, '-o', 'yaml'],
  ['get', ...ONE, '-o', 'json'],
  ['get', ...ONE, '--no-headers'],
  ['get', 'nodes', '-L', 'kubernetes.io/os'],
  ['get', 'nodes', '-l', 'node-role.kubernetes.io/control-plane'],
  ['get', 'nodes', '-l', 'nobody=1'],
  ['get', 'pods', '-A', '--field-selector', 'spec.nodeName=worker-1'],
  ['get', 'pods', '-A', '--field-selector', 'spec.nobody=worker-1'],
  ['get', 'pods', '-A', '--sort-by', '.spec.nodeName', '-o', 'name'],
  ['get', 'all', '-A'],
  ['get', 'ds,cm', '-n', 'kube-system', '-o', 'yaml'],
  ['get', 'ds', 'nobody'],
  ['get', 'ds', 'nobody', '--ignore-not-found'],
  ['get', 'pods'],
  ['get', 'widgets'],
  ['get', 'node/worker-1', 'ds/nobody'],
];

/** Where `kdaemon get` still differs; a row that comes to agree fails here and moves up. */
const differences: readonly (readonly string[])[] = [['get', 'ds,nodes', '-A']];

describe.skipIf(!hasKubectl)(
  'kubectl and kdaemon on one store (skipped where kubectl is not installed)',
  () => {
    let server: ServeProcess;

    beforeAll(async () => {
      server = await startServe();
      server.ok(['apply', '-f', fixture('nodes.yaml'), '-f', fixture('daemonset.yaml')]);
      server.ok(['-n', 'kube-system', 'rollout', 'status', 'ds', '--timeout=20s']);
      server.ok(['create', 'deployment', 'd', '--image=x']);
      server.ok(['create', 'service', 'clusterip', 'svc', '--tcp=80:8080']);
      server.ok(['create', 'secret', 'generic', 's', '--from-literal=a=b']);
    });
    afterAll(async () => {
      await server?.stop();
      server?.shell.remove();
    });

    function agree(words: readonly string[]): void {
      let theirs = server.kubectl(words);
      let ours = server.shell.run(words);
      // Ages tick and leases are renewed: a difference has to show itself again.
      for (let again = 0; again < 3 && JSON.stringify(ours) !== JSON.stringify(theirs); again++) {
        theirs = server.kubectl(words);
        ours = server.shell.run(words);
      }
      expect(ours).toEqual(theirs);
    }

    const named = (rows: typeof commands) => rows.map((words) => [words.join(' '), words] as const);

    test.each(named(commands))('%s prints the same bytes', (_name, words) => agree(words));

    test.fails.each(named(differences))('%s does not print the same bytes yet', (_name, words) =>
      agree(words),
    );
  },
);
