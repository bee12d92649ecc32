import { ageOf, nameOf, trueFalse, UNSET } from './cell-text.ts';
import { type Printed, tableKind } from './table.ts';

const ACCESS_MODES: readonly (readonly [string, string])[] = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
];

function accessModes(modes: readonly string[] | undefined): string {
  return ACCESS_MODES.flatMap(([mode, short]) => (modes?.includes(mode) ? [short] : [])).join(',');
}

const CLASS_ANNOTATION = 'volume.beta.kubernetes.io/storage-class';

interface VolumeSpec {
  readonly accessModes?: readonly string[];
  readonly storageClassName?: string;
  readonly volumeAttributesClassName?: string;
  readonly volumeMode?: string;
}

function storageClassOf(object: Printed & { readonly spec?: VolumeSpec }): string {
  return object.metadata.annotations?.[CLASS_ANNOTATION] ?? object.spec?.storageClassName ?? '';
}

function phaseOf(object: Printed & { readonly status?: { readonly phase?: string } }): string {
  return object.metadata.deletionTimestamp === undefined ? (object.status?.phase ?? '') : 'Terminating';
}

interface PersistentVolume extends Printed {
  readonly spec?: VolumeSpec & {
    readonly capacity?: Readonly<Record<string, string>>;
    readonly persistentVolumeReclaimPolicy?: string;
    readonly claimRef?: { readonly namespace?: string; readonly name?: string };
  };
  readonly status?: { readonly phase?: string; readonly reason?: string };
}

/** v1 PersistentVolume. */
export const persistentVolumeTable = tableKind<PersistentVolume>(
  [
    'Name',
    'Capacity',
    'Access Modes',
    'Reclaim Policy',
    'Status',
    'Claim',
    'StorageClass',
    'VolumeAttributesClass',
    'Reason',
    'Age',
    '+VolumeMode',
  ],
  (volume, now) => {
    const claim = volume.spec?.claimRef;
    return [
      nameOf(volume),
      volume.spec?.capacity?.storage ?? '0',
      accessModes(volume.spec?.accessModes),
      volume.spec?.persistentVolumeReclaimPolicy ?? '',
      phaseOf(volume),
      claim === undefined ? '' : `${claim.namespace ?? ''}/${claim.name ?? ''}`,
      storageClassOf(volume),
      volume.spec?.volumeAttributesClassName ?? UNSET,
      volume.status?.reason ?? '',
      ageOf(volume, now),
      volume.spec?.volumeMode ?? UNSET,
    ];
  },
);

interface PersistentVolumeClaim extends Printed {
  readonly spec?: VolumeSpec & { readonly volumeName?: string };
  readonly status?: {
    readonly phase?: string;
    readonly accessModes?: readonly string[];
    readonly capacity?: Readonly<Record<string, string>>;
  };
}

/** v1 PersistentVolumeClaim. Capacity and modes are those of the volume, once there is one. */
export const persistentVolumeClaimTable = tableKind<PersistentVolumeClaim>(
  [
    'Name',
    'Status',
    'Volume',
    'Capacity',
    'Access Modes',
    'StorageClass',
    'VolumeAttributesClass',
    'Age',
    '+VolumeMode',
  ],
  (claim, now) => {
    const bound = (claim.spec?.volumeName ?? '') !== '';
    return [
      nameOf(claim),
      phaseOf(claim),
      claim.spec?.volumeName ?? '',
      bound ? (claim.status?.capacity?.storage ?? '0') : '',
      bound ? accessModes(claim.status?.accessModes) : '',
      storageClassOf(claim),
      claim.spec?.volumeAttributesClassName ?? UNSET,
      ageOf(claim, now),
      claim.spec?.volumeMode ?? UNSET,
    ];
  },
);

interface StorageClass extends Printed {
  readonly provisioner?: string;
  readonly reclaimPolicy?: string;
  readonly volumeBindingMode?: string;
  readonly allowVolumeExpansion?: boolean;
}

const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';
const DEFAULT_CLASS_BETA = 'storageclass.beta.kubernetes.io/is-default-class';

/** storage.k8s.io StorageClass. */
export const storageClassTable = tableKind<StorageClass>(
  ['Name', 'Provisioner', 'ReclaimPolicy', 'VolumeBindingMode', 'AllowVolumeExpansion', 'Age'],
  (storageClass, now) => {
    const annotations = storageClass.metadata.annotations;
    const isDefault = annotations?.[DEFAULT_CLASS] === 'true' || annotations?.[DEFAULT_CLASS_BETA] === 'true';
    return [
      isDefault ? `${nameOf(storageClass)} (default)` : nameOf(storageClass),
      storageClass.provisioner ?? '',
      storageClass.reclaimPolicy ?? 'Delete',
      storageClass.volumeBindingMode ?? 'Immediate',
      storageClass.allowVolumeExpansion ?? false,
      ageOf(storageClass, now),
    ];
  },
);

/** storage.k8s.io VolumeAttributesClass. */
export const volumeAttributesClassTable = tableKind<Printed & { readonly driverName?: string }>(
  ['Name', 'DriverName', 'Age'],
  (object, now) => [nameOf(object), object.driverName ?? '', ageOf(object, now)],
);

interface VolumeAttachment extends Printed {
  readonly spec?: {
    readonly attacher?: string;
    readonly nodeName?: string;
    readonly source?: { readonly persistentVolumeName?: string };
  };
  readonly status?: { readonly attached?: boolean };
}

/** storage.k8s.io VolumeAttachment. */
export const volumeAttachmentTable = tableKind<VolumeAttachment>(
  ['Name', 'Attacher', 'PV', 'Node', 'Attached', 'Age'],
  (attachment, now) => [
    nameOf(attachment),
    attachment.spec?.attacher ?? '',
    attachment.spec?.source?.persistentVolumeName ?? '',
    attachment.spec?.nodeName ?? '',
    attachment.status?.attached ?? false,
    ageOf(attachment, now),
  ],
);

interface CsiDriver extends Printed {
  readonly spec?: {
    readonly attachRequired?: boolean;
    readonly podInfoOnMount?: boolean;
    readonly storageCapacity?: boolean;
    readonly tokenRequests?: readonly { readonly audience: string }[];
    readonly requiresRepublish?: boolean;
    readonly volumeLifecycleModes?: readonly string[];
  };
}

/** storage.k8s.io CSIDriver. */
export const csiDriverTable = tableKind<CsiDriver>(
  [
    'Name',
    'AttachRequired',
    'PodInfoOnMount',
    'StorageCapacity',
    'TokenRequests',
    'RequiresRepublish',
    'Modes',
    'Age',
  ],
  ({ spec, ...driver }, now) => [
    nameOf(driver),
    spec?.attachRequired ?? true,
    spec?.podInfoOnMount ?? false,
    spec?.storageCapacity ?? false,
    spec?.tokenRequests === undefined
      ? UNSET
      : spec.tokenRequests.map((request) => request.audience).join(','),
    spec?.requiresRepublish ?? false,
    spec?.volumeLifecycleModes === undefined ? '<none>' : spec.volumeLifecycleModes.join(','),
    ageOf(driver, now),
  ],
);

/** storage.k8s.io CSINode. */
export const csiNodeTable = tableKind<
  Printed & { readonly spec?: { readonly drivers?: readonly unknown[] } }
>(['Name', '#Drivers', 'Age'], (node, now) => [
  nameOf(node),
  node.spec?.drivers?.length ?? 0,
  ageOf(node, now),
]);

/** storage.k8s.io CSIStorageCapacity. */
export const csiStorageCapacityTable = tableKind<
  Printed & { readonly storageClassName?: string; readonly capacity?: string }
>(['Name', 'StorageClassName', 'Capacity'], (object) => [
  nameOf(object),
  object.storageClassName ?? '',
  object.capacity ?? UNSET,
]);

/** node.k8s.io RuntimeClass. */
export const runtimeClassTable = tableKind<Printed & { readonly handler?: string }>(
  ['Name', 'Handler', 'Age'],
  (object, now) => [nameOf(object), object.handler ?? '', ageOf(object, now)],
);

interface ApiService extends Printed {
  readonly spec?: { readonly service?: { readonly namespace?: string; readonly name?: string } };
  readonly status?: {
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason?: string;
    }[];
  };
}

/** apiregistration.k8s.io APIService. */
export const apiServiceTable = tableKind<ApiService>(
  ['Name', 'Service', 'Available', 'Age'],
  (object, now) => {
    const service = object.spec?.service;
    const available = object.status?.conditions?.find((condition) => condition.type === 'Available');
    const word = available?.status ?? 'Unknown';
    return [
      nameOf(object),
      service === undefined ? 'Local' : `${service.namespace ?? ''}/${service.name ?? ''}`,
      word === 'True' || !available?.reason ? trueFalseOr(word) : `${word} (${available.reason})`,
      ageOf(object, now),
    ];
  },
);

function trueFalseOr(word: string): string {
  return word === 'True' || word === 'False' ? trueFalse(word === 'True') : word;
}
