import { fillClaimSpec } from './claim-spec.ts';
import {
  asFields,
  each,
  ensure,
  type Fields,
  type Filler,
  fill,
  isEmpty,
  withField,
  within,
} from './filling.ts';
import { roundResourceList, roundResources } from './resource-list.ts';
import { VOLUME_SOURCES } from './volumes.ts';

/** v1 Namespace: its name as a label. The phase is the strategy's. */
export const fillNamespace: Filler = (object) => {
  const metadata = asFields(object.metadata) ?? {};
  const { name } = metadata;
  if (typeof name !== 'string' || name === '') return object;
  return ensure(object, 'metadata', (same) =>
    ensure(same, 'labels', (labels) => fill(labels, { 'kubernetes.io/metadata.name': name })),
  );
};

/** v1 Node: what can be allocated is all there is, unless it says otherwise. */
export const fillNode: Filler = (object) =>
  within(object, 'status', (given) => {
    const status = within(within(given, 'capacity', roundResourceList), 'allocatable', roundResourceList);
    return status.allocatable === undefined && !isEmpty(status.capacity)
      ? { ...status, allocatable: status.capacity }
      : status;
  });

/** v1 Secret: its type, and `stringData` written into `data`. */
export const fillSecret: Filler = (given) => {
  const secret = fill(given, { type: 'Opaque' });
  const texts = asFields(secret.stringData);
  if (texts === undefined) return secret;
  const { stringData: _merged, ...rest } = secret;
  const encoded = Object.entries(texts).map(([key, text]) => [
    key,
    Buffer.from(String(text)).toString('base64'),
  ]);
  return { ...rest, data: { ...asFields(secret.data), ...Object.fromEntries(encoded) } };
};

/** Three hours: how long a client stays with its endpoint under ClientIP affinity. */
const AFFINITY_SECONDS = 10_800;

function fillAffinity(spec: Fields): Fields {
  if (spec.sessionAffinity === 'None') return withField(spec, 'sessionAffinityConfig', undefined);
  if (spec.sessionAffinity !== 'ClientIP') return spec;
  const clientIP = asFields(asFields(spec.sessionAffinityConfig)?.clientIP);
  if (clientIP?.timeoutSeconds !== undefined) return spec;
  return { ...spec, sessionAffinityConfig: { clientIP: { timeoutSeconds: AFFINITY_SECONDS } } };
}

const fillServicePort: Filler = (given) => {
  const port = fill(given, { protocol: 'TCP' });
  const target = port.targetPort ?? 0;
  return target === 0 || target === '' ? withField(port, 'targetPort', port.port) : port;
};

/** v1 Service. Cluster IPs, node ports, IP families and their policy are the allocator's, not defaults. */
export const fillService: Filler = (object) =>
  ensure(object, 'spec', (given) => {
    let spec = fillAffinity(fill(given, { sessionAffinity: 'None', type: 'ClusterIP' }));
    spec = each(spec, 'ports', fillServicePort);
    const outward = spec.type === 'NodePort' || spec.type === 'LoadBalancer';
    if (outward) spec = fill(spec, { externalTrafficPolicy: 'Cluster' });
    if (outward || spec.type === 'ClusterIP') spec = fill(spec, { internalTrafficPolicy: 'Cluster' });
    return spec.type === 'LoadBalancer' ? fill(spec, { allocateLoadBalancerNodePorts: true }) : spec;
  });

/** v1 Endpoints. */
export const fillEndpoints: Filler = (object) =>
  each(object, 'subsets', (subset) => each(subset, 'ports', (port) => fill(port, { protocol: 'TCP' })));

/** v1 PersistentVolume. */
export const fillPersistentVolume: Filler = (object) =>
  ensure(
    ensure(object, 'status', (status) => fill(status, { phase: 'Pending' })),
    'spec',
    fillPersistentVolumeSpec,
  );

/** Fills a v1.PersistentVolumeSpec, also inside a VolumeAttachment. */
function fillPersistentVolumeSpec(given: Fields): Fields {
  let spec = fill(given, { persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem' });
  spec = within(spec, 'capacity', roundResourceList);
  for (const source of ['hostPath', 'iscsi', 'rbd', 'azureDisk', 'scaleIO']) {
    spec = within(spec, source, VOLUME_SOURCES[source] ?? ((same) => same));
  }
  return spec;
}

/** v1 PersistentVolumeClaim. */
export const fillPersistentVolumeClaim: Filler = (object) =>
  ensure(ensure(object, 'spec', fillClaimSpec), 'status', (status) => fill(status, { phase: 'Pending' }));

/** Ranges of containers: the maximum is the default limit; that, else the minimum, the default request. */
const fillLimitRangeItem: Filler = (given) => {
  const item = roundResources(given);
  if (item.type !== 'Container') return item;
  const limits = fill(asFields(item.default) ?? {}, asFields(item.max) ?? {});
  const requests = fill(fill(asFields(item.defaultRequest) ?? {}, limits), asFields(item.min) ?? {});
  const filled = isEmpty(limits) ? item : withField(item, 'default', limits);
  return isEmpty(requests) ? filled : withField(filled, 'defaultRequest', requests);
};

/** v1 LimitRange. */
export const fillLimitRange: Filler = (object) =>
  within(object, 'spec', (spec) => each(spec, 'limits', fillLimitRangeItem));

/** v1 ResourceQuota. */
export const fillResourceQuota: Filler = (object) =>
  within(within(object, 'spec', roundResources), 'status', roundResources);
