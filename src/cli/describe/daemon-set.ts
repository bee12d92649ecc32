import type { DaemonSet } from '../../api/apps.ts';
import { formatLabelSelector, formatLabels } from '../../domain/selectors/labels.ts';
import { describerOf } from './describer.ts';
import { eventLines } from './event-lines.ts';
import { annotationLines, labelLines } from './metadata-lines.ts';
import { countOwnPods, podCountsText } from './own-pods.ts';
import { templateLines } from './pod-template.ts';

/** apps/v1 DaemonSet. */
export const describeDaemonSet = describerOf<DaemonSet>(async (out, daemonSet, { client, now, events }) => {
  const { metadata, spec, status } = daemonSet;
  out.line(0, `Name:\t${metadata.name}`);
  out.line(0, `Namespace:\t${metadata.namespace}`);
  out.line(0, `Selector:\t${formatLabelSelector(spec.selector)}`);
  out.line(0, `Node-Selector:\t${formatLabels(spec.template.spec.nodeSelector)}`);
  labelLines(out, 'Labels', metadata.labels);
  annotationLines(out, 'Annotations', metadata.annotations);
  out.line(0, `Desired Number of Nodes Scheduled: ${status?.desiredNumberScheduled ?? 0}`);
  out.line(0, `Current Number of Nodes Scheduled: ${status?.currentNumberScheduled ?? 0}`);
  out.line(0, `Number of Nodes Scheduled with Up-to-date Pods: ${status?.updatedNumberScheduled ?? 0}`);
  out.line(0, `Number of Nodes Scheduled with Available Pods: ${status?.numberAvailable ?? 0}`);
  out.line(0, `Number of Nodes Misscheduled: ${status?.numberMisscheduled ?? 0}`);
  out.line(0, `Pods Status:\t${podCountsText(await countOwnPods(client, daemonSet, spec.selector))}`);
  templateLines(out, spec.template);
  if (events !== undefined) eventLines(out, events, now);
});
