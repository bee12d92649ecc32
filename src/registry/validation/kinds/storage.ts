import { addInvalid, required } from '../field-error.ts';
import { fieldsOf, textList, textOf } from '../json-fields.ts';
import type { KindRules } from '../kind-rules.ts';
import { dnsSubdomain, qualifiedName } from '../name-rules.ts';
import { validateAccessModes, validateClaimSpec } from '../pod/claim-spec.ts';
import { validateEnumeration } from '../pod/pod-spec.ts';
import { requireNonNegativeQuantity } from '../resource-quantities.ts';

/** v1 PersistentVolumeClaim. Once bound, only its size and a few names may change; that is left to the storage. */
export const persistentVolumeClaimRules: KindRules = {
  nameRule: dnsSubdomain,
  create(claim, errors) {
    validateClaimSpec(fieldsOf(claim.spec), 'spec', errors);
  },
};

/** v1 PersistentVolume: the main rules. */
export const persistentVolumeRules: KindRules = {
  nameRule: dnsSubdomain,
  create(volume, errors) {
    const spec = fieldsOf(volume.spec);
    const modes = textList(spec.accessModes);
    if (modes.length === 0) errors.push(required('spec.accessModes'));
    validateAccessModes(modes, 'spec.accessModes', errors);
    const capacity = fieldsOf(spec.capacity);
    if (Object.keys(capacity).length === 0) errors.push(required('spec.capacity'));
    else requireNonNegativeQuantity(capacity.storage, 'spec.capacity[storage]', errors);
    validateEnumeration(
      spec.persistentVolumeReclaimPolicy,
      ['Delete', 'Recycle', 'Retain'],
      'spec.persistentVolumeReclaimPolicy',
      errors,
    );
  },
};

/** storage.k8s.io/v1 StorageClass: the main rules. */
export const storageClassRules: KindRules = {
  nameRule: dnsSubdomain,
  create(object, errors) {
    const provisioner = textOf(object.provisioner);
    if (provisioner === '') errors.push(required('provisioner'));
    else addInvalid(errors, 'provisioner', provisioner, qualifiedName(provisioner.toLowerCase()));
    validateEnumeration(object.reclaimPolicy, ['Delete', 'Retain'], 'reclaimPolicy', errors);
  },
};
