import type { KubeObject } from '../../api/meta.ts';
import { at, fieldOf, genericStrategy, withField } from './generic.ts';
import type { Strategy } from './strategy.ts';

const generic = genericStrategy({ generation: false, createOnUpdate: true });

type Spec = Readonly<Record<string, unknown>>;
type Port = Readonly<Record<string, unknown>>;

const NODE_PORTS = { first: 30_000, count: 2_768 };

/**
 * Services get what upstream's allocators hand out. There is no pool here: the cluster IP (10.96.0.0/12) and node ports
 * follow from the service's name, so the same manifest gets the same address in every store, and two services may get
 * the same one. Nothing routes to them.
 */
export const serviceStrategy: Strategy = {
  ...generic,
  prepareForCreate: (object, kind, context) => allocated(generic.prepareForCreate(object, kind, context)),
  prepareForUpdate: (next, previous, kind, context) =>
    allocated(inherited(generic.prepareForUpdate(next, previous, kind, context), previous)),
};

/** A PUT that leaves out what was allocated keeps it. */
function inherited(next: KubeObject, previous: KubeObject): KubeObject {
  const spec = specOf(next);
  const before = specOf(previous);
  if (needsAddress(spec) !== needsAddress(before)) return next;
  const kept = ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy']
    .filter((field) => spec[field] === undefined && before[field] !== undefined)
    .map((field) => [field, before[field]] as const);
  return withField(next, 'spec', {
    ...spec,
    ...Object.fromEntries(kept),
    ...(spec.ports === undefined ? {} : { ports: inheritedPorts(portsOf(spec), portsOf(before)) }),
  });
}

function inheritedPorts(next: readonly Port[], previous: readonly Port[]): readonly Port[] {
  return next.map((port) => {
    if (port.nodePort !== undefined) return port;
    const before = previous.find((one) => one.port === port.port && one.protocol === port.protocol);
    return before?.nodePort === undefined ? port : { ...port, nodePort: before.nodePort };
  });
}

function allocated(object: KubeObject): KubeObject {
  const spec = specOf(object);
  if (!needsAddress(spec)) return object;
  const seed = hash(`${object.metadata.namespace ?? ''}/${object.metadata.name ?? ''}`);
  const clusterIP = typeof spec.clusterIP === 'string' ? spec.clusterIP : addressOf(seed);
  return withField(object, 'spec', {
    ...spec,
    clusterIP,
    clusterIPs: spec.clusterIPs ?? [clusterIP],
    ipFamilies: spec.ipFamilies ?? ['IPv4'],
    ipFamilyPolicy: spec.ipFamilyPolicy ?? 'SingleStack',
    ...(needsNodePorts(spec) ? { ports: withNodePorts(portsOf(spec), seed) } : {}),
  });
}

function withNodePorts(ports: readonly Port[], seed: number): readonly Port[] {
  return ports.map((port, index) =>
    port.nodePort !== undefined
      ? port
      : { ...port, nodePort: NODE_PORTS.first + ((seed + index) % NODE_PORTS.count) },
  );
}

const needsAddress = (spec: Spec): boolean => spec.type !== 'ExternalName';
const needsNodePorts = (spec: Spec): boolean =>
  spec.type === 'NodePort' || (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false);

function specOf(object: KubeObject): Spec {
  const spec = fieldOf(object, 'spec');
  return typeof spec === 'object' && spec !== null ? (spec as Spec) : {};
}

function portsOf(spec: Spec): readonly Port[] {
  const ports = at(spec, 'ports');
  return Array.isArray(ports) ? ports : [];
}

/** 10.96.0.0/12 without its first and last addresses, which a real cluster keeps for itself. */
function addressOf(seed: number): string {
  const offset = 256 + (seed % (2 ** 20 - 512));
  return `10.${96 + (offset >>> 16)}.${(offset >>> 8) & 255}.${offset & 255}`;
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let sum = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    sum = Math.imul(sum ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return sum;
}
