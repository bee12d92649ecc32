import { fillClaimSpec } from './claim-spec.ts';
import { along, each, type Fields, type Filler, fill, inOrder, withField, within } from './filling.ts';
import { pullPolicyFor } from './image-name.ts';

/** 0644, as files from ConfigMaps, Secrets and the like get. */
const FILE_MODE: Fields = { defaultMode: 420 };

const fillItems: Filler = (source) =>
  along(source, ['items[]', 'fieldRef'], (ref) => fill(ref, { apiVersion: 'v1' }));

const fillProjection: Filler = inOrder(
  (source) => within(source, 'serviceAccountToken', (token) => fill(token, { expirationSeconds: 3600 })),
  (source) => within(source, 'downwardAPI', fillItems),
);

/** What each volume source gets, by its name. Those of PersistentVolumes are among them. */
export const VOLUME_SOURCES: Readonly<Record<string, Filler>> = {
  secret: (source) => fill(source, FILE_MODE),
  configMap: (source) => fill(source, FILE_MODE),
  downwardAPI: (source) => fillItems(fill(source, FILE_MODE)),
  projected: (source) => each(fill(source, FILE_MODE), 'sources', fillProjection),
  hostPath: (source) => fill(source, { type: '' }),
  iscsi: (source) => fill(source, { iscsiInterface: 'default' }),
  rbd: (source) => fill(source, { pool: 'rbd', user: 'admin', keyring: '/etc/ceph/keyring' }),
  azureDisk: (source) =>
    fill(source, { cachingMode: 'ReadWrite', fsType: 'ext4', readOnly: false, kind: 'Shared' }),
  scaleIO: (source) => fill(source, { storageMode: 'ThinProvisioned', fsType: 'xfs' }),
  ephemeral: (source) => along(source, ['volumeClaimTemplate', 'spec'], fillClaimSpec),
  image: (source) => fill(source, { pullPolicy: pullPolicyFor(source.reference) }),
};

/** Fills a pod's volume. Without a source it is an emptyDir. */
export const fillVolume: Filler = (volume) => {
  const sources = Object.keys(volume).filter((name) => name !== 'name');
  if (sources.length === 0) return withField(volume, 'emptyDir', {});
  return sources.reduce(
    (filled, name) => within(filled, name, VOLUME_SOURCES[name] ?? ((same) => same)),
    volume,
  );
};
