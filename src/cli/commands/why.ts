import type { PlacementReport } from '../../domain/daemonset/explain/placement-report.ts';
import { nothingFound } from '../chosen-objects.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import { CommandError } from '../errors.ts';
import { fromManifests, manifestFlags } from '../manifest-objects.ts';
import { failureOf } from '../manifests.ts';
import { OBJECT_FORMATS, outputFormatFlags, outputFormatOf } from '../printers/output-format.ts';
import { selectionFlags } from '../selection.ts';

const FORMATS = [...OBJECT_FORMATS, 'wide'].sort();

/** `kdaemon why`. */
export const command: CommandSpec = {
  name: 'why',
  summary: 'Explain on which nodes a DaemonSet runs, and why not on others',
  description: `Explain on which nodes a DaemonSet runs, and why not on others.

 Without a node, nodes that stand alike are put together: whether they should run a pod, for which reasons, and how the pods there stand; then the nodes behind each number of the DaemonSet's status (desired: those that should run it; current, up-to-date, ready, available: those of them whose pod is so; misscheduled: others that have a pod), and the smallest edit that would bring the pod to the nodes that have none. With node/NAME every rule is shown in the order in which it counts: nodeName, nodeSelector, required node affinity, taints. Each edit that is proposed was tried out: it turns the answer around.

 A manifest given with -f is treated as a create, or a replacement of the live object, would treat it; nothing is kept. Nodes alone (node/NAME) ask about every DaemonSet of the namespace.

 With -o json one object of kind PlacementReport (kdaemon.dev/v1alpha1) is printed, several as a PlacementReportList: "daemonSet", "summary", "notes", "counts" (names of nodes behind each number), "staleCounts" (numbers of the stored status that are out of date), "groups" or, with nodes named, "edits" in each node, "nodes" (per node "shouldRun", "shouldContinueRunning", "rules" with "verdict" allows, blocks or evicts, "notes", "pods" with "state", "fate" and "because", "newPodObstacles"), and "comparison" with the live object. -o name prints the nodes that should run it.`,
  examples: [
    '# Where does it run, and why not elsewhere?',
    'kdaemon why ds/fluentd -n kube-system',
    '',
    '# Why is there no pod on this node, and what would change that?',
    'kdaemon why ds/fluentd node/gpu-1 -n kube-system',
    '',
    '# Which DaemonSets run on a node?',
    'kdaemon why node/worker-1 -A',
    '',
    '# Where would it run if it were created?',
    'kdaemon why -f daemonset.yaml',
    '',
    '# The same on the nodes (and beside the pods) of another cluster',
    'kubectl get nodes,pods -A -o yaml | kdaemon why -f daemonset.yaml --nodes -',
    '',
    '# Names of the nodes that it should run on',
    'kdaemon why ds/fluentd -n kube-system -o name',
  ],
  usage: 'kdaemon why (-f FILENAME | ds NAME ... | ds/NAME ... | ds -l label) [node/NAME ...] [options]',
  flags: [
    ...manifestFlags,
    ...selectionFlags,
    {
      name: 'nodes',
      type: 'strings',
      default: '[]',
      usage:
        'Filename of nodes that take the place of the cluster\'s, as "kubectl get nodes -o yaml" writes them; pods in it take the place of the cluster\'s pods. - is standard input.',
    },
    ...outputFormatFlags.map((flag) =>
      flag.name === 'output'
        ? {
            ...flag,
            usage: `Output format. One of: (${FORMATS.join(', ')}). "wide" lists every node and every alternative, with its commands.`,
          }
        : flag,
    ),
  ],
  run: why,
};

async function why(invocation: Invocation): Promise<void> {
  const { flags, args, context } = invocation;
  if (args.length === 0 && !fromManifests(flags)) {
    throw new CommandError('you must name a DaemonSet, such as ds/NAME, or give its manifest with -f');
  }
  const format = outputFormatOf(flags.string('output'), flags.string('template'), FORMATS);
  const { subjectsOf } = await import('../why/subjects.ts');
  const { clusterView } = await import('../why/cluster.ts');
  const { placementReport } = await import('../../domain/daemonset/explain/placement-report.ts');
  const client = await context.client();
  const failures: (string | Error)[] = [];
  const { subjects, nodeNames } = await subjectsOf(invocation, client, failures);
  const cluster = await clusterView(invocation, client);
  const chosen = await cluster.existing(nodeNames, failures);
  const now = await context.now();
  const reports: PlacementReport[] = [];
  const isPointless = nodeNames.length > 0 && chosen.length === 0;
  for (const subject of isPointless ? [] : subjects) {
    reports.push(
      placementReport({
        ...subject,
        ...(await cluster.around(subject)),
        nodes: cluster.nodes,
        now,
        ...(chosen.length > 0 && { chosen }),
      }),
    );
  }
  if (reports.length === 0 && failures.length === 0) context.streams.err(nothingFound(invocation));
  const { printReports } = await import('../why/print-reports.ts');
  if (reports.length > 0) await printReports(invocation, reports, format);
  const failure = failureOf(failures);
  if (failure !== undefined) throw failure;
}
