import type { Pod, ResourceRequirements } from '../../api/core.ts';
import { age } from '../../domain/duration.ts';
import { containerLines, resourceLines, type SeccompProfile, seccompLines } from './container-lines.ts';
import { describerOf } from './describer.ts';
import { eventLines } from './event-lines.ts';
import { annotationLines, labelLines } from './metadata-lines.ts';
import { schedulingLines, spreadLines, volumesOf } from './pod-template.ts';
import type { TabbedText } from './tabbed-text.ts';
import { utcWithOffset } from './times.ts';
import { volumeLines } from './volume-lines.ts';

/** v1 Pod. */
export const describePod = describerOf<Pod>((out, pod, { now, events }) => {
  headLines(out, pod);
  statusLines(out, pod, now);
  allContainerLines(out, pod);
  conditionLines(out, pod);
  volumeLines(out, volumesOf(pod.spec), false);
  const { qosClass } = pod.status ?? {};
  if (qosClass) out.line(0, `QoS Class:\t${qosClass}`);
  schedulingLines(out, '', pod.spec);
  spreadLines(out, '', pod.spec);
  if (events !== undefined) eventLines(out, events, now);
});

function headLines(out: TabbedText, { metadata, spec, status }: Pod): void {
  out.line(0, `Name:\t${metadata.name}`);
  out.line(0, `Namespace:\t${metadata.namespace}`);
  if (spec.priority !== undefined) out.line(0, `Priority:\t${spec.priority}`);
  if (spec.priorityClassName) out.line(0, `Priority Class Name:\t${spec.priorityClassName}`);
  if (spec.runtimeClassName) out.line(0, `Runtime Class Name:\t${String(spec.runtimeClassName)}`);
  if (spec.serviceAccountName) out.line(0, `Service Account:\t${String(spec.serviceAccountName)}`);
  out.line(0, `Node:\t${spec.nodeName ? `${spec.nodeName}/${status?.hostIP ?? ''}` : '<none>'}`);
  if (status?.startTime !== undefined) out.line(0, `Start Time:\t${utcWithOffset(status.startTime)}`);
  labelLines(out, 'Labels', metadata.labels);
  annotationLines(out, 'Annotations', metadata.annotations);
}

function statusLines(out: TabbedText, { metadata, spec, status }: Pod, now: number): void {
  const { phase = '', reason = '', message = '', podIP = '', podIPs = [], nominatedNodeName } = status ?? {};
  if (metadata.deletionTimestamp !== undefined && reason !== 'NodeLost') {
    out.line(0, `Status:\tTerminating (lasts ${age(metadata.deletionTimestamp, now)})`);
    out.line(0, `Termination Grace Period:\t${metadata.deletionGracePeriodSeconds ?? 0}s`);
  } else {
    out.line(0, `Status:\t${phase}`);
  }
  if (reason !== '') out.line(0, `Reason:\t${reason}`);
  if (message !== '') out.line(0, `Message:\t${message}`);
  const security = spec.securityContext as { readonly seccompProfile?: SeccompProfile } | undefined; // v1's shape
  seccompLines(out, security?.seccompProfile, 0);
  out.line(0, `IP:\t${podIP}`);
  out.line(0, `IPs:${podIPs.length === 0 ? '\t<none>' : ''}`);
  for (const { ip } of podIPs) out.line(1, `IP:\t${ip}`);
  const controller = metadata.ownerReferences?.find((owner) => owner.controller === true);
  if (controller !== undefined) out.line(0, `Controlled By:\t${controller.kind}/${controller.name}`);
  if (nominatedNodeName) out.line(0, `NominatedNodeName:\t${nominatedNodeName}`);
  const resources = spec.resources as ResourceRequirements | undefined; // v1's shape
  if (resources !== undefined) {
    out.line(0, 'Resources:');
    resourceLines(out, resources, 1);
  }
}

function allContainerLines(out: TabbedText, pod: Pod): void {
  const { initContainers = [], containers } = pod.spec;
  const { initContainerStatuses = [], containerStatuses = [] } = pod.status ?? {};
  const common = { inTemplate: false, fieldValue: (path: string) => metadataValue(pod, path) };
  if (initContainers.length > 0) {
    const statuses = initContainerStatuses;
    containerLines(out, { ...common, title: 'Init Containers', containers: initContainers, statuses });
  }
  containerLines(out, { ...common, title: 'Containers', containers, statuses: containerStatuses });
}

/** A field of a pod's metadata by its path; '' for all others, which the environment gets only at run time. */
function metadataValue({ metadata }: Pod, path: string): string {
  const keyed = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path);
  if (keyed !== null) {
    const map = keyed[1] === 'labels' ? metadata.labels : metadata.annotations;
    return map?.[keyed[2] ?? ''] ?? '';
  }
  if (path === 'metadata.name') return metadata.name ?? '';
  if (path === 'metadata.namespace') return metadata.namespace ?? '';
  return path === 'metadata.uid' ? (metadata.uid ?? '') : '';
}

function conditionLines(out: TabbedText, { spec, status }: Pod): void {
  const { conditions = [] } = status ?? {};
  const gates = (spec.readinessGates ?? []) as readonly { readonly conditionType: string }[]; // v1's shape
  if (gates.length > 0) {
    out.line(0, 'Readiness Gates:');
    out.line(1, 'Type\tStatus');
    for (const { conditionType } of gates) {
      const met = conditions.find(({ type }) => type === conditionType)?.status;
      out.line(1, `${conditionType} \t${met ?? '<none>'} `);
    }
  }
  if (conditions.length === 0) return;
  out.line(0, 'Conditions:');
  out.line(1, 'Type\tStatus');
  for (const { type, status: state } of conditions) out.line(1, `${type} \t${state} `);
}
