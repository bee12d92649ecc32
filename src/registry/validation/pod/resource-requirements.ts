import {
  duplicate,
  type FieldErrors,
  forbidden,
  invalid,
  notFound,
  notSupported,
  required,
} from '../field-error.ts';
import { type Fields, fieldsList, fieldsOf, optionalFields, textOf } from '../json-fields.ts';
import { sortedKeys } from '../object-meta.ts';
import { isHugePages, isOvercommitAllowed, validateContainerResourceName } from '../resource-names.ts';
import { compareAmounts, isWholePages, quantityText, validateAmount } from '../resource-quantities.ts';

const RESIZABLE = ['cpu', 'memory'];
const RESIZE_POLICIES = ['NotRequired', 'RestartContainer'];

/** Checks requests and limits of a container. `claimNames` are the pod's resource claims. */
export function validateResourceRequirements(
  value: unknown,
  claimNames: ReadonlySet<string>,
  path: string,
  errors: FieldErrors,
): void {
  const requirements = optionalFields(value);
  if (requirements === undefined) return;
  const limits = fieldsOf(requirements.limits);
  const requests = fieldsOf(requirements.requests);
  for (const resource of sortedKeys(limits)) {
    validateEntry(resource, limits[resource], `${path}.limits[${resource}]`, errors);
  }
  for (const resource of sortedKeys(requests)) {
    validateEntry(resource, requests[resource], `${path}.requests[${resource}]`, errors);
    compareWithLimit(resource, requests[resource], limits, path, errors);
  }
  const asked = [...Object.keys(limits), ...Object.keys(requests)];
  if (asked.some(isHugePages) && !asked.some((resource) => resource === 'cpu' || resource === 'memory')) {
    errors.push(forbidden(path, 'HugePages require cpu or memory'));
  }
  validateClaims(fieldsList(requirements.claims), claimNames, `${path}.claims`, errors);
}

/** Checks a container's `resizePolicy`. */
export function validateResizePolicy(
  value: unknown,
  podRestartPolicy: string,
  path: string,
  errors: FieldErrors,
): void {
  const seen = new Set<string>();
  for (const policy of fieldsList(value)) {
    const resource = textOf(policy.resourceName);
    const restart = textOf(policy.restartPolicy);
    if (seen.has(resource)) errors.push(duplicate(path, resource));
    seen.add(resource);
    if (resource === '') errors.push(required(path));
    else if (!RESIZABLE.includes(resource)) errors.push(notSupported(path, resource, RESIZABLE));
    if (restart === '') errors.push(required(path));
    else if (!RESIZE_POLICIES.includes(restart)) errors.push(notSupported(path, restart, RESIZE_POLICIES));
    else if (podRestartPolicy === 'Never' && restart !== 'NotRequired') {
      errors.push(invalid(path, restart, "must be 'NotRequired' when `restartPolicy` is 'Never'"));
    }
  }
}

function validateEntry(resource: string, amount: unknown, path: string, errors: FieldErrors): void {
  validateContainerResourceName(resource, path, errors);
  validateAmount(resource, amount, path, errors);
  if (isHugePages(resource) && !isWholePages(amount, resource.slice('hugepages-'.length))) {
    errors.push(
      invalid(
        path,
        quantityText(amount),
        `${quantityText(amount)} is not positive integer multiple of ${resource}`,
      ),
    );
  }
}

function compareWithLimit(
  resource: string,
  request: unknown,
  limits: Fields,
  path: string,
  errors: FieldErrors,
): void {
  const limit = limits[resource];
  if (limit === undefined) {
    if (!isOvercommitAllowed(resource)) {
      errors.push(required(`${path}.limits`, 'Limit must be set for non overcommitable resources'));
    }
    return;
  }
  const order = compareAmounts(request, limit);
  if (order !== 0 && !isOvercommitAllowed(resource)) {
    const rule = `must be equal to ${resource} limit of ${quantityText(limit)}`;
    errors.push(invalid(`${path}.requests`, quantityText(request), rule));
  } else if (order > 0) {
    const rule = `must be less than or equal to ${resource} limit of ${quantityText(limit)}`;
    errors.push(invalid(`${path}.requests`, quantityText(request), rule));
  }
}

function validateClaims(
  claims: readonly Fields[],
  claimNames: ReadonlySet<string>,
  path: string,
  errors: FieldErrors,
): void {
  const seen = new Set<string>();
  claims.forEach((claim, index) => {
    const name = textOf(claim.name);
    if (name === '') errors.push(required(`${path}[${index}]`));
    else if (seen.has(name)) errors.push(duplicate(`${path}[${index}]`, name));
    else if (!claimNames.has(name)) errors.push(notFound(`${path}[${index}]`, name));
    seen.add(name);
  });
}
