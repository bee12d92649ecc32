import { milliValue, quantityFromJson } from '../../domain/quantity.ts';
import { goQuote } from '../validation/go-text.ts';
import {
  type Fields,
  fieldsList,
  fieldsOf,
  isSet,
  numberOf,
  optionalFields,
  textMap,
  textOf,
} from '../validation/json-fields.ts';
import { sortedKeys } from '../validation/object-meta.ts';
import { APP_ARMOR_ANNOTATION_PREFIX } from '../validation/pod/pod-template.ts';
import { quantityText } from '../validation/resource-quantities.ts';
import { type PlacedContainer, portNameWarnings, portWarnings } from './container-port-warnings.ts';
import { nodeAffinityWarnings, nodeLabelDeprecation } from './deprecated-node-labels.ts';
import { overlappingPathWarnings } from './projected-path-overlaps.ts';

const DEPRECATED_ANNOTATIONS: Readonly<Record<string, string>> = {
  'scheduler.alpha.kubernetes.io/critical-pod':
    'non-functional in v1.16+; use the "priorityClassName" field instead',
  'seccomp.security.alpha.kubernetes.io/pod':
    'non-functional in v1.27+; use the "seccompProfile" field instead',
  'security.alpha.kubernetes.io/sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
  'security.alpha.kubernetes.io/unsafe-sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
};

const DEPRECATED_VOLUMES: Readonly<Record<string, string>> = {
  photonPersistentDisk: 'deprecated in v1.11, non-functional in v1.16+',
  gitRepo: 'deprecated in v1.11, and disabled by default in v1.33+',
  scaleIO: 'deprecated in v1.16, non-functional in v1.22+',
  flocker: 'deprecated in v1.22, non-functional in v1.25+',
  storageos: 'deprecated in v1.22, non-functional in v1.25+',
  quobyte: 'deprecated in v1.22, non-functional in v1.25+',
  glusterfs: 'deprecated in v1.25, non-functional in v1.26+',
  cephfs: 'deprecated in v1.28, non-functional in v1.31+',
  rbd: 'deprecated in v1.28, non-functional in v1.31+',
};

const NULL_SELECTOR = 'a null labelSelector results in matching no pod';

/**
 * Warnings about a pod (`path` is '') or a pod template (`path` is its own, such as `spec.template`), in upstream's
 * order.
 */
export function podWarnings(pod: Fields, path: string): readonly string[] {
  const spec = fieldsOf(pod.spec);
  const prefix = path === '' ? '' : `${path}.`;
  const at = `${prefix}spec`;
  const annotations = textMap(fieldsOf(pod.metadata).annotations);
  const annotationsPath = `${prefix}metadata.annotations`;
  const containers = placedContainers(spec, at);
  const volumes = fieldsList(spec.volumes);
  return [
    ...nodeChoiceWarnings(spec, at),
    ...topologyWarnings(spec, at),
    ...sortedKeys(annotations).flatMap((key) => {
      const reason = Object.hasOwn(DEPRECATED_ANNOTATIONS, key) ? DEPRECATED_ANNOTATIONS[key] : undefined;
      return reason === undefined ? [] : [`${annotationsPath}[${key}]: ${reason}`];
    }),
    ...volumeWarnings(volumes, `${at}.volumes`),
    ...duplicates(spec.hostAliases, 'ip', `${at}.hostAliases`),
    ...duplicates(spec.imagePullSecrets, 'name', `${at}.imagePullSecrets`),
    ...fieldsList(spec.imagePullSecrets).flatMap((secret, index) =>
      textOf(secret.name) === '' ? [`${at}.imagePullSecrets[${index}].name: invalid empty name ""`] : [],
    ),
    ...overlappingPathWarnings(volumes),
    ...fractionWarnings(spec.overhead, `${at}.overhead`),
    ...containers.flatMap((one) =>
      containerWarnings(one, annotations, path === '' ? undefined : annotationsPath),
    ),
    ...gracePeriodWarnings(spec, at),
    ...portWarnings(containers),
    ...portNameWarnings(containers.filter(({ container, path: of }) => isLongRunning(container, of, at))),
    ...podAffinityWarnings(fieldsOf(spec.affinity), `${at}.affinity`),
  ];
}

function placedContainers(spec: Fields, path: string): readonly PlacedContainer[] {
  return ['initContainers', 'containers', 'ephemeralContainers'].flatMap((list) =>
    fieldsList(spec[list]).map((container, index) => ({ container, path: `${path}.${list}[${index}]` })),
  );
}

function isLongRunning(container: Fields, path: string, specPath: string): boolean {
  if (path.startsWith(`${specPath}.containers[`)) return true;
  return path.startsWith(`${specPath}.initContainers[`) && container.restartPolicy === 'Always';
}

function nodeChoiceWarnings(spec: Fields, path: string): readonly string[] {
  const selected = sortedKeys(textMap(spec.nodeSelector)).flatMap((label) => {
    const deprecation = nodeLabelDeprecation(label);
    return deprecation === undefined ? [] : [`${path}.nodeSelector[${label}]: ${deprecation}`];
  });
  const affinity = fieldsOf(fieldsOf(spec.affinity).nodeAffinity);
  return [...selected, ...nodeAffinityWarnings(affinity, `${path}.affinity.nodeAffinity`)];
}

function topologyWarnings(spec: Fields, path: string): readonly string[] {
  return fieldsList(spec.topologySpreadConstraints).flatMap((constraint, index) => {
    const at = `${path}.topologySpreadConstraints[${index}]`;
    const key = textOf(constraint.topologyKey);
    const deprecation = nodeLabelDeprecation(key);
    return [
      ...(deprecation === undefined ? [] : [`${at}.topologyKey: ${key} is ${deprecation}`]),
      ...(isSet(constraint.labelSelector) ? [] : [`${at}.labelSelector: ${NULL_SELECTOR}`]),
    ];
  });
}

function volumeWarnings(volumes: readonly Fields[], path: string): readonly string[] {
  return volumes.flatMap((volume, index) =>
    Object.entries(DEPRECATED_VOLUMES)
      .filter(([source]) => isSet(volume[source]))
      .map(([source, reason]) => `${path}[${index}].${source}: ${reason}`),
  );
}

function duplicates(value: unknown, field: string, path: string): readonly string[] {
  const seen = new Set<string>();
  return fieldsList(value).flatMap((item, index) => {
    const text = textOf(item[field]);
    if (seen.has(text)) return [`${path}[${index}].${field}: duplicate ${field} ${goQuote(text)}`];
    seen.add(text);
    return [];
  });
}

function containerWarnings(
  { container, path }: PlacedContainer,
  annotations: Readonly<Record<string, string>>,
  templateAnnotationsPath: string | undefined,
): readonly string[] {
  const appArmor = `${APP_ARMOR_ANNOTATION_PREFIX}${textOf(container.name)}`;
  const hasProfile = isSet(fieldsOf(container.securityContext).appArmorProfile);
  const resources = fieldsOf(container.resources);
  const warnings: string[] = [];
  if (templateAnnotationsPath !== undefined && appArmor in annotations && !hasProfile) {
    const advice = 'deprecated since v1.30; use the "appArmorProfile" field instead';
    warnings.push(`${templateAnnotationsPath}[${appArmor}]: ${advice}`);
  }
  return [
    ...warnings,
    ...fractionWarnings(resources.limits, `${path}.resources.limits`),
    ...fractionWarnings(resources.requests, `${path}.resources.requests`),
    ...environmentWarnings(container, path),
  ];
}

function environmentWarnings(container: Fields, path: string): readonly string[] {
  const seen = new Set<string>();
  return fieldsList(container.env).flatMap((variable, index) => {
    const name = textOf(variable.name);
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    const buildsOnPrevious = !isSet(variable.valueFrom) && textOf(variable.value).includes(`$(${name})`);
    if (buildsOnPrevious) return [];
    return [
      `${path}.env[${index}]: hides previous definition of ${goQuote(name)}, which may be dropped when using apply`,
    ];
  });
}

function fractionWarnings(value: unknown, path: string): readonly string[] {
  const amounts = optionalFields(value);
  if (amounts === undefined) return [];
  return ['memory', 'ephemeral-storage'].flatMap((resource) => {
    const amount = amounts[resource];
    if (!isSet(amount) || milliValue(quantityFromJson(amount)) % 1000n === 0n) return [];
    const text = goQuote(quantityText(amount));
    return [`${path}[${resource}]: fractional byte value ${text} is invalid, must be an integer`];
  });
}

function gracePeriodWarnings(spec: Fields, path: string): readonly string[] {
  if (numberOf(spec.terminationGracePeriodSeconds) >= 0) return [];
  return [
    `${path}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1.`,
  ];
}

function podAffinityWarnings(affinity: Fields, path: string): readonly string[] {
  return ['podAffinity', 'podAntiAffinity'].flatMap((kind) => {
    const rules = fieldsOf(affinity[kind]);
    const required = 'requiredDuringSchedulingIgnoredDuringExecution';
    const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';
    return [
      ...fieldsList(rules[required]).flatMap((term, index) =>
        isSet(term.labelSelector)
          ? []
          : [`${path}.${kind}.${required}[${index}].labelSelector: ${NULL_SELECTOR}`],
      ),
      ...fieldsList(rules[preferred]).flatMap((weighted, index) =>
        isSet(fieldsOf(weighted.podAffinityTerm).labelSelector)
          ? []
          : [`${path}.${kind}.${preferred}[${index}].podAffinityTerm.labelSelector: ${NULL_SELECTOR}`],
      ),
    ];
  });
}
