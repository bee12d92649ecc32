import { hostPortsConflict, hostPortsOf } from '../../domain/scheduling/host-ports.ts';
import { newPod } from '../capacity.ts';
import type { Finding } from '../plan-report.ts';
import { type Examined, finding, podsBefore } from './examined.ts';

/** What keeps two pods of a DaemonSet from living on one node. */
export function surgeFindings(examined: Examined): readonly Finding[] {
  const { report, after } = examined;
  if (report.strategy.surgeBudget === 0) return [];
  const wanted = hostPortsOf(newPod(after));
  if (wanted.length > 0) {
    const ports = wanted.map(({ protocol, port }) => `${port}/${protocol}`).join(', ');
    const holders = podsBefore(examined).filter(({ pod }) => hostPortsConflict(wanted, hostPortsOf(pod)));
    const now = report.change === 'create' || holders.length === 0 ? 'each later update' : 'this rollout';
    return [
      finding(
        holders.length > 0 ? 'error' : 'warning',
        'surge-with-host-port',
        `maxSurge starts the new pod beside the old one, and both want host port ${ports}: the new one stays Pending and ${now} stands still. Use maxUnavailable`,
      ),
    ];
  }
  if (after.spec.template.spec.hostNetwork !== true) return [];
  return [
    finding(
      'warning',
      'surge-with-host-network',
      'maxSurge runs two pods on one node, and with hostNetwork both listen on the same addresses: a port that the manifest does not declare may be taken',
    ),
  ];
}
