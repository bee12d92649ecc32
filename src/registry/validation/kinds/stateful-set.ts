import { deepEqual } from '../../../domain/deep-equal.ts';
import { type FieldErrors, forbidden, invalid, required } from '../field-error.ts';
import { type Fields, fieldsList, fieldsOf, numberOf, textOf } from '../json-fields.ts';
import type { KindRules } from '../kind-rules.ts';
import { dnsSubdomain } from '../name-rules.ts';
import { requireNonNegative } from '../object-meta.ts';

import { validateOwnSelector, validateReplicaStatus, validateRunningTemplate } from './running-template.ts';

/** apps/v1 StatefulSet. */
export const statefulSetRules: KindRules = {
  nameRule: dnsSubdomain,
  create(object, errors) {
    validateStatefulSetSpec(fieldsOf(object.spec), errors);
  },
  update(next, previous, errors) {
    if (next.spec === previous.spec) return;
    validateStatefulSetSpec(fieldsOf(next.spec), errors);
    const allowed = [
      'replicas',
      'ordinals',
      'template',
      'updateStrategy',
      'revisionHistoryLimit',
      'persistentVolumeClaimRetentionPolicy',
      'minReadySeconds',
    ];
    if (!deepEqual(without(fieldsOf(next.spec), allowed), without(fieldsOf(previous.spec), allowed))) {
      const named = allowed.map((field) => `'${field}'`);
      const list = `${named.slice(0, -1).join(', ')} and ${named.at(-1) ?? ''}`;
      errors.push(
        forbidden('spec', `updates to statefulset spec for fields other than ${list} are forbidden`),
      );
    }
  },
  status: validateReplicaStatus,
};

function validateStatefulSetSpec(spec: Fields, errors: FieldErrors): void {
  const policy = textOf(spec.podManagementPolicy);
  if (policy === '') errors.push(required('spec.podManagementPolicy'));
  else if (policy !== 'OrderedReady' && policy !== 'Parallel') {
    const rule = "must be 'OrderedReady' or 'Parallel'";
    errors.push(invalid('spec.podManagementPolicy', policy, rule));
  }
  const type = textOf(fieldsOf(spec.updateStrategy).type);
  if (type === '') errors.push(required('spec.updateStrategy'));
  else if (type !== 'RollingUpdate' && type !== 'OnDelete') {
    errors.push(
      invalid('spec.updateStrategy', shownStatefulStrategy(spec), "must be 'RollingUpdate' or 'OnDelete'"),
    );
  }
  requireNonNegative(numberOf(spec.replicas), 'spec.replicas', errors);
  requireNonNegative(numberOf(spec.minReadySeconds), 'spec.minReadySeconds', errors);
  if (validateOwnSelector(spec, 'statefulset', errors)) {
    // Mounts may name the claims of volumeClaimTemplates, which become volumes of each pod.
    const claimed = fieldsList(spec.volumeClaimTemplates).map((claim) =>
      textOf(fieldsOf(claim.metadata).name),
    );
    const withClaims = { ...spec, template: withVolumes(fieldsOf(spec.template), claimed) };
    validateRunningTemplate(withClaims, spec.selector, 'StatefulSet', errors);
  }
}

function withVolumes(template: Fields, claimed: readonly string[]): Fields {
  if (claimed.length === 0) return template;
  const podSpec = fieldsOf(template.spec);
  const own = fieldsList(podSpec.volumes);
  const ownNames = new Set(own.map((volume) => textOf(volume.name)));
  const added = claimed
    .filter((name) => !ownNames.has(name))
    .map((name) => ({ name, persistentVolumeClaim: { claimName: name } }));
  return { ...template, spec: { ...podSpec, volumes: [...own, ...added] } };
}

function shownStatefulStrategy(spec: Fields): unknown {
  const strategy = fieldsOf(spec.updateStrategy);
  return { Type: textOf(strategy.type), RollingUpdate: strategy.rollingUpdate ?? null };
}

function without(fields: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}
