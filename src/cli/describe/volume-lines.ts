import { sortedEntries } from './metadata-lines.ts';
import type { TabbedText } from './tabbed-text.ts';

type Fields = Readonly<Record<string, unknown>>;

/** How the source of a volume is printed: its type, and `Label` with the text of each field. */
interface SourceFormat {
  readonly type: string;
  lines(source: Fields): readonly string[];
}

const text = (value: unknown): string => (value === undefined || value === null ? '' : String(value));
const flag = (value: unknown): string => String(value === true);
const orUnset = (value: unknown): string => (value === undefined ? '<unset>' : text(value));
const nested = (value: unknown): Fields => (value ?? {}) as Fields; // validated, so an object where present
const many = (value: unknown): readonly Fields[] => (value ?? []) as readonly Fields[]; // as above, a list

const formats: Readonly<Record<string, SourceFormat>> = {
  hostPath: {
    type: 'HostPath (bare host directory volume)',
    lines: ({ path, type }) => [
      `Path:\t${text(path)}`,
      `HostPathType:\t${type === undefined ? '<none>' : text(type)}`,
    ],
  },
  emptyDir: {
    type: "EmptyDir (a temporary directory that shares a pod's lifetime)",
    lines: ({ medium, sizeLimit }) => [
      `Medium:\t${text(medium)}`,
      `SizeLimit:\t${sizeLimit === undefined || sizeLimit === '0' ? '<unset>' : text(sizeLimit)}`,
    ],
  },
  gitRepo: {
    type: 'GitRepo (a volume that is pulled from git when the pod is created)',
    lines: ({ repository, revision }) => [`Repository:\t${text(repository)}`, `Revision:\t${text(revision)}`],
  },
  secret: {
    type: 'Secret (a volume populated by a Secret)',
    lines: ({ secretName, optional }) => [`SecretName:\t${text(secretName)}`, `Optional:\t${flag(optional)}`],
  },
  configMap: {
    type: 'ConfigMap (a volume populated by a ConfigMap)',
    lines: ({ name, optional }) => [`Name:\t${text(name)}`, `Optional:\t${flag(optional)}`],
  },
  nfs: {
    type: 'NFS (an NFS mount that lasts the lifetime of a pod)',
    lines: ({ server, path, readOnly }) => [
      `Server:\t${text(server)}`,
      `Path:\t${text(path)}`,
      `ReadOnly:\t${flag(readOnly)}`,
    ],
  },
  iscsi: {
    type: "ISCSI (an ISCSI Disk resource that is attached to a kubelet's host machine and then exposed to the pod)",
    lines: (source) => [
      `TargetPortal:\t${text(source.targetPortal)}`,
      `IQN:\t${text(source.iqn)}`,
      `Lun:\t${text(source.lun)}`,
      `ISCSIInterface\t${text(source.iscsiInterface)}`,
      `FSType:\t${text(source.fsType)}`,
      `ReadOnly:\t${flag(source.readOnly)}`,
      `Portals:\t[${((source.portals ?? []) as readonly string[]).join(' ')}]`,
      `DiscoveryCHAPAuth:\t${flag(source.chapAuthDiscovery)}`,
      `SessionCHAPAuth:\t${flag(source.chapAuthSession)}`,
      `SecretRef:\t${source.secretRef === undefined ? 'nil' : `&LocalObjectReference{Name:${text(nested(source.secretRef).name)},}`}`,
      `InitiatorName:\t${source.initiatorName === undefined ? '<none>' : text(source.initiatorName)}`,
    ],
  },
  persistentVolumeClaim: {
    type: 'PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)',
    lines: ({ claimName, readOnly }) => [`ClaimName:\t${text(claimName)}`, `ReadOnly:\t${flag(readOnly)}`],
  },
  ephemeral: {
    type: 'EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)',
    lines: ({ volumeClaimTemplate }) => claimTemplateLines(nested(volumeClaimTemplate)),
  },
  downwardAPI: {
    type: 'DownwardAPI (a volume populated by information about the pod)',
    lines: ({ items }) => [
      'Items:',
      ...many(items).map(({ fieldRef, resourceFieldRef, path }) => {
        const from = fieldRef === undefined ? nested(resourceFieldRef).resource : nested(fieldRef).fieldPath;
        return `  ${text(from)} -> ${text(path)}`;
      }),
    ],
  },
  projected: {
    type: 'Projected (a volume that contains injected data from multiple sources)',
    lines: ({ sources }) => many(sources).flatMap(projectionLines),
  },
  csi: {
    type: 'CSI (a Container Storage Interface (CSI) volume source)',
    // Only the sources of persistent volumes have a handle.
    lines: ({ driver, fsType, readOnly, volumeAttributes, volumeHandle }) => [
      `Driver:\t${text(driver)}`,
      `FSType:\t${text(fsType)}`,
      ...(volumeHandle === undefined ? [] : [`VolumeHandle:\t${text(volumeHandle)}`]),
      `ReadOnly:\t${flag(readOnly)}`,
      ...indentedMapLines('VolumeAttributes', volumeAttributes),
    ],
  },
  image: {
    type: 'Image (a container image or OCI artifact)',
    lines: ({ reference, pullPolicy }) => [
      `Reference:\t${text(reference)}`,
      `PullPolicy:\t${text(pullPolicy)}`,
    ],
  },
  local: {
    type: 'LocalVolume (a persistent volume backed by local storage on a node)',
    lines: ({ path }) => [`Path:\t${text(path)}`],
  },
};

function claimTemplateLines(template: Fields): readonly string[] {
  const { metadata, spec } = template;
  const { storageClassName, volumeName, volumeMode } = nested(spec);
  return [
    ...(storageClassName === undefined ? [] : [`StorageClass:\t${text(storageClassName)}`]),
    `Volume:\t${text(volumeName)}`,
    ...indentedMapLines('Labels', nested(metadata).labels),
    ...indentedMapLines('Annotations', nested(metadata).annotations),
    'Capacity:\t',
    'Access Modes:\t',
    ...(volumeMode === undefined ? [] : [`VolumeMode:\t${text(volumeMode)}`]),
  ];
}

/** One source of a projected volume. */
function projectionLines(source: Fields): readonly string[] {
  const { secret, configMap, downwardAPI, serviceAccountToken } = source;
  if (secret !== undefined) {
    const { name, optional: may } = nested(secret);
    return [`SecretName:\t${text(name)}`, `Optional:\t${flag(may)}`];
  }
  if (downwardAPI !== undefined) return ['DownwardAPI:\ttrue'];
  if (configMap !== undefined) {
    const { name, optional: may } = nested(configMap);
    return [`ConfigMapName:\t${text(name)}`, `Optional:\t${flag(may)}`];
  }
  if (serviceAccountToken === undefined) return [];
  return [`TokenExpirationSeconds:\t${orUnset(nested(serviceAccountToken).expirationSeconds)}`];
}

function indentedMapLines(title: string, map: unknown): readonly string[] {
  const entries = sortedEntries((map ?? {}) as Readonly<Record<string, string>>); // validated strings
  if (entries.length === 0) return [`${title}:\t    <none>`];
  return entries.map(([key, value], at) => `${at === 0 ? `${title}:` : '    '}\t    ${key}=${value}`);
}

/** The lines of one volume's source, at a level. `holder` carries the source under its name: `{hostPath: {…}}`. */
export function sourceLines(out: TabbedText, holder: Fields, level: number): boolean {
  const known = Object.entries(holder).find(([name]) => Object.hasOwn(formats, name));
  const format = known === undefined ? undefined : formats[known[0]];
  if (known === undefined || format === undefined) return false;
  out.line(level, `Type:\t${format.type}`);
  for (const line of format.lines(nested(known[1]))) out.line(level, line);
  return true;
}

/** The Volumes section of a pod, or of a template, where everything stands deeper. */
export function volumeLines(out: TabbedText, volumes: readonly Fields[], inTemplate: boolean): void {
  const level = inTemplate ? 1 : 0;
  if (volumes.length === 0) {
    out.line(level, 'Volumes:\t<none>');
    return;
  }
  out.line(level, 'Volumes:');
  for (const volume of volumes) {
    out.line(1, `${inTemplate ? ' ' : ''}${text(volume.name)}:`);
    if (!sourceLines(out, volume, 2)) out.line(1, '<unknown>');
  }
}
