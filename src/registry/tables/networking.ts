import type { LabelSelector } from '../../api/meta.ts';
import { formatLabelSelector, formatLabels } from '../../domain/selectors/labels.ts';
import { ageOf, firstThree, joined, NONE, nameOf, UNKNOWN, UNSET } from './cell-text.ts';
import { type Printed, tableKind } from './table.ts';

interface Ingresses {
  readonly loadBalancer?: {
    readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[];
  };
}

/** Addresses of a load balancer: IPs, or host names where there is no IP; sorted, without doubles. */
function loadBalancerAddresses(status: Ingresses | undefined): readonly string[] {
  const ingress = status?.loadBalancer?.ingress ?? [];
  return [...new Set(ingress.map((entry) => entry.ip || entry.hostname || ''))]
    .filter((text) => text !== '')
    .sort();
}

interface Service extends Printed {
  readonly spec?: {
    readonly type?: string;
    readonly clusterIP?: string;
    readonly clusterIPs?: readonly string[];
    readonly externalIPs?: readonly string[];
    readonly externalName?: string;
    readonly selector?: Readonly<Record<string, string>>;
    readonly ports?: readonly {
      readonly port: number;
      readonly nodePort?: number;
      readonly protocol?: string;
    }[];
  };
  readonly status?: Ingresses;
}

/** v1 Service. */
export const serviceTable = tableKind<Service>(
  ['Name', 'Type', 'Cluster-IP', 'External-IP', 'Port(s)', 'Age', '+Selector'],
  (service, now) => [
    nameOf(service),
    service.spec?.type ?? '',
    service.spec?.clusterIPs?.[0] || service.spec?.clusterIP || NONE,
    externalIp(service),
    joined(service.spec?.ports?.map(servicePort)),
    ageOf(service, now),
    formatLabels(service.spec?.selector),
  ],
);

function servicePort(port: {
  readonly port: number;
  readonly nodePort?: number;
  readonly protocol?: string;
}): string {
  const node = port.nodePort ? `:${port.nodePort}` : '';
  return `${port.port}${node}/${port.protocol ?? 'TCP'}`;
}

function externalIp({ spec, status }: Service): string {
  switch (spec?.type) {
    case 'ClusterIP':
    case 'NodePort':
      return joined(spec.externalIPs);
    case 'ExternalName':
      return spec.externalName ?? '';
    case 'LoadBalancer': {
      const addresses = [...loadBalancerAddresses(status), ...(spec.externalIPs ?? [])];
      return addresses.length > 0 ? addresses.join(',') : '<pending>';
    }
    default:
      return UNKNOWN;
  }
}

interface Endpoints extends Printed {
  readonly subsets?: readonly {
    readonly addresses?: readonly { readonly ip: string }[];
    readonly ports?: readonly { readonly port: number }[];
  }[];
}

/** v1 Endpoints. */
export const endpointsTable = tableKind<Endpoints>(['Name', 'Endpoints', 'Age'], (endpoints, now) => {
  const pairs = (endpoints.subsets ?? []).flatMap(({ addresses = [], ports = [] }) =>
    ports.length === 0
      ? addresses.map(({ ip }) => hostPort(ip))
      : ports.flatMap(({ port }) => addresses.map(({ ip }) => hostPort(ip, port))),
  );
  return [nameOf(endpoints), firstThree(pairs, NONE), ageOf(endpoints, now)];
});

function hostPort(ip: string, port?: number): string {
  if (port === undefined) return ip;
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
}

interface EndpointSlice extends Printed {
  readonly addressType?: string;
  readonly ports?: readonly { readonly port?: number }[];
  readonly endpoints?: readonly { readonly addresses?: readonly string[] }[];
}

/** discovery.k8s.io EndpointSlice. */
export const endpointSliceTable = tableKind<EndpointSlice>(
  ['Name', 'AddressType', 'Ports', 'Endpoints', 'Age'],
  (slice, now) => [
    nameOf(slice),
    slice.addressType ?? '',
    firstThree(
      (slice.ports ?? []).map(({ port }) => (port === undefined ? '*' : String(port))),
      UNSET,
    ),
    firstThree(
      (slice.endpoints ?? []).flatMap(({ addresses = [] }) => addresses),
      UNSET,
    ),
    ageOf(slice, now),
  ],
);

interface Ingress extends Printed {
  readonly spec?: {
    readonly ingressClassName?: string;
    readonly tls?: readonly unknown[];
    readonly rules?: readonly { readonly host?: string }[];
  };
  readonly status?: Ingresses;
}

/** networking.k8s.io Ingress. */
export const ingressTable = tableKind<Ingress>(
  ['Name', 'Class', 'Hosts', 'Address', 'Ports', 'Age'],
  (ingress, now) => [
    nameOf(ingress),
    ingress.spec?.ingressClassName ?? NONE,
    firstThree(
      (ingress.spec?.rules ?? []).flatMap(({ host }) => host || []),
      '*',
    ),
    loadBalancerAddresses(ingress.status).join(','),
    (ingress.spec?.tls ?? []).length > 0 ? '80, 443' : '80',
    ageOf(ingress, now),
  ],
);

interface IngressClass extends Printed {
  readonly spec?: {
    readonly controller?: string;
    readonly parameters?: { readonly apiGroup?: string; readonly kind: string; readonly name: string };
  };
}

/** networking.k8s.io IngressClass. */
export const ingressClassTable = tableKind<IngressClass>(
  ['Name', 'Controller', 'Parameters', 'Age'],
  (ingressClass, now) => {
    const parameters = ingressClass.spec?.parameters;
    const group = parameters?.apiGroup === undefined ? '' : `.${parameters.apiGroup}`;
    return [
      nameOf(ingressClass),
      ingressClass.spec?.controller ?? '',
      parameters === undefined ? NONE : `${parameters.kind}${group}/${parameters.name}`,
      ageOf(ingressClass, now),
    ];
  },
);

/** networking.k8s.io NetworkPolicy. */
export const networkPolicyTable = tableKind<
  Printed & { readonly spec?: { readonly podSelector?: LabelSelector } }
>(['Name', 'Pod-Selector', 'Age'], (policy, now) => [
  nameOf(policy),
  formatLabelSelector(policy.spec?.podSelector),
  ageOf(policy, now),
]);

/** networking.k8s.io ServiceCIDR. */
export const serviceCidrTable = tableKind<
  Printed & { readonly spec?: { readonly cidrs?: readonly string[] } }
>(['Name', 'CIDRs', 'Age'], (object, now) => [
  nameOf(object),
  (object.spec?.cidrs ?? []).join(','),
  ageOf(object, now),
]);

interface IpAddress extends Printed {
  readonly spec?: {
    readonly parentRef?: {
      readonly group?: string;
      readonly resource?: string;
      readonly namespace?: string;
      readonly name?: string;
    };
  };
}

/** networking.k8s.io IPAddress. */
export const ipAddressTable = tableKind<IpAddress>(['Name', 'ParentRef'], (object) => {
  const parent = object.spec?.parentRef;
  const parts = [parent?.group, parent?.resource, parent?.namespace, parent?.name].filter((part) => part);
  return [nameOf(object), parent === undefined ? NONE : parts.join('/')];
});
