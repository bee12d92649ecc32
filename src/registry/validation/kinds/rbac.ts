import { deepEqual } from '../../../domain/deep-equal.ts';
import { addInvalid, type FieldErrors, invalid, notSupported, required } from '../field-error.ts';
import { type Fields, fieldsList, fieldsOf, itemsOf, optionalFields, textOf } from '../json-fields.ts';
import type { KindRules } from '../kind-rules.ts';
import { labelSelectorOf, validateLabelSelector } from '../label-selector.ts';
import { dnsSubdomain, pathSegment } from '../name-rules.ts';

const GROUP = 'rbac.authorization.k8s.io';

/** rbac.authorization.k8s.io/v1 Role. */
export const roleRules: KindRules = {
  nameRule: pathSegment,
  create(role, errors) {
    validateRules(role, true, errors);
  },
};

/** rbac.authorization.k8s.io/v1 ClusterRole. */
export const clusterRoleRules: KindRules = {
  nameRule: pathSegment,
  create(role, errors) {
    validateRules(role, false, errors);
    const aggregation = optionalFields(role.aggregationRule);
    if (aggregation === undefined) return;
    const selectors = itemsOf(aggregation.clusterRoleSelectors);
    const path = 'aggregationRule.clusterRoleSelectors';
    if (selectors.length === 0) {
      errors.push(required(path, 'at least one clusterRoleSelector required if aggregationRule is non-nil'));
    }
    selectors.forEach((selector, index) => {
      validateLabelSelector(labelSelectorOf(selector), `${path}[${index}]`, errors);
    });
  },
};

/** rbac.authorization.k8s.io/v1 RoleBinding: binds roles of its namespace and cluster roles. */
export const roleBindingRules: KindRules = bindingRules(['Role', 'ClusterRole'], true);
/** rbac.authorization.k8s.io/v1 ClusterRoleBinding: binds cluster roles only. */
export const clusterRoleBindingRules: KindRules = bindingRules(['ClusterRole'], false);

function bindingRules(roleKinds: readonly string[], namespaced: boolean): KindRules {
  const validate = (binding: Fields, errors: FieldErrors): void => {
    validateRoleRef(fieldsOf(binding.roleRef), roleKinds, errors);
    fieldsList(binding.subjects).forEach((subject, index) => {
      validateSubject(subject, namespaced, `subjects[${index}]`, errors);
    });
  };
  return {
    nameRule: pathSegment,
    create: validate,
    update(next, previous, errors) {
      validate(next, errors);
      if (!deepEqual(next.roleRef, previous.roleRef)) {
        errors.push(invalid('roleRef', shownRoleRef(fieldsOf(next.roleRef)), 'cannot change roleRef'));
      }
    },
  };
}

function validateRoleRef(roleRef: Fields, roleKinds: readonly string[], errors: FieldErrors): void {
  const group = textOf(roleRef.apiGroup);
  const kind = textOf(roleRef.kind);
  const name = textOf(roleRef.name);
  if (group !== GROUP) errors.push(notSupported('roleRef.apiGroup', group, [GROUP]));
  if (!roleKinds.includes(kind)) errors.push(notSupported('roleRef.kind', kind, roleKinds));
  if (name === '') errors.push(required('roleRef.name'));
  else addInvalid(errors, 'roleRef.name', name, pathSegment(name));
}

function validateSubject(subject: Fields, namespaced: boolean, path: string, errors: FieldErrors): void {
  const name = textOf(subject.name);
  const kind = textOf(subject.kind);
  const group = textOf(subject.apiGroup);
  if (name === '') errors.push(required(`${path}.name`));
  if (kind === 'ServiceAccount') {
    if (name !== '') addInvalid(errors, `${path}.name`, name, dnsSubdomain(name));
    if (group !== '') errors.push(notSupported(`${path}.apiGroup`, group, ['']));
    if (!namespaced && textOf(subject.namespace) === '') errors.push(required(`${path}.namespace`));
  } else if (kind === 'User' || kind === 'Group') {
    if (group !== GROUP) errors.push(notSupported(`${path}.apiGroup`, group, [GROUP]));
  } else errors.push(notSupported(`${path}.kind`, kind, ['ServiceAccount', 'User', 'Group']));
}

function validateRules(role: Fields, namespaced: boolean, errors: FieldErrors): void {
  fieldsList(role.rules).forEach((rule, index) => {
    const path = `rules[${index}]`;
    const urls = itemsOf(rule.nonResourceURLs);
    const groups = itemsOf(rule.apiGroups);
    const resources = itemsOf(rule.resources);
    if (itemsOf(rule.verbs).length === 0)
      errors.push(required(`${path}.verbs`, 'verbs must contain at least one value'));
    if (urls.length > 0) {
      if (namespaced) {
        errors.push(
          invalid(`${path}.nonResourceURLs`, urls, 'namespaced rules cannot apply to non-resource URLs'),
        );
      }
      if (groups.length > 0 || resources.length > 0 || itemsOf(rule.resourceNames).length > 0) {
        const problem = 'rules cannot apply to both regular resources and non-resource URLs';
        errors.push(invalid(`${path}.nonResourceURLs`, urls, problem));
      }
      return;
    }
    if (groups.length === 0) {
      errors.push(required(`${path}.apiGroups`, 'resource rules must supply at least one api group'));
    }
    if (resources.length === 0) {
      errors.push(required(`${path}.resources`, 'resource rules must supply at least one resource'));
    }
  });
}

function shownRoleRef(roleRef: Fields): unknown {
  return {
    APIGroup: textOf(roleRef.apiGroup),
    Kind: textOf(roleRef.kind),
    Name: textOf(roleRef.name),
  };
}
