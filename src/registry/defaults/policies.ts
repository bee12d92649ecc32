import {
  along,
  asFields,
  each,
  ensure,
  type Fields,
  type Filler,
  fill,
  fillBlank,
  isEmpty,
  withField,
  within,
} from './filling.ts';

const RBAC = 'rbac.authorization.k8s.io';

const fillSubject: Filler = (subject) =>
  subject.kind === 'User' || subject.kind === 'Group' ? fillBlank(subject, { apiGroup: RBAC }) : subject;

/** rbac RoleBinding and ClusterRoleBinding. */
export const fillRoleBinding: Filler = (object) =>
  each(
    within(object, 'roleRef', (ref) => fillBlank(ref, { apiGroup: RBAC })),
    'subjects',
    fillSubject,
  );

const fillPolicyPort: Filler = (port) => fill(port, { protocol: 'TCP' });

/** networking NetworkPolicy. */
export const fillNetworkPolicy: Filler = (object) =>
  ensure(object, 'spec', (given) => {
    const spec = along(
      along(given, ['ingress[]', 'ports[]'], fillPolicyPort),
      ['egress[]', 'ports[]'],
      fillPolicyPort,
    );
    if (!isEmpty(spec.policyTypes)) return spec;
    return { ...spec, policyTypes: isEmpty(spec.egress) ? ['Ingress'] : ['Ingress', 'Egress'] };
  });

/** networking IngressClass. */
export const fillIngressClass: Filler = (object) =>
  along(object, ['spec', 'parameters'], (parameters) => fill(parameters, { scope: 'Cluster' }));

/** discovery EndpointSlice. */
export const fillEndpointSlice: Filler = (object) =>
  each(object, 'ports', (port) => fill(port, { name: '', protocol: 'TCP' }));

/** autoscaling/v1 HorizontalPodAutoscaler. */
export const fillAutoscalerV1: Filler = (object) =>
  ensure(object, 'spec', (spec) => fill(spec, { minReplicas: 1 }));

const PER_QUARTER_MINUTE = { periodSeconds: 15 };
const DOUBLE = { type: 'Percent', value: 100, ...PER_QUARTER_MINUTE };

const fillBehavior: Filler = (behavior) => {
  const up = ensure(behavior, 'scaleUp', (rules) =>
    fill(rules, {
      stabilizationWindowSeconds: 0,
      selectPolicy: 'Max',
      policies: [{ type: 'Pods', value: 4, ...PER_QUARTER_MINUTE }, DOUBLE],
    }),
  );
  return ensure(up, 'scaleDown', (rules) => fill(rules, { selectPolicy: 'Max', policies: [DOUBLE] }));
};

/** autoscaling/v2 HorizontalPodAutoscaler. */
export const fillAutoscaler: Filler = (object) =>
  ensure(object, 'spec', (given) => {
    const spec = within(fill(given, { minReplicas: 1 }), 'behavior', fillBehavior);
    if (!isEmpty(spec.metrics)) return spec;
    const target = { type: 'Utilization', averageUtilization: 80 };
    return { ...spec, metrics: [{ type: 'Resource', resource: { name: 'cpu', target } }] };
  });

/** scheduling PriorityClass. */
export const fillPriorityClass: Filler = (object) =>
  fill(object, { preemptionPolicy: 'PreemptLowerPriority' });

/** storage StorageClass. */
export const fillStorageClass: Filler = (object) =>
  fill(object, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' });

/** storage CSIDriver. */
export const fillCsiDriver: Filler = (object) =>
  ensure(object, 'spec', (given) => {
    const spec = fill(given, {
      attachRequired: true,
      podInfoOnMount: false,
      storageCapacity: false,
      fsGroupPolicy: 'ReadWriteOnceWithFSType',
      requiresRepublish: false,
      seLinuxMount: false,
    });
    return isEmpty(spec.volumeLifecycleModes) ? { ...spec, volumeLifecycleModes: ['Persistent'] } : spec;
  });

/** flowcontrol FlowSchema. */
export const fillFlowSchema: Filler = (object) =>
  ensure(object, 'spec', (spec) => (spec.matchingPrecedence ? spec : { ...spec, matchingPrecedence: 1000 }));

/** flowcontrol PriorityLevelConfiguration. */
export const fillPriorityLevel: Filler = (object) =>
  within(object, 'spec', (spec) =>
    within(
      within(spec, 'limited', (limited) =>
        fill(limited, { nominalConcurrencyShares: 30, lendablePercent: 0 }),
      ),
      'exempt',
      (exempt) => fill(exempt, { nominalConcurrencyShares: 0, lendablePercent: 0 }),
    ),
  );

const SELECT_ALL: Fields = { namespaceSelector: {}, objectSelector: {} };

const fillRule: Filler = (rule) => fill(rule, { scope: '*' });
const fillService: Filler = (service) => fill(service, { port: 443 });

function fillWebhook(webhook: Fields, more: Fields): Fields {
  const filled = fill(webhook, {
    failurePolicy: 'Fail',
    matchPolicy: 'Equivalent',
    ...SELECT_ALL,
    timeoutSeconds: 10,
    ...more,
  });
  return along(each(filled, 'rules', fillRule), ['clientConfig', 'service'], fillService);
}

/** admissionregistration ValidatingWebhookConfiguration. */
export const fillValidatingWebhooks: Filler = (object) =>
  each(object, 'webhooks', (hook) => fillWebhook(hook, {}));

/** admissionregistration MutatingWebhookConfiguration. */
export const fillMutatingWebhooks: Filler = (object) =>
  each(object, 'webhooks', (hook) => fillWebhook(hook, { reinvocationPolicy: 'Never' }));

const fillMatchResources: Filler = (match) => {
  const filled = fill(match, { matchPolicy: 'Equivalent', ...SELECT_ALL });
  return each(each(filled, 'resourceRules', fillRule), 'excludeResourceRules', fillRule);
};

/** admissionregistration ValidatingAdmissionPolicy and MutatingAdmissionPolicy. */
export const fillAdmissionPolicy: Filler = (object) =>
  ensure(object, 'spec', (spec) =>
    within(fill(spec, { failurePolicy: 'Fail' }), 'matchConstraints', fillMatchResources),
  );

/** Bindings of admission policies. */
export const fillAdmissionBinding: Filler = (object) =>
  along(object, ['spec', 'matchResources'], fillMatchResources);

/** apiextensions CustomResourceDefinition: the names that follow from the kind, and no conversion. */
export const fillCustomResourceDefinition: Filler = (object) =>
  ensure(object, 'spec', (given) => {
    const kind = String(asFields(given.names)?.kind ?? '');
    const spec = ensure(given, 'names', (names) =>
      kind === '' ? names : fill(names, { singular: kind.toLowerCase(), listKind: `${kind}List` }),
    );
    const converted =
      spec.conversion === undefined ? withField(spec, 'conversion', { strategy: 'None' }) : spec;
    return along(converted, ['conversion', 'webhook', 'clientConfig', 'service'], fillService);
  });

/** apiregistration APIService. */
export const fillApiService: Filler = (object) => along(object, ['spec', 'service'], fillService);

const fillDeviceToleration: Filler = (toleration) => fill(toleration, { operator: 'Equal' });

const fillDeviceRequest: Filler = (given) => {
  const request = each(fill(given, { allocationMode: 'ExactCount' }), 'tolerations', fillDeviceToleration);
  return request.allocationMode === 'ExactCount' ? fill(request, { count: 1 }) : request;
};

const fillDeviceClaimSpec: Filler = (spec) =>
  along(spec, ['devices', 'requests[]'], (request) =>
    each(within(request, 'exactly', fillDeviceRequest), 'firstAvailable', fillDeviceRequest),
  );

/** resource ResourceClaim. */
export const fillResourceClaim: Filler = (object) => within(object, 'spec', fillDeviceClaimSpec);

/** resource ResourceClaimTemplate. */
export const fillResourceClaimTemplate: Filler = (object) =>
  along(object, ['spec', 'spec'], fillDeviceClaimSpec);
