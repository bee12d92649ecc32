import { ageOf, nameOf } from './cell-text.ts';
import { type Printed, tableKind } from './table.ts';

interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

interface Binding extends Printed {
  readonly roleRef?: { readonly kind: string; readonly name: string };
  readonly subjects?: readonly Subject[];
}

/** rbac.authorization.k8s.io RoleBinding and ClusterRoleBinding. */
export const bindingTable = tableKind<Binding>(
  ['Name', 'Role', 'Age', '+Users', '+Groups', '+ServiceAccounts'],
  (binding, now) => {
    const named = (kind: string) => (binding.subjects ?? []).filter((subject) => subject.kind === kind);
    return [
      nameOf(binding),
      binding.roleRef === undefined ? '' : `${binding.roleRef.kind}/${binding.roleRef.name}`,
      ageOf(binding, now),
      named('User')
        .map(({ name }) => name)
        .join(', '),
      named('Group')
        .map(({ name }) => name)
        .join(', '),
      named('ServiceAccount')
        .map(({ namespace, name }) => `${namespace ?? ''}/${name}`)
        .join(', '),
    ];
  },
);

interface CertificateSigningRequest extends Printed {
  readonly spec?: {
    readonly signerName?: string;
    readonly username?: string;
    readonly expirationSeconds?: number;
  };
  readonly status?: {
    readonly certificate?: string;
    readonly conditions?: readonly { readonly type: string }[];
  };
}

/** certificates.k8s.io CertificateSigningRequest. */
export const certificateSigningRequestTable = tableKind<CertificateSigningRequest>(
  ['Name', 'Age', 'SignerName', 'Requestor', 'RequestedDuration', 'Condition'],
  (request, now) => [
    nameOf(request),
    ageOf(request, now),
    request.spec?.signerName || '<none>',
    request.spec?.username ?? '',
    requestedDuration(request.spec?.expirationSeconds),
    requestCondition(request),
  ],
);

function requestedDuration(seconds: number | undefined): string {
  if (seconds === undefined) return '<none>';
  const day = 24 * 3600;
  if (seconds >= day * 365 && seconds % (day * 365) === 0) return `${seconds / (day * 365)}y`;
  if (seconds >= day) return `${Math.floor(seconds / day)}d`;
  return seconds >= 3600 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 60)}m`;
}

function requestCondition({ status }: CertificateSigningRequest): string {
  const types = status?.conditions?.map(({ type }) => type) ?? [];
  const words = types.includes('Denied')
    ? ['Denied']
    : types.includes('Approved')
      ? ['Approved']
      : types.length === 0
        ? ['Pending']
        : [];
  if (types.includes('Failed')) words.push('Failed');
  if (status?.certificate) words.push('Issued');
  return words.join(',');
}

interface Lease extends Printed {
  readonly spec?: { readonly holderIdentity?: string };
}

/** coordination.k8s.io Lease. */
export const leaseTable = tableKind<Lease>(['Name', 'Holder', 'Age'], (lease, now) => [
  nameOf(lease),
  lease.spec?.holderIdentity ?? '',
  ageOf(lease, now),
]);

interface PriorityClass extends Printed {
  readonly value?: number;
  readonly globalDefault?: boolean;
  readonly preemptionPolicy?: string;
}

/** scheduling.k8s.io PriorityClass. */
export const priorityClassTable = tableKind<PriorityClass>(
  ['Name', '#Value', 'Global-Default', 'Age', '+PreemptionPolicy'],
  (priorityClass, now) => [
    nameOf(priorityClass),
    priorityClass.value ?? 0,
    priorityClass.globalDefault ?? false,
    ageOf(priorityClass, now),
    priorityClass.preemptionPolicy ?? '',
  ],
);

interface WebhookConfiguration extends Printed {
  readonly webhooks?: readonly unknown[];
}

/** admissionregistration.k8s.io MutatingWebhookConfiguration and ValidatingWebhookConfiguration. */
export const webhookTable = tableKind<WebhookConfiguration>(
  ['Name', '#Webhooks', 'Age'],
  (configuration, now) => [
    nameOf(configuration),
    configuration.webhooks?.length ?? 0,
    ageOf(configuration, now),
  ],
);

interface AdmissionPolicy extends Printed {
  readonly spec?: {
    readonly validations?: readonly unknown[];
    readonly mutations?: readonly unknown[];
    readonly paramKind?: { readonly apiVersion: string; readonly kind: string };
  };
}

function paramKind({ spec }: AdmissionPolicy): string {
  return spec?.paramKind === undefined ? '<unset>' : `${spec.paramKind.apiVersion}/${spec.paramKind.kind}`;
}

/** admissionregistration.k8s.io ValidatingAdmissionPolicy. */
export const validatingPolicyTable = tableKind<AdmissionPolicy>(
  ['Name', '#Validations', 'ParamKind', 'Age'],
  (policy, now) => [
    nameOf(policy),
    policy.spec?.validations?.length ?? 0,
    paramKind(policy),
    ageOf(policy, now),
  ],
);

/** admissionregistration.k8s.io MutatingAdmissionPolicy. */
export const mutatingPolicyTable = tableKind<AdmissionPolicy>(
  ['Name', '#Mutations', 'ParamKind', 'Age'],
  (policy, now) => [
    nameOf(policy),
    policy.spec?.mutations?.length ?? 0,
    paramKind(policy),
    ageOf(policy, now),
  ],
);

interface PolicyBinding extends Printed {
  readonly spec?: {
    readonly policyName?: string;
    readonly paramRef?: {
      readonly name?: string;
      readonly namespace?: string;
      readonly selector?: unknown;
    };
  };
}

/** admissionregistration.k8s.io ValidatingAdmissionPolicyBinding and MutatingAdmissionPolicyBinding. */
export const policyBindingTable = tableKind<PolicyBinding>(
  ['Name', 'PolicyName', 'ParamRef', 'Age'],
  (binding, now) => {
    const reference = binding.spec?.paramRef;
    const place = reference?.namespace ? `${reference.namespace}/` : '*/';
    const text = reference?.name ? `${place}${reference.name}` : `${place}<selector>`;
    return [
      nameOf(binding),
      binding.spec?.policyName ?? '',
      reference === undefined ? '<unset>' : text,
      ageOf(binding, now),
    ];
  },
);
