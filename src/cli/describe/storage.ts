import type { Client } from '../../api/client.ts';
import type { Pod } from '../../api/core.ts';
import type { Condition, KubeObject } from '../../api/meta.ts';
import { POD } from '../../api/well-known.ts';
import { age } from '../../domain/duration.ts';
import { describerOf } from './describer.ts';
import { eventLines } from './event-lines.ts';
import { annotationLines, labelLines, listLines } from './metadata-lines.ts';
import { volumesOf } from './pod-template.ts';
import type { TabbedText } from './tabbed-text.ts';
import { utcWithOffset } from './times.ts';
import { sourceLines } from './volume-lines.ts';

const SHORT_MODES: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

/** `RWO,ROX`, in the order of the table, each mode once. */
function accessModes(modes: readonly string[] = []): string {
  return Object.entries(SHORT_MODES)
    .flatMap(([mode, short]) => (modes.includes(mode) ? [short] : []))
    .join(',');
}

interface NodeTerm {
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

interface PersistentVolume extends KubeObject {
  readonly spec: {
    readonly storageClassName?: string;
    readonly claimRef?: { readonly namespace?: string; readonly name?: string };
    readonly persistentVolumeReclaimPolicy?: string;
    readonly accessModes?: readonly string[];
    readonly volumeMode?: string;
    readonly capacity?: Readonly<Record<string, string>>;
    readonly nodeAffinity?: { readonly required?: { readonly nodeSelectorTerms: readonly NodeTerm[] } };
    readonly [source: string]: unknown;
  };
  readonly status?: { readonly phase?: string; readonly message?: string; readonly reason?: string };
}

/** v1 PersistentVolume. */
export const describePersistentVolume = describerOf<PersistentVolume>((out, volume, { now, events }) => {
  const { metadata, spec, status } = volume;
  out.line(0, `Name:\t${metadata.name}`);
  labelLines(out, 'Labels', metadata.labels);
  annotationLines(out, 'Annotations', metadata.annotations);
  out.line(0, `Finalizers:\t[${(metadata.finalizers ?? []).join(' ')}]`);
  out.line(0, `StorageClass:\t${spec.storageClassName ?? ''}`);
  const terminating = metadata.deletionTimestamp;
  out.line(
    0,
    `Status:\t${terminating === undefined ? (status?.phase ?? '') : `Terminating (lasts ${age(terminating, now)})`}`,
  );
  const claim = spec.claimRef;
  out.line(0, `Claim:\t${claim === undefined ? '' : `${claim.namespace ?? ''}/${claim.name ?? ''}`}`);
  out.line(0, `Reclaim Policy:\t${spec.persistentVolumeReclaimPolicy ?? ''}`);
  out.line(0, `Access Modes:\t${accessModes(spec.accessModes)}`);
  if (spec.volumeMode !== undefined) out.line(0, `VolumeMode:\t${spec.volumeMode}`);
  out.line(0, `Capacity:\t${spec.capacity?.storage ?? '0'}`);
  affinityLines(out, spec.nodeAffinity?.required?.nodeSelectorTerms);
  out.line(0, `Message:\t${status?.message ?? ''}`);
  if (status?.reason) out.line(0, `Reason:\t${status.reason}`);
  out.line(0, 'Source:');
  if (!sourceLines(out, spec, 2)) out.line(1, '<unknown>');
  if (events !== undefined) eventLines(out, events, now);
});

function affinityLines(out: TabbedText, terms: readonly NodeTerm[] | undefined): void {
  if (terms === undefined) {
    out.line(0, 'Node Affinity:\t<none>');
    return;
  }
  out.line(0, 'Node Affinity:\t');
  out.line(1, `Required Terms:\t${terms.length === 0 ? '<none>' : ''}`);
  for (const [at, { matchExpressions = [] }] of terms.entries()) {
    const expressions = matchExpressions.map(({ key, operator, values = [] }) => {
      const among = values.length === 0 ? '' : ` [${values.join(', ')}]`;
      return `${key} ${operator.toLowerCase()}${among}`;
    });
    listLines(out, `    Term ${at}`, expressions);
  }
}

interface Claim extends KubeObject {
  readonly spec?: {
    readonly storageClassName?: string;
    readonly volumeName?: string;
    readonly volumeMode?: string;
    readonly dataSource?: { readonly apiGroup?: string | null; readonly kind: string; readonly name: string };
  };
  readonly status?: {
    readonly phase?: string;
    readonly capacity?: Readonly<Record<string, string>>;
    readonly accessModes?: readonly string[];
    readonly conditions?: readonly Condition[];
  };
}

/** v1 PersistentVolumeClaim. */
export const describeVolumeClaim = describerOf<Claim>(async (out, claim, { client, now, events }) => {
  const { metadata, spec = {}, status = {} } = claim;
  out.line(0, `Name:\t${metadata.name}`);
  out.line(0, `Namespace:\t${metadata.namespace}`);
  out.line(0, `StorageClass:\t${spec.storageClassName ?? ''}`);
  const terminating = metadata.deletionTimestamp;
  out.line(
    0,
    `Status:\t${terminating === undefined ? (status.phase ?? '') : `Terminating (lasts ${age(terminating, now)})`}`,
  );
  out.line(0, `Volume:\t${spec.volumeName ?? ''}`);
  labelLines(out, 'Labels', metadata.labels);
  annotationLines(out, 'Annotations', metadata.annotations);
  out.line(0, `Finalizers:\t[${(metadata.finalizers ?? []).join(' ')}]`);
  const isBound = spec.volumeName !== undefined && spec.volumeName !== '';
  out.line(0, `Capacity:\t${isBound ? (status.capacity?.storage ?? '0') : ''}`);
  out.line(0, `Access Modes:\t${isBound ? accessModes(status.accessModes) : ''}`);
  if (spec.volumeMode !== undefined) out.line(0, `VolumeMode:\t${spec.volumeMode}`);
  if (spec.dataSource !== undefined) {
    const { apiGroup, kind, name } = spec.dataSource;
    out.line(0, 'DataSource:');
    if (apiGroup !== undefined && apiGroup !== null) out.line(1, `APIGroup:\t${apiGroup}`);
    out.line(1, `Kind:\t${kind}`);
    out.line(1, `Name:\t${name}`);
  }
  listLines(out, 'Used By', await users(client, claim));
  conditionLines(out, status.conditions);
  if (events !== undefined) eventLines(out, events, now);
});

async function users(client: Client, { metadata }: Claim): Promise<readonly string[]> {
  const { items } = await client.list<Pod>(POD, { namespace: metadata.namespace ?? '' });
  const uses = ({ spec, metadata: { name: pod } }: Pod): boolean =>
    volumesOf(spec).some((volume) => {
      const source = volume.persistentVolumeClaim as { readonly claimName?: string } | undefined; // v1's shape
      return (
        source?.claimName === metadata.name ||
        (volume.ephemeral !== undefined && `${pod}-${String(volume.name)}` === metadata.name)
      );
    });
  return items.filter(uses).map(({ metadata: { name = '' } }) => name);
}

function conditionLines(out: TabbedText, conditions: readonly Condition[] = []): void {
  if (conditions.length === 0) return;
  const head = ['Type', 'Status', 'LastProbeTime', 'LastTransitionTime', 'Reason', 'Message'];
  out.line(0, 'Conditions:');
  out.line(1, head.join('\t'));
  out.line(1, head.map((word) => '-'.repeat(word.length)).join('\t'));
  for (const { type, status, lastProbeTime, lastTransitionTime, reason = '', message = '' } of conditions) {
    const times = [lastProbeTime, lastTransitionTime].map((time) => `${utcWithOffset(time)} `);
    out.line(1, [`${type} `, `${status} `, ...times, `${reason} `, message].join('\t'));
  }
}
