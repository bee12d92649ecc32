import type { Client } from '../../api/client.ts';
import type { KindRef, KubeObject } from '../../api/meta.ts';
import { StatusError } from '../../api/status.ts';
import { describerOf } from './describer.ts';
import { eventLines } from './event-lines.ts';
import { annotationLines, labelLines } from './metadata-lines.ts';
import { endpointsText, slicesOf } from './service-endpoints.ts';

interface Backend {
  readonly service?: {
    readonly name: string;
    readonly port?: { readonly name?: string; readonly number?: number };
  };
  readonly resource?: { readonly apiGroup?: string | null; readonly kind: string; readonly name: string };
}

interface Ingress extends KubeObject {
  readonly spec?: {
    readonly ingressClassName?: string;
    readonly defaultBackend?: Backend;
    readonly tls?: readonly { readonly hosts?: readonly string[]; readonly secretName?: string }[];
    readonly rules?: readonly {
      readonly host?: string;
      readonly http?: { readonly paths: readonly { readonly path?: string; readonly backend: Backend }[] };
    }[];
  };
  readonly status?: {
    readonly loadBalancer?: {
      readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[];
    };
  };
}

interface Service extends KubeObject {
  readonly spec: { readonly ports?: readonly { readonly name?: string; readonly port: number }[] };
}

const SERVICE: KindRef<Service> = { group: '', version: 'v1', kind: 'Service' };

/** networking.k8s.io/v1 Ingress, with the endpoints behind each backend. */
export const describeIngress = describerOf<Ingress>(async (out, ingress, { client, now, events }) => {
  const { metadata, spec = {}, status } = ingress;
  const backendText = (backend: Backend | undefined): Promise<string> =>
    backend === undefined
      ? Promise.resolve('<default>')
      : describeBackend(client, metadata.namespace ?? '', backend);
  out.line(0, `Name:\t${metadata.name}`);
  labelLines(out, 'Labels', metadata.labels);
  out.line(0, `Namespace:\t${metadata.namespace}`);
  const addresses = (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname = '' }) => ip || hostname);
  out.line(0, `Address:\t${addresses.join(',')}`);
  out.line(0, `Ingress Class:\t${spec.ingressClassName ?? '<none>'}`);
  const whole = await backendText(spec.defaultBackend);
  out.line(0, `Default backend:\t${whole}`);
  if (spec.tls !== undefined && spec.tls.length > 0) out.line(0, 'TLS:');
  for (const { hosts = [], secretName = '' } of spec.tls ?? []) {
    out.line(1, `${secretName === '' ? 'SNI routes' : `${secretName} terminates`} ${hosts.join(',')}`);
  }
  out.line(0, 'Rules:');
  out.line(1, 'Host\tPath\tBackends');
  out.line(1, '----\t----\t--------');
  const rules = (spec.rules ?? []).filter(({ http }) => http !== undefined);
  for (const { host, http } of rules) {
    out.line(1, `${host || '*'}\t`);
    for (const { path = '', backend } of http?.paths ?? []) {
      out.line(2, `\t${path} \t${await backendText(backend)}`);
    }
  }
  if (rules.length === 0) out.line(1, `*\t*\t${whole}`);
  annotationLines(out, 'Annotations', metadata.annotations);
  if (events !== undefined) eventLines(out, events, now);
});

async function describeBackend(client: Client, namespace: string, backend: Backend): Promise<string> {
  const { service, resource } = backend;
  if (service === undefined) {
    if (resource === undefined) return '';
    const { apiGroup, kind, name } = resource;
    return `APIGroup: ${apiGroup ?? '<none>'}, Kind: ${kind}, Name: ${name}`;
  }
  const { name, port = {} } = service;
  const text = `${name}:${port.number ? port.number : (port.name ?? '')}`;
  try {
    const { spec } = await client.get(SERVICE, { namespace, name });
    const target = spec.ports?.findLast((one) => one.port === port.number || (one.name ?? '') === port.name);
    return `${text} (${endpointsText(await slicesOf(client, namespace, name), target?.name ?? '')})`;
  } catch (error) {
    if (error instanceof StatusError) return `${text} (<error: ${error.message}>)`;
    throw error;
  }
}

interface IngressClass extends KubeObject {
  readonly spec?: {
    readonly controller?: string;
    readonly parameters?: {
      readonly apiGroup?: string | null;
      readonly kind: string;
      readonly name: string;
    };
  };
}

/** networking.k8s.io/v1 IngressClass. */
export const describeIngressClass = describerOf<IngressClass>((out, { metadata, spec }, { now, events }) => {
  out.line(0, `Name:\t${metadata.name}`);
  labelLines(out, 'Labels', metadata.labels);
  annotationLines(out, 'Annotations', metadata.annotations);
  out.line(0, `Controller:\t${spec?.controller ?? ''}`);
  const parameters = spec?.parameters;
  if (parameters !== undefined) {
    const { apiGroup, kind, name } = parameters;
    out.line(0, 'Parameters:');
    if (apiGroup !== undefined && apiGroup !== null) out.line(1, `APIGroup:\t${apiGroup}`);
    out.line(1, `Kind:\t${kind}`);
    out.line(1, `Name:\t${name}`);
  }
  if (events !== undefined) eventLines(out, events, now);
});
