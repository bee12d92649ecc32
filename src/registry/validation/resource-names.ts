import { addInvalid, type FieldErrors, invalid } from './field-error.ts';
import { qualifiedName } from './name-rules.ts';

const HUGE_PAGES = 'hugepages-';

const STANDARD: ReadonlySet<string> = new Set([
  'cpu',
  'memory',
  'ephemeral-storage',
  'requests.cpu',
  'requests.memory',
  'requests.ephemeral-storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'storage',
  'requests.storage',
  'services.nodeports',
  'services.loadbalancers',
]);

const OF_CONTAINERS: ReadonlySet<string> = new Set(['cpu', 'memory', 'ephemeral-storage']);

/** Whether a resource is huge pages of some size. */
export function isHugePages(resource: string): boolean {
  return resource.startsWith(HUGE_PAGES);
}

/** Whether Kubernetes itself knows the resource: no domain, or one of its own. */
function isNativeResource(resource: string): boolean {
  return !resource.includes('/') || resource.includes('kubernetes.io/');
}

/** Whether a resource belongs to a device plugin, such as `nvidia.com/gpu`. */
export function isExtendedResource(resource: string): boolean {
  if (isNativeResource(resource) || resource.startsWith('requests.')) return false;
  return qualifiedName(`requests.${resource}`).length === 0;
}

/** Whether pods may request less than their limit. */
export function isOvercommitAllowed(resource: string): boolean {
  return isNativeResource(resource) && !isHugePages(resource);
}

/** Checks the name of a resource that a container asks for. */
export function validateContainerResourceName(resource: string, path: string, errors: FieldErrors): void {
  validateResourceName(resource, path, errors);
  if (!resource.includes('/')) {
    if (!OF_CONTAINERS.has(resource) && !isHugePages(resource)) {
      errors.push(invalid(path, resource, 'must be a standard resource for containers'));
    }
  } else if (!isNativeResource(resource) && !isExtendedResource(resource)) {
    errors.push(invalid(path, resource, "doesn't follow extended resource name standard"));
  }
}

/** Checks the name of a resource: a standard one, or one with a domain. */
export function validateResourceName(resource: string, path: string, errors: FieldErrors): void {
  const problems = qualifiedName(resource);
  addInvalid(errors, path, resource, problems);
  if (problems.length === 0 && !resource.includes('/') && !isStandard(resource)) {
    errors.push(invalid(path, resource, 'must be a standard resource type or fully qualified'));
  }
}

function isStandard(resource: string): boolean {
  return STANDARD.has(resource) || isHugePages(resource) || resource.startsWith(`requests.${HUGE_PAGES}`);
}
