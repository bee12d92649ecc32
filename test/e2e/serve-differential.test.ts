import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { collectedStreams } from '../../src/cli/streams.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { systemRandom } from '../../src/runtime/random.ts';
import { repository } from '../support/kdaemon.ts';
import { hasKubectl, type ServeProcess, startServe } from './serve-process.ts';

const fixture = (name: string): string => join(repository, 'fixtures', name);
const EVERY_KIND = join(repository, 'test/e2e/every-kind.yaml');

const WIDGET = `{"apiVersion": "example.test/v1", "kind": "Widget",
  "metadata": {"name": "w", "namespace": "shop", "labels": {"app": "w"}},
  "spec": {"size": 3, "note": "hello", "list": [{"a": "x"}, {"a": "y"}]}}`;

/** Kinds whose tables are compared one by one. */
const KINDS =
  'ns nodes ds pods controllerrevisions cm secrets sa events deploy rs sts rc jobs cj svc ep endpointslices ing ingressclass netpol pdb hpa quota limits pv pvc sc csidrivers pc roles rolebindings clusterroles clusterrolebindings leases crd widgets podtemplates events.events.k8s.io'.split(
    ' ',
  );
/** The same kinds in groups, for formats that do not depend on the kind. */
const GROUPS = Array.from({ length: Math.ceil(KINDS.length / 8) }, (_, at) =>
  KINDS.slice(at * 8, at * 8 + 8).join(','),
);
/** One object of each kind, and several where a field has several forms. */
const OBJECTS =
  'ns/shop quota/compute quota/scoped quota/terminating quota/others quota/by-priority limits/sizes cm/settings cm/empty secret/password secret/registry sa/robot sa/default svc/web svc/outside svc/balanced svc/headless svc/many svc/six ep/web ep/lone ep/none endpointslices/web-abc endpointslices/many-1 endpointslices/none ing/front ing/plain ing/nodefault ing/tls-only ingressclass/nginx ingressclass/bare-class netpol/strict netpol/deny netpol/isolated netpol/egress2 pdb/half pdb/two hpa/web hpa/simple hpa/third deploy/web deploy/batch rs/lone sts/db rc/old job/once job/indexed cj/nightly pod/lonely pod/stuck pv/disk-1 pv/disk-2 pv/disk-3 pvc/data pvc/copy sc/fast sc/slow sc/topological csidriver/csi.example.test pc/high pc/base role/reader rolebinding/readers clusterrole/auditor clusterrole/everything clusterrolebinding/auditors lease/mine crd/widgets.example.test widgets/w node/worker-1'.split(
    ' ',
  );
const ONE = ['-n', 'kube-system', 'ds', 'fluentd-elasticsearch'];
const SHOP = ['-n', 'shop'];
const TEMPLATE = '{{range .items}}{{.metadata.name}} {{.kind | printf "%q"}}{{"\\n"}}{{end}}';

/** Read commands that both know. */
const gets: readonly (readonly string[])[] = [
  ...KINDS.map((kind) => ['get', kind, '-A', '-o', 'wide']),
  ...KINDS.slice(0, 12).map((kind) => ['get', kind, '-A']),
  ...GROUPS.flatMap((kinds) => [
    ['get', kinds, '-A'],
    ['get', kinds, ...SHOP],
    ['get', kinds, '-A', '-o', 'name'],
    ['get', kinds, ...SHOP, '-o', 'yaml'],
    ['get', kinds, ...SHOP, '-o', 'json'],
  ]),
  ['get', ...ONE],
  ['get', ...ONE, '-o', 'yaml'],
  ['get', ...ONE, '-o', 'json'],
  ['get', ...ONE, '-o', 'name'],
  ['get', ...ONE, '--no-headers'],
  ['get', ...ONE, '-o', 'yaml', '--show-managed-fields'],
  ['get', ...ONE, '-o', 'jsonpath={.spec.template.spec.containers[*].image}'],
  ['get', ...ONE, '-o', 'jsonpath={.spec.nobody}'],
  ['get', ...ONE, '-o', 'jsonpath={.spec'],
  ['get', ...ONE, '-o', 'go-template={{.metadata.uid}}'],
  ['get', ...ONE, '-o', 'go-template={{.metadata.uid'],
  [
    'get',
    'pods',
    '-A',
    '-o',
    'jsonpath={range .items[*]}{.metadata.name}{"\\t"}{.spec.nodeName}{"\\n"}{end}',
  ],
  ['get', 'pods', '-A', '-o', 'jsonpath-as-json={.items[*].metadata.labels}'],
  ['get', 'pods', '-A', '-o', `go-template=${TEMPLATE}`],
  ['get', 'pods', '-A', '-o', 'custom-columns=NAME:.metadata.name,NODE:.spec.nodeName,NONE:.x'],
  ['get', 'pods', '-A', '-o', 'custom-columns=NAME'],
  ['get', 'deploy,svc', ...SHOP, '--show-labels'],
  ['get', 'deploy', 'web', ...SHOP, '-L', 'app,nobody'],
  ['get', 'pods,nodes', '-A', '--no-headers'],
  ['get', 'nodes,pc', '-A', '--show-kind'],
  ['get', 'ds,nodes', '-A'],
  ['get', 'nodes', '-L', 'kubernetes.io/os'],
  ['get', 'nodes', '-l', 'node-role.kubernetes.io/control-plane'],
  ['get', 'nodes', '-l', 'nobody=1'],
  ['get', 'nodes', '-l', 'nobody in (a'],
  ['get', 'cm', ...SHOP, '-l', 'app in (web),!nobody'],
  ['get', 'pods', '-A', '--field-selector', 'spec.nodeName=worker-1'],
  ['get', 'pods', '-A', '--field-selector', 'spec.nobody=worker-1'],
  ['get', 'pods', '-A', '--field-selector', 'status.phase!=Running'],
  ['get', 'pods', '-A', '--sort-by', '.spec.nodeName', '-o', 'name'],
  ['get', 'pods', '-A', '--sort-by', '.metadata.name'],
  ['get', 'pods', '-A', '--sort-by', '{.metadata.uid}', '-o', 'yaml'],
  ['get', 'all', '-A'],
  ['get', 'all', ...SHOP, '-o', 'wide'],
  ['get', 'ds,cm', '-n', 'kube-system', '-o', 'yaml'],
  ['get', 'deploy/web', 'cm/settings', ...SHOP],
  ['get', 'deploy', 'web', 'batch', ...SHOP],
  ['get', 'deploy.apps', ...SHOP],
  ['get', 'deployments.v1.apps', 'web', ...SHOP],
  ['get', 'hpa.v2.autoscaling', ...SHOP],
  ['get', 'wd', ...SHOP],
  ['get', 'ds', 'nobody'],
  ['get', 'ds', 'nobody', '--ignore-not-found'],
  ['get', 'pods'],
  ['get', 'pods', '-o', 'yaml'],
  ['get', 'widgets'],
  ['get', 'gadgets'],
  ['get', 'node/worker-1', 'ds/nobody'],
  ['get', 'pods', ...SHOP, '--chunk-size=1'],
  ['get', '-f', EVERY_KIND, '-o', 'name'],
  ['get', 'nodes', '--raw=/'],
  ['get', '--raw=/version'],
];

/** Commands whose words have changed from version to version. */
const versioned: readonly (readonly string[])[] = [
  ['get', ...ONE, '-o', 'nobody'],
  ...OBJECTS.map((object) => ['describe', ...SHOP, object]),
  ['describe', ...ONE],
  ['describe', 'pods', '-n', 'kube-system', '-l', 'name=fluentd-elasticsearch'],
  ['describe', 'pods', '-n', 'kube-system', '--show-events=true'],
  ['describe', 'controllerrevisions', '-n', 'kube-system'],
  ['describe', 'nodes'],
  ['describe', 'nodes', 'worker'],
  ['describe', 'cm,sa', ...SHOP],
  ['describe', 'deploy/web', '--show-events=false', ...SHOP],
  ['describe', 'ds', 'nobody'],
  ['describe', 'gadgets'],
  ['describe', 'pods'],
  ['describe', '-f', fixture('daemonset.yaml')],
];

/** Minor version of the kubectl that is there; 0 where there is none. */
const kubectlMinor = Number(
  /"minor": "(\d+)/.exec(
    spawnSync('kubectl', ['version', '--client', '-o', 'json'], { encoding: 'utf8' }).stdout ?? '',
  )?.[1] ?? 0,
);
/** The kubectl whose words kdaemon speaks. Older ones say some things in other words. */
const SPOKEN_MINOR = 37;

describe.skipIf(!hasKubectl)(
  'kubectl and kdaemon on one store (skipped where kubectl is not installed)',
  () => {
    let server: ServeProcess;

    beforeAll(async () => {
      server = await startServe();
      server.ok(['apply', '-f', fixture('nodes.yaml'), '-f', fixture('daemonset.yaml')]);
      server.ok(['apply', '-f', EVERY_KIND]);
      server.ok(['apply', '-f', '-'], WIDGET);
      server.ok(['-n', 'kube-system', 'rollout', 'status', 'ds', '--timeout=20s']);
    });
    afterAll(async () => {
      await server?.stop();
      server?.shell.remove();
    });

    async function ours(words: readonly string[]) {
      const streams = collectedStreams();
      const env = { KDAEMON_STORE: server.shell.store, HOME: server.shell.folder };
      const status = await runProgram(words, { streams, env, clock: systemClock(), random: systemRandom });
      const { out: stdout, err: stderr } = streams.written;
      return { status, stdout, stderr };
    }

    async function agree(words: readonly string[]): Promise<void> {
      let theirs = server.kubectl(words);
      let own = await ours(words);
      // Ages tick and leases are renewed: a difference has to show itself again.
      for (let again = 0; again < 3 && JSON.stringify(own) !== JSON.stringify(theirs); again++) {
        theirs = server.kubectl(words);
        own = await ours(words);
      }
      expect(own).toEqual(theirs);
    }

    const named = (rows: typeof gets) => rows.map((words) => [words.join(' '), words] as const);

    test.each(named(gets))('%s prints the same bytes', (_name, words) => agree(words));

    describe.skipIf(kubectlMinor < SPOKEN_MINOR)(
      `where it is kubectl 1.${SPOKEN_MINOR} or newer (skipped for 1.${kubectlMinor})`,
      () => {
        test.each(named(versioned))('%s prints the same bytes', (_name, words) => agree(words));
      },
    );
  },
);
