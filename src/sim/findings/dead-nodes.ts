import { NODE, TAINT_NOT_READY, TAINT_UNREACHABLE } from '../../api/well-known.ts';
import { isNodeReady } from '../../controllers/node-lifecycle/condition-taints.ts';
import { nodeShouldRunDaemonPod } from '../../domain/daemonset/placement.ts';
import { smallestPercent } from '../advice.ts';
import type { Finding } from '../plan-report.ts';
import { counted, someOf } from '../wording.ts';
import {
  changesTemplate,
  type Examined,
  finding,
  namesOf,
  podsBefore,
  servedBefore,
  toleratesEverything,
} from './examined.ts';

/** What nodes that are not ready, and old pods that are not, do to the rollout. */
export function deadNodeFindings(examined: Examined): readonly Finding[] {
  return [...stall(examined), ...blanketToleration(examined), ...invisible(examined), ...burst(examined)];
}

const verb = (count: number, one: string, many: string): string => (count === 1 ? one : many);

/** Nodes that count against the budget for ever: a pod must go or come there, and no kubelet does it. */
function deadNodes(examined: Examined): readonly string[] {
  const { run, after } = examined;
  const holding = new Set(podsBefore(examined).map(({ node }) => node));
  const dead = run.listerBefore.list(NODE).filter((node) => !isNodeReady(node));
  return namesOf(
    dead.filter(
      (node) => nodeShouldRunDaemonPod(node, after).shouldRun || holding.has(node.metadata.name ?? ''),
    ),
  );
}

function stall(examined: Examined): readonly Finding[] {
  const { report, run } = examined;
  const { strategy, rollout } = report;
  if (strategy.type === 'OnDelete' || run.before === undefined || !changesTemplate(examined)) return [];
  const dead = deadNodes(examined);
  if (dead.length === 0 || strategy.surgeBudget > 0) return [];
  const { unavailableBudget } = strategy;
  const enough = dead.length + 1;
  const percent = smallestPercent(enough, Math.max(1, rollout.desired));
  const either = `maxUnavailable ${enough}${percent === undefined ? '' : ` (${percent}%)`}`;
  const nodes = `${counted(dead.length, 'node')} ${verb(dead.length, 'is', 'are')} not ready and ${verb(dead.length, 'counts', 'count')} as unavailable`;
  return dead.length >= unavailableBudget
    ? [
        finding(
          'error',
          'stall',
          `${nodes}, and maxUnavailable allows ${unavailableBudget} of ${rollout.desired}: no healthy pod is replaced until they are back. The smallest that moves is ${either}. Nodes: ${someOf(dead)}`,
        ),
      ]
    : [
        finding(
          'warning',
          'stall',
          `${nodes}, which leaves ${unavailableBudget - dead.length} of maxUnavailable ${unavailableBudget} for the rollout. Nodes: ${someOf(dead)}`,
        ),
      ];
}

function blanketToleration({ run, after }: Examined): readonly Finding[] {
  if (!toleratesEverything(after)) return [];
  const dead = run.listerBefore
    .list(NODE)
    .filter((node) => !isNodeReady(node) && nodeShouldRunDaemonPod(node, after).shouldRun);
  if (dead.length === 0) return [];
  return [
    finding(
      'warning',
      'blanket-toleration',
      `the template tolerates every taint (operator: Exists without a key), so ${counted(dead.length, 'dead node')} still ${verb(dead.length, 'wants', 'want')} a pod and ${verb(dead.length, 'holds', 'hold')} the rollout up: ${someOf(namesOf(dead))}`,
    ),
  ];
}

/** Nodes that fall out of the desired number because they are not ready, and keep an old pod. */
function invisible(examined: Examined): readonly Finding[] {
  const { run, after } = examined;
  if (run.before === undefined || !changesTemplate(examined)) return [];
  const holding = new Set(podsBefore(examined).map(({ node }) => node));
  const hidden = run.listerBefore.list(NODE).filter((node) => {
    const isTainted = node.spec?.taints?.some(
      ({ key }) => key === TAINT_NOT_READY || key === TAINT_UNREACHABLE,
    );
    const isHeld = holding.has(node.metadata.name ?? '');
    return isTainted === true && isHeld && !nodeShouldRunDaemonPod(node, after).shouldRun;
  });
  if (hidden.length === 0) return [];
  return [
    finding(
      'warning',
      'invisible-nodes',
      `${counted(hidden.length, 'node')} with a pod of it ${verb(hidden.length, 'is', 'are')} tainted as not ready and ${verb(hidden.length, 'does', 'do')} not count as desired: "rollout status" says nothing of ${verb(hidden.length, 'it', 'them')}, and ${verb(hidden.length, 'it gets', 'they get')} the new pod when ${verb(hidden.length, 'it is', 'they are')} back: ${someOf(namesOf(hidden))}`,
    ),
  ];
}

/** Old pods that do not serve are all replaced in the first step. */
function burst(examined: Examined): readonly Finding[] {
  const { run, after, report } = examined;
  if (run.before === undefined || report.strategy.type === 'OnDelete' || !changesTemplate(examined))
    return [];
  const served = servedBefore(examined);
  const unready = run.listerBefore
    .list(NODE)
    .filter(
      (node) =>
        isNodeReady(node) &&
        nodeShouldRunDaemonPod(node, after).shouldRun &&
        !served.has(node.metadata.name ?? ''),
    );
  const holding = new Set(podsBefore(examined).map(({ node }) => node));
  const names = namesOf(unready).filter((name) => holding.has(name));
  if (names.length === 0) return [];
  const budget = Math.max(report.strategy.unavailableBudget, report.strategy.surgeBudget);
  return [
    finding(
      names.length > budget ? 'warning' : 'note',
      'old-unready-burst',
      `${counted(names.length, 'old pod')} ${verb(names.length, 'is', 'are')} not available now, and ${verb(names.length, 'is', 'all are')} replaced in the first step whatever the strategy says (it allows ${budget}): ${someOf(names)}`,
    ),
  ];
}
