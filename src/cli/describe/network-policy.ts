import type { KubeObject, LabelSelector } from '../../api/meta.ts';
import { formatLabelSelector } from '../../domain/selectors/labels.ts';
import { describerOf } from './describer.ts';
import { annotationLines, labelLines } from './metadata-lines.ts';
import type { TabbedText } from './tabbed-text.ts';

interface Port {
  readonly port?: number | string;
  readonly endPort?: number;
  readonly protocol?: string;
}

interface Peer {
  readonly podSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

/** What one rule lets through, in one direction. */
interface Rule {
  readonly ports?: readonly Port[];
  readonly peers?: readonly Peer[];
}

interface NetworkPolicy extends KubeObject {
  readonly spec: {
    readonly podSelector?: LabelSelector;
    readonly policyTypes?: readonly string[];
    readonly ingress?: readonly { readonly ports?: readonly Port[]; readonly from?: readonly Peer[] }[];
    readonly egress?: readonly { readonly ports?: readonly Port[]; readonly to?: readonly Peer[] }[];
  };
}

/** The words of one direction. */
interface Direction {
  readonly type: 'Ingress' | 'Egress';
  readonly peer: 'From' | 'To';
  /** What peers are called where there is no restriction. */
  readonly side: 'source' | 'destination';
}

const IN: Direction = { type: 'Ingress', peer: 'From', side: 'source' };
const OUT: Direction = { type: 'Egress', peer: 'To', side: 'destination' };

/** networking.k8s.io/v1 NetworkPolicy. */
export const describeNetworkPolicy = describerOf<NetworkPolicy>((out, { metadata, spec }) => {
  out.line(0, `Name:\t${metadata.name}`);
  out.line(0, `Namespace:\t${metadata.namespace}`);
  const created = (metadata.creationTimestamp ?? '').replace('T', ' ').replace('Z', ' +0000 UTC');
  out.line(0, `Created on:\t${created}`);
  labelLines(out, 'Labels', metadata.labels);
  annotationLines(out, 'Annotations', metadata.annotations);
  out.line(0, 'Spec:');
  const { podSelector = {}, policyTypes = [], ingress = [], egress = [] } = spec;
  const isAll = [podSelector.matchLabels ?? {}, podSelector.matchExpressions ?? []].every(
    (part) => Object.keys(part).length === 0,
  );
  const all = '<none> (Allowing the specific traffic to all pods in this namespace)';
  out.line(1, `PodSelector:     ${isAll ? all : formatLabelSelector(podSelector)}`);
  const incoming = ingress.map(({ ports, from }) => ruleOf(ports, from));
  const outgoing = egress.map(({ ports, to }) => ruleOf(ports, to));
  directionLines(out, IN, policyTypes.includes('Ingress') ? incoming : undefined);
  directionLines(out, OUT, policyTypes.includes('Egress') ? outgoing : undefined);
  out.line(1, `Policy Types: ${policyTypes.join(', ')}`);
});

const ruleOf = (ports: readonly Port[] = [], peers: readonly Peer[] = []): Required<Rule> => ({
  ports,
  peers,
});

/** `rules`: undefined where the policy has nothing to say of this direction. */
function directionLines(
  out: TabbedText,
  { type, peer, side }: Direction,
  rules: readonly Required<Rule>[] | undefined,
): void {
  const word = type.toLowerCase();
  if (rules === undefined) {
    out.line(1, `Not affecting ${word} traffic`);
    return;
  }
  out.line(1, `Allowing ${word} traffic:`);
  if (rules.length === 0) out.line(2, `<none> (Selected pods are isolated for ${word} connectivity)`);
  for (const [at, { ports, peers }] of rules.entries()) {
    if (at > 0) out.line(2, '----------');
    if (ports.length === 0) out.line(2, 'To Port: <any> (traffic allowed to all ports)');
    for (const one of ports) out.line(2, portText(one));
    if (peers.length === 0) out.line(2, `${peer}: <any> (traffic not restricted by ${side})`);
    for (const one of peers) {
      out.line(2, `${peer}:`);
      peerLines(out, one);
    }
  }
}

function portText({ port = '', endPort, protocol = 'TCP' }: Port): string {
  return endPort === undefined
    ? `To Port: ${port}/${protocol}`
    : `To Port Range: ${port}-${endPort}/${protocol}`;
}

function peerLines(out: TabbedText, { podSelector, namespaceSelector, ipBlock }: Peer): void {
  if (namespaceSelector !== undefined) {
    out.line(3, `NamespaceSelector: ${formatLabelSelector(namespaceSelector)}`);
  }
  if (podSelector !== undefined) out.line(3, `PodSelector: ${formatLabelSelector(podSelector)}`);
  if (ipBlock !== undefined) {
    out.line(3, 'IPBlock:');
    out.line(4, `CIDR: ${ipBlock.cidr}`);
    out.line(4, `Except: ${(ipBlock.except ?? []).join(', ')}`);
  }
}
