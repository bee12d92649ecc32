import type { Client } from '../../api/client.ts';
import type { KindRef, KubeObject } from '../../api/meta.ts';

/** discovery.k8s.io/v1 EndpointSlice. */
export interface EndpointSlice extends KubeObject {
  readonly addressType: string;
  readonly ports?:
    | null
    | readonly {
        readonly name?: string | null;
        readonly port?: number | null;
        readonly protocol?: string | null;
      }[];
  readonly endpoints?:
    | null
    | readonly {
        readonly addresses: readonly string[];
        readonly conditions?: { readonly ready?: boolean | null };
        readonly hostname?: string;
        readonly nodeName?: string;
        readonly zone?: string;
        readonly targetRef?: { readonly kind?: string; readonly name?: string };
      }[];
}

const ENDPOINT_SLICE: KindRef<EndpointSlice> = {
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
};

/** Endpoints that are printed; the others are counted. */
const SHOWN = 3;

/** The endpoint slices of a service. */
export async function slicesOf(
  client: Client,
  namespace: string,
  service: string,
): Promise<readonly EndpointSlice[]> {
  const labelSelector = `kubernetes.io/service-name=${service}`;
  return (await client.list(ENDPOINT_SLICE, { namespace, labelSelector })).items;
}

/** Where the ready endpoints of a service's port listen: `10.1.0.1:80,10.1.0.2:80`, at most three of them. */
export function endpointsText(slices: readonly EndpointSlice[], portName: string): string {
  if (slices.length === 0) return '<none>';
  const all = slices.flatMap(({ ports, endpoints }) => {
    const ready = (endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false);
    // Headless services may have no ports.
    if (ports === null || ports === undefined || ports.length === 0)
      return ready.map(({ addresses }) => addresses[0] ?? '');
    return ports
      .filter(({ name }) => (name ?? '') === portName)
      .flatMap(({ port }) => ready.map(({ addresses }) => joined(addresses[0] ?? '', port ?? 0)));
  });
  const shown = all.slice(0, SHOWN).join(',');
  return all.length > SHOWN ? `${shown} + ${all.length - SHOWN} more...` : shown;
}

const joined = (host: string, port: number): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
