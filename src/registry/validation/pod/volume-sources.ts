import {
  addInvalid,
  type FieldErrors,
  forbidden,
  invalid,
  notSupported,
  required,
  tooLong,
} from '../field-error.ts';
import { byteLength } from '../go-text.ts';
import {
  type Fields,
  fieldsList,
  isSet,
  itemsOf,
  numberOf,
  optionalFields,
  optionalNumber,
  textOf,
} from '../json-fields.ts';
import { dnsSubdomain, rangeText } from '../name-rules.ts';
import { isNegativeQuantity } from '../resource-quantities.ts';
import { validateClaimTemplate } from './claim-spec.ts';
import { validateDownwardFile } from './downward-api.ts';
import {
  forbidBacksteps,
  validateDescendingPath,
  validateFileMode,
  validateKeyToPath,
} from './file-paths.ts';
import { validateProjectedVolume } from './projected-volumes.ts';

type SourceRule = (source: Fields, path: string, errors: FieldErrors) => void;

/** In how many ways a hostPath may be checked before the container starts. */
const HOST_PATH_TYPES = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
];

const SOURCE_RULES: Readonly<Record<string, SourceRule>> = {
  emptyDir(source, path, errors) {
    if (isNegativeQuantity(source.sizeLimit)) {
      errors.push(forbidden(`${path}.sizeLimit`, 'SizeLimit field must be a valid resource quantity'));
    }
  },
  hostPath(source, path, errors) {
    const target = textOf(source.path);
    if (target === '') {
      errors.push(required(`${path}.path`));
      return;
    }
    forbidBacksteps(target, `${path}.path`, errors);
    const type = textOf(source.type);
    if (!HOST_PATH_TYPES.includes(type)) errors.push(notSupported(`${path}.type`, type, HOST_PATH_TYPES));
  },
  gitRepo(source, path, errors) {
    requireFields(['repository'])(source, path, errors);
    validateDescendingPath(textOf(source.directory), `${path}.directory`, errors);
  },
  gcePersistentDisk(source, path, errors) {
    requireFields(['pdName'])(source, path, errors);
    validatePartition(source, path, errors);
  },
  awsElasticBlockStore(source, path, errors) {
    requireFields(['volumeID'])(source, path, errors);
    validatePartition(source, path, errors);
  },
  secret(source, path, errors) {
    requireFields(['secretName'])(source, path, errors);
    validateFiles(source, path, errors);
  },
  nfs(source, path, errors) {
    requireFields(['server', 'path'])(source, path, errors);
    const target = textOf(source.path);
    if (!target.startsWith('/')) errors.push(invalid(`${path}.path`, target, 'must be an absolute path'));
  },
  iscsi: validateIscsi,
  glusterfs: requireFields(['endpoints', 'path']),
  flocker(source, path, errors) {
    const name = textOf(source.datasetName);
    const uuid = textOf(source.datasetUUID);
    if (name === '' && uuid === '')
      errors.push(required(path, 'one of datasetName and datasetUUID is required'));
    if (name !== '' && uuid !== '') {
      errors.push(
        invalid(path, 'resource', 'datasetName and datasetUUID can not be specified simultaneously'),
      );
    }
    if (name.includes('/')) errors.push(invalid(`${path}.datasetName`, name, "must not contain '/'"));
  },
  persistentVolumeClaim: requireFields(['claimName']),
  rbd: requireFields(['monitors', 'image']),
  cinder: requireFields(['volumeID']),
  cephfs: requireFields(['monitors']),
  quobyte(source, path, errors) {
    const registry = textOf(source.registry);
    if (registry === '') {
      errors.push(
        required(`${path}.registry`, 'must be a host:port pair or multiple pairs separated by commas'),
      );
    }
    if (textOf(source.volume) === '') errors.push(required(`${path}.volume`));
  },
  downwardAPI(source, path, errors) {
    validateFileMode(source.defaultMode, `${path}.defaultMode`, errors);
    fieldsList(source.items).forEach((file) => {
      validateDownwardFile(file, path, errors);
    });
  },
  fc(source, path, errors) {
    const names = itemsOf(source.targetWWNs).length;
    const ids = itemsOf(source.wwids).length;
    if (names === 0 && ids === 0) {
      errors.push(required(`${path}.targetWWNs`, 'must specify either targetWWNs or wwids, but not both'));
    } else if (names > 0 && ids > 0) {
      errors.push(
        invalid(
          `${path}.targetWWNs`,
          source.targetWWNs,
          'targetWWNs and wwids can not be specified simultaneously',
        ),
      );
    } else if (names > 0) {
      const lun = optionalNumber(source.lun);
      if (lun === undefined)
        errors.push(required(`${path}.lun`, 'lun is required if targetWWNs is specified'));
      else if (lun < 0 || lun > 255) errors.push(invalid(`${path}.lun`, lun, rangeText(0, 255)));
    }
  },
  flexVolume: requireFields(['driver']),
  configMap(source, path, errors) {
    requireFields(['name'])(source, path, errors);
    validateFiles(source, path, errors);
  },
  azureFile: requireFields(['secretName', 'shareName']),
  vsphereVolume: requireFields(['volumePath']),
  photonPersistentDisk: requireFields(['pdID']),
  portworxVolume: requireFields(['volumeID']),
  azureDisk: requireFields(['diskName', 'diskURI']),
  storageos: requireFields(['volumeName']),
  projected: validateProjectedVolume,
  scaleIO: requireFields(['gateway', 'system', 'volumeName']),
  csi: validateCsi,
  ephemeral(source, path, errors) {
    const template = optionalFields(source.volumeClaimTemplate);
    if (template === undefined) errors.push(required(`${path}.volumeClaimTemplate`));
    else validateClaimTemplate(template, `${path}.volumeClaimTemplate`, errors);
  },
  image(source, path, errors) {
    if (textOf(source.reference).trim() === '') errors.push(required(`${path}.reference`));
    const policy = textOf(source.pullPolicy);
    if (policy !== '' && !PULL_POLICIES.includes(policy)) {
      errors.push(notSupported(`${path}.pullPolicy`, policy, PULL_POLICIES));
    }
  },
};

/** Image pull policies, as errors list them. */
export const PULL_POLICIES: readonly string[] = ['Always', 'IfNotPresent', 'Never'];

/** The sources a volume can have, in the order in which upstream looks for them. */
export const VOLUME_SOURCE_ORDER: readonly string[] = Object.keys(SOURCE_RULES);

/** Checks one volume source. */
export function validateVolumeSource(name: string, source: Fields, path: string, errors: FieldErrors): void {
  SOURCE_RULES[name]?.(source, path, errors);
}

/** Checks the name of a CSI driver: a DNS subdomain of at most 63 bytes, in any case. */
function validateCsiDriverName(name: string, path: string, errors: FieldErrors): void {
  if (name === '') errors.push(required(path));
  if (byteLength(name) > 63) errors.push(tooLong(path, 63));
  if (name !== '') addInvalid(errors, path, name, dnsSubdomain(name.toLowerCase()));
}

function requireFields(names: readonly string[]): SourceRule {
  return (source, path, errors) => {
    for (const name of names) {
      const value = source[name];
      const absent = !isSet(value) || value === '' || (Array.isArray(value) && value.length === 0);
      if (absent) errors.push(required(`${path}.${name}`));
    }
  };
}

function validateFiles(source: Fields, path: string, errors: FieldErrors): void {
  validateFileMode(source.defaultMode, `${path}.defaultMode`, errors);
  fieldsList(source.items).forEach((item, index) => {
    validateKeyToPath(item, `${path}.items[${index}]`, errors);
  });
}

function validatePartition(source: Fields, path: string, errors: FieldErrors): void {
  const partition = numberOf(source.partition);
  if (partition < 0 || partition > 255)
    errors.push(invalid(`${path}.partition`, partition, rangeText(1, 255)));
}

function validateIscsi(source: Fields, path: string, errors: FieldErrors): void {
  requireFields(['targetPortal'])(source, path, errors);
  const iqn = textOf(source.iqn);
  if (iqn === '') errors.push(required(`${path}.iqn`));
  else if (!/^(iqn|eui|naa)\./.test(iqn)) {
    errors.push(invalid(`${path}.iqn`, iqn, 'must be valid format starting with iqn, eui, or naa'));
  }
  const lun = numberOf(source.lun);
  if (lun < 0 || lun > 255) errors.push(invalid(`${path}.lun`, lun, rangeText(0, 255)));
  const chap = source.chapAuthDiscovery === true || source.chapAuthSession === true;
  if (chap && !isSet(source.secretRef)) errors.push(required(`${path}.secretRef`));
}

function validateCsi(source: Fields, path: string, errors: FieldErrors): void {
  validateCsiDriverName(textOf(source.driver), `${path}.driver`, errors);
  const secret = optionalFields(source.nodePublishSecretRef);
  if (secret === undefined) return;
  const name = textOf(secret.name);
  if (name === '') errors.push(required(`${path}.nodePublishSecretRef.name`));
  else addInvalid(errors, `${path}.nodePublishSecretRef.name`, name, dnsSubdomain(name));
}
