import type { Container, ContainerState, ContainerStatus, ResourceRequirements } from '../../api/core.ts';
import { environmentLines, type FieldValue } from './environment-lines.ts';
import { sortedEntries } from './metadata-lines.ts';
import { type Probe, probeText } from './probe-text.ts';
import type { TabbedText } from './tabbed-text.ts';
import { utcWithOffset } from './times.ts';

/** v1.Container with the fields that are printed. */
interface PrintedContainer extends Container {
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly volumeMounts?: readonly VolumeMount[];
  readonly volumeDevices?: readonly { readonly devicePath: string; readonly name: string }[];
  readonly securityContext?: { readonly seccompProfile?: SeccompProfile };
}

interface VolumeMount {
  readonly name: string;
  readonly mountPath: string;
  readonly readOnly?: boolean;
  readonly subPath?: string;
}

/** v1.SeccompProfile. */
export interface SeccompProfile {
  readonly type: string;
  readonly localhostProfile?: string;
}

/** A section of containers. */
export interface ContainerSection {
  /** `Containers`, `Init Containers`. */
  readonly title: string;
  readonly containers: readonly Container[];
  /** In templates names stand one blank deeper, the title a level. */
  readonly inTemplate: boolean;
  /** Of a pod; absent for templates. */
  readonly statuses?: readonly ContainerStatus[];
  /** Values of the pod's fields for the environment; absent for templates, which have none. */
  readonly fieldValue?: FieldValue;
}

/** Writes a section of containers. */
export function containerLines(out: TabbedText, section: ContainerSection): void {
  const { title, containers, inTemplate, statuses, fieldValue } = section;
  out.line(inTemplate ? 1 : 0, `${title}:${containers.length === 0 ? ' <none>' : ''}`);
  // The object was accepted by the API, so the fields beyond those of the shared type have v1's shape.
  for (const container of containers as readonly PrintedContainer[]) {
    const status = statuses?.find(({ name }) => name === container.name);
    out.line(1, `${inTemplate ? ' ' : ''}${container.name}:`);
    basicLines(out, container, status);
    wordLines(out, 'Command', container.command);
    wordLines(out, 'Args', container.args);
    if (status !== undefined) statusLines(out, status);
    resourceLines(out, container.resources, 2);
    probeLines(out, container);
    environmentLines(out, container, fieldValue);
    mountLines(out, container);
  }
}

function basicLines(out: TabbedText, container: PrintedContainer, status: ContainerStatus | undefined): void {
  const { image = '', ports = [], securityContext } = container;
  if (status !== undefined) out.line(2, `Container ID:\t${status.containerID ?? ''}`);
  out.line(2, `Image:\t${image}`);
  if (status !== undefined) out.line(2, `Image ID:\t${status.imageID}`);
  const named = (name: string | undefined): string => (name ? ` (${name})` : '');
  const listed = (numberOf: (port: (typeof ports)[number]) => number): string =>
    ports.map((port) => `${numberOf(port)}/${port.protocol ?? 'TCP'}${named(port.name)}`).join(', ') ||
    '<none>';
  const plural = ports.length > 1 ? 's' : '';
  out.line(2, `Port${plural}:\t${listed(({ containerPort }) => containerPort)}`);
  out.line(2, `Host Port${plural}:\t${listed(({ hostPort }) => hostPort ?? 0)}`);
  seccompLines(out, securityContext?.seccompProfile, 2);
}

/** A seccomp profile, if there is one. */
export function seccompLines(out: TabbedText, profile: SeccompProfile | undefined, level: number): void {
  if (profile === undefined) return;
  out.line(level, `SeccompProfile:\t${profile.type}`);
  if (profile.type === 'Localhost') {
    out.line(level + 1, `LocalhostProfile:\t${profile.localhostProfile ?? ''}`);
  }
}

function wordLines(out: TabbedText, title: string, words: readonly string[] | undefined): void {
  if (words === undefined || words.length === 0) return;
  out.line(2, `${title}:`);
  for (const line of words.flatMap((word) => word.split('\n'))) out.line(3, line);
}

function statusLines(out: TabbedText, { state, lastState, ready, restartCount }: ContainerStatus): void {
  stateLines(out, 'State', state ?? {});
  if (lastState?.terminated !== undefined) stateLines(out, 'Last State', lastState);
  out.line(2, `Ready:\t${ready ? 'True' : 'False'}`);
  out.line(2, `Restart Count:\t${restartCount}`);
}

function stateLines(out: TabbedText, title: string, { running, waiting, terminated }: ContainerState): void {
  if (running !== undefined) {
    out.line(2, `${title}:\tRunning`);
    out.line(3, `Started:\t${utcWithOffset(running.startedAt)}`);
  } else if (terminated !== undefined) {
    const { reason = '', message = '', exitCode, signal = 0, startedAt, finishedAt } = terminated;
    out.line(2, `${title}:\tTerminated`);
    if (reason !== '') out.line(3, `Reason:\t${reason}`);
    if (message !== '') out.line(3, `Message:\t${message}`);
    out.line(3, `Exit Code:\t${exitCode}`);
    if (signal > 0) out.line(3, `Signal:\t${signal}`);
    out.line(3, `Started:\t${utcWithOffset(startedAt)}`);
    out.line(3, `Finished:\t${utcWithOffset(finishedAt)}`);
  } else {
    out.line(2, `${title}:\tWaiting`);
    if (waiting?.reason) out.line(3, `Reason:\t${waiting.reason}`);
  }
}

/** Limits and requests, where there are any. */
export function resourceLines(
  out: TabbedText,
  resources: ResourceRequirements | undefined,
  level: number,
): void {
  for (const [title, amounts] of [
    ['Limits', resources?.limits],
    ['Requests', resources?.requests],
  ] as const) {
    const entries = sortedEntries(amounts);
    if (entries.length > 0) out.line(level, `${title}:`);
    for (const [name, amount] of entries) out.line(level + 1, `${name}:\t${amount}`);
  }
}

function probeLines(out: TabbedText, container: PrintedContainer): void {
  for (const [title, field] of [
    ['Liveness', 'livenessProbe'],
    ['Readiness', 'readinessProbe'],
    ['Startup', 'startupProbe'],
  ] as const) {
    const probe = container[field] as Probe | undefined;
    if (probe !== undefined) out.line(2, `${title}:\t${probeText(probe)}`);
  }
}

function mountLines(out: TabbedText, { volumeMounts = [], volumeDevices = [] }: PrintedContainer): void {
  out.line(2, `Mounts:${volumeMounts.length === 0 ? '\t<none>' : ''}`);
  const byPath = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  for (const mount of [...volumeMounts].sort((a, b) => byPath(a.mountPath, b.mountPath))) {
    const path = mount.subPath ? `,path=${JSON.stringify(mount.subPath)}` : '';
    out.line(3, `${mount.mountPath} from ${mount.name} (${mount.readOnly === true ? 'ro' : 'rw'}${path})`);
  }
  if (volumeDevices.length > 0) out.line(2, 'Devices:');
  for (const device of [...volumeDevices].sort((a, b) => byPath(a.devicePath, b.devicePath))) {
    out.line(3, `${device.devicePath} from ${device.name}`);
  }
}
