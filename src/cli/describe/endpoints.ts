import type { KubeObject } from '../../api/meta.ts';
import { describerOf } from './describer.ts';
import { eventLines } from './event-lines.ts';
import { annotationLines, labelLines } from './metadata-lines.ts';
import type { EndpointSlice } from './service-endpoints.ts';
import type { TabbedText } from './tabbed-text.ts';

interface Port {
  readonly name?: string | null;
  readonly port?: number | null;
  readonly protocol?: string | null;
}

interface Endpoints extends KubeObject {
  readonly subsets?: readonly {
    readonly addresses?: readonly { readonly ip: string }[];
    readonly notReadyAddresses?: readonly { readonly ip: string }[];
    readonly ports?: readonly Port[];
  }[];
}

function headLines(out: TabbedText, { metadata }: KubeObject): void {
  out.line(0, `Name:\t${metadata.name}`);
  out.line(0, `Namespace:\t${metadata.namespace}`);
  labelLines(out, 'Labels', metadata.labels);
  annotationLines(out, 'Annotations', metadata.annotations);
}

function portLines(out: TabbedText, level: number, ports: readonly Port[]): void {
  out.line(level, 'Name\tPort\tProtocol');
  out.line(level, '----\t----\t--------');
  for (const { name, port, protocol } of ports) {
    out.line(level, `${name || '<unset>'}\t${port ?? '<unset>'}\t${protocol ?? ''}`);
  }
}

/** v1 Endpoints. */
export const describeEndpoints = describerOf<Endpoints>((out, endpoints, { now, events }) => {
  headLines(out, endpoints);
  out.line(0, 'Subsets:');
  const texts = (addresses: readonly { readonly ip: string }[] = []): string =>
    addresses.length === 0 ? '<none>' : addresses.map(({ ip }) => ip).join(',');
  for (const { addresses, notReadyAddresses, ports = [] } of endpoints.subsets ?? []) {
    out.line(1, `Addresses:\t${texts(addresses)}`);
    out.line(1, `NotReadyAddresses:\t${texts(notReadyAddresses)}`);
    if (ports.length > 0) {
      out.line(1, 'Ports:');
      portLines(out, 2, ports);
    }
    out.raw('\n');
  }
  if (events !== undefined) eventLines(out, events, now);
});

/** discovery.k8s.io/v1 EndpointSlice. */
export const describeEndpointSlice = describerOf<EndpointSlice>((out, slice, { now, events }) => {
  const { addressType } = slice;
  const [ports, endpoints] = [slice.ports ?? [], slice.endpoints ?? []];
  headLines(out, slice);
  out.line(0, `AddressType:\t${addressType}`);
  out.line(0, ports.length === 0 ? 'Ports: <unset>' : 'Ports:');
  if (ports.length > 0) portLines(out, 1, ports);
  out.line(0, endpoints.length === 0 ? 'Endpoints: <none>' : 'Endpoints:');
  for (const { addresses, conditions, hostname, nodeName, zone, targetRef } of endpoints) {
    out.line(1, `- Addresses:\t${addresses.join(', ')}`);
    out.line(2, 'Conditions:');
    out.line(3, `Ready:\t${conditions?.ready ?? '<unset>'}`);
    out.line(2, `Hostname:\t${hostname ?? '<unset>'}`);
    if (targetRef !== undefined) out.line(2, `TargetRef:\t${targetRef.kind ?? ''}/${targetRef.name ?? ''}`);
    out.line(2, `NodeName:\t${nodeName ?? '<unset>'}`);
    out.line(2, `Zone:\t${zone ?? '<unset>'}`);
  }
  if (events !== undefined) eventLines(out, events, now);
});
