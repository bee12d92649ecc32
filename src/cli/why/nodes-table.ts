import { podText, reasonsOf } from '../../domain/daemonset/explain/node-groups.ts';
import type { PlacementReport } from '../../domain/daemonset/explain/placement-report.ts';
import { growingTable, plainCell } from '../printers/table-text.ts';
import type { WhyPaint } from './why-paint.ts';

/** Several DaemonSets on nodes that were asked for by name: a line for each pair, node by node. */
export function nodesTable(reports: readonly PlacementReport[], paint: WhyPaint): string {
  const nodeNames = new Set(reports.flatMap(({ nodes }) => nodes.map(({ name }) => name)));
  const rows = [...nodeNames].flatMap((nodeName) =>
    reports.flatMap(({ daemonSet, nodes }) => {
      const node = nodes.find(({ name }) => name === nodeName);
      if (node === undefined) return [];
      const [reason = '', ...more] = reasonsOf(node, true).map(plainCell);
      return [
        [
          plainCell(nodeName),
          plainCell(daemonSet.namespace),
          plainCell(daemonSet.name),
          node.shouldRun ? 'yes' : 'no',
          plainCell(podText(node)),
          reason,
        ],
        ...more.map((text) => ['', '', '', '', '', text]),
      ];
    }),
  );
  const table = growingTable((cell, at) => (at === 3 ? paint.answer(cell) : cell));
  return table([['NODE', 'NAMESPACE', 'DAEMONSET', 'RUNS', 'PODS', 'WHY'], ...rows]);
}
