import type { KubeObject } from '../../api/meta.ts';
import { describerOf } from './describer.ts';
import { eventLines } from './event-lines.ts';
import { annotationLines, labelLines } from './metadata-lines.ts';
import { endpointsText, slicesOf } from './service-endpoints.ts';
import type { TabbedText } from './tabbed-text.ts';

interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly protocol?: string;
  readonly targetPort?: number | string;
  readonly nodePort?: number;
}

interface Service extends KubeObject {
  readonly spec: {
    readonly selector?: Readonly<Record<string, string>>;
    readonly type?: string;
    readonly ipFamilyPolicy?: string;
    readonly ipFamilies?: readonly string[];
    readonly clusterIP?: string;
    readonly clusterIPs?: readonly string[];
    readonly externalIPs?: readonly string[];
    readonly externalName?: string;
    readonly loadBalancerIP?: string;
    readonly ports?: readonly ServicePort[];
    readonly sessionAffinity?: string;
    readonly externalTrafficPolicy?: string;
    readonly internalTrafficPolicy?: string;
    readonly trafficDistribution?: string;
    readonly healthCheckNodePort?: number;
    readonly loadBalancerSourceRanges?: readonly string[];
  };
}

/** v1 Service, with what its endpoint slices say. */
export const describeService = describerOf<Service>(async (out, service, { client, now, events }) => {
  const { metadata, spec } = service;
  out.line(0, `Name:\t${metadata.name}`);
  out.line(0, `Namespace:\t${metadata.namespace}`);
  labelLines(out, 'Labels', metadata.labels);
  annotationLines(out, 'Annotations', metadata.annotations);
  labelLines(out, 'Selector', spec.selector);
  out.line(0, `Type:\t${spec.type ?? ''}`);
  if (spec.ipFamilyPolicy !== undefined) out.line(0, `IP Family Policy:\t${spec.ipFamilyPolicy}`);
  out.line(0, `IP Families:\t${spec.ipFamilies?.join(',') ?? '<none>'}`);
  out.line(0, `IP:\t${spec.clusterIP ?? ''}`);
  out.line(0, `IPs:\t${spec.clusterIPs?.join(',') ?? '<none>'}`);
  if (spec.externalIPs !== undefined) out.line(0, `External IPs:\t${spec.externalIPs.join(',')}`);
  if (spec.loadBalancerIP) out.line(0, `Desired LoadBalancer IP:\t${spec.loadBalancerIP}`);
  if (spec.externalName) out.line(0, `External Name:\t${spec.externalName}`);
  const slices = await slicesOf(client, metadata.namespace ?? '', metadata.name ?? '');
  for (const port of spec.ports ?? []) portLines(out, port, endpointsText(slices, port.name ?? ''));
  out.line(0, `Session Affinity:\t${spec.sessionAffinity ?? ''}`);
  if (spec.externalTrafficPolicy) out.line(0, `External Traffic Policy:\t${spec.externalTrafficPolicy}`);
  if (spec.internalTrafficPolicy) out.line(0, `Internal Traffic Policy:\t${spec.internalTrafficPolicy}`);
  if (spec.trafficDistribution) out.line(0, `Traffic Distribution:\t${spec.trafficDistribution}`);
  if (spec.healthCheckNodePort) out.line(0, `HealthCheck NodePort:\t${spec.healthCheckNodePort}`);
  const ranges = spec.loadBalancerSourceRanges ?? [];
  if (ranges.length > 0) out.line(0, `LoadBalancer Source Ranges:\t${ranges.join(',')}`);
  if (events !== undefined) eventLines(out, events, now);
});

function portLines(
  out: TabbedText,
  { name, port, protocol, targetPort, nodePort }: ServicePort,
  endpoints: string,
): void {
  const shown = name || '<unset>';
  out.line(0, `Port:\t${shown}\t${port}/${protocol ?? 'TCP'}`);
  out.line(0, `TargetPort:\t${targetPort ?? port}/${protocol ?? 'TCP'}`);
  if (nodePort) out.line(0, `NodePort:\t${shown}\t${nodePort}/${protocol ?? 'TCP'}`);
  out.line(0, `Endpoints:\t${endpoints}`);
}
