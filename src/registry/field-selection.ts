import type { KubeObject } from '../api/meta.ts';
import type { FieldTerms } from '../domain/selectors/fields.ts';
import type { ServedKind } from './served-kind.ts';
import { badRequest } from './status-errors.ts';
import { at, kindName } from './strategies/generic.ts';

const META = ['metadata.name', 'metadata.namespace'] as const;

const OWN_FIELDS: Readonly<Record<string, readonly string[]>> = {
  '/Event': [
    ...META,
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  '/Namespace': ['metadata.name', 'status.phase'],
  '/Node': ['metadata.name', 'spec.unschedulable'],
  '/Pod': [
    ...META,
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.podIPs',
    'status.nominatedNodeName',
  ],
  '/ReplicationController': [...META, 'status.replicas'],
  '/Secret': [...META, 'type'],
  '/Service': [...META, 'spec.clusterIP', 'spec.type'],
  'apps/ReplicaSet': [...META, 'status.replicas'],
  'batch/Job': [...META, 'status.successful'],
  'certificates.k8s.io/CertificateSigningRequest': ['metadata.name', 'spec.signerName'],
};

/** Fields of type boolean and number, which read as `false` and `0` where Go leaves them out. */
const ZEROS: Readonly<Record<string, string>> = {
  'spec.hostNetwork': 'false',
  'spec.unschedulable': 'false',
  'status.replicas': '0',
  'status.successful': '0',
};

/** Throws 400 when the selector names a field that the kind's objects cannot be selected by. */
export function requireSelectable(kind: ServedKind, terms: FieldTerms): void {
  const own = OWN_FIELDS[kindName(kind)] ?? declaredFields(kind);
  for (const { field } of terms) {
    if ((own ?? META).includes(field)) continue;
    throw badRequest(
      own === undefined
        ? `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`
        : `field label not supported: ${field}`,
    );
  }
}

/** selectableFields of a custom resource's version, as dotted paths. */
function declaredFields(kind: ServedKind): readonly string[] | undefined {
  if (kind.definition === undefined) return undefined;
  const versions = at(kind.definition, 'spec', 'versions');
  const version: unknown = Array.isArray(versions)
    ? versions.find((one: unknown) => at(one, 'name') === kind.info.version)
    : undefined;
  const fields = at(version, 'selectableFields');
  const paths = Array.isArray(fields) ? fields.map((one: unknown) => at(one, 'jsonPath')) : [];
  return [
    ...META,
    ...paths.filter((path) => typeof path === 'string').map((path) => path.replace(/^\./, '')),
  ];
}

/** The object's text for each field that the terms name. */
export function fieldTexts(object: KubeObject, terms: FieldTerms): Readonly<Record<string, string>> {
  return Object.fromEntries(terms.map(({ field }) => [field, fieldText(object, field)]));
}

function fieldText(object: KubeObject, field: string): string {
  if (field === 'source' && object.kind === 'Event') {
    return String(at(object, 'source', 'component') ?? at(object, 'reportingComponent') ?? '');
  }
  if (field === 'status.successful') return String(at(object, 'status', 'succeeded') ?? 0);
  if (field === 'status.podIPs') {
    const ips = at(object, 'status', 'podIPs');
    return Array.isArray(ips) ? ips.map((one) => String(at(one, 'ip') ?? '')).join(',') : '';
  }
  const value = at(object, ...field.split('.'));
  return value === undefined || value === null ? (ZEROS[field] ?? '') : String(value);
}
