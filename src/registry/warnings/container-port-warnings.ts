import { goQuote } from '../validation/go-text.ts';
import { type Fields, fieldsList, numberOf, textOf } from '../validation/json-fields.ts';

/** A container and its path. */
export interface PlacedContainer {
  readonly container: Fields;
  readonly path: string;
}

interface PlacedPort {
  readonly port: Fields;
  readonly path: string;
}

/** Warnings about ports of a pod that say the same thing twice, or contradict each other. */
export function portWarnings(containers: readonly PlacedContainer[]): readonly string[] {
  const warnings: string[] = [];
  const byNumber = new Map<string, PlacedPort[]>();
  for (const current of containers.flatMap(portsOf)) {
    const { port, path } = current;
    if (textOf(port.hostIP) !== '' && numberOf(port.hostPort) === 0) {
      warnings.push(`${path}: hostIP set without hostPort: ${goStruct(port)}`);
    }
    const key = `${numberOf(port.containerPort)}/${textOf(port.protocol)}`;
    const others = byNumber.get(key) ?? [];
    for (const other of others) {
      const clash = clashOf(port, other.port);
      if (clash !== undefined) warnings.push(`${path}: ${clash} port definition with ${other.path}`);
    }
    byNumber.set(key, [...others, current]);
  }
  return warnings;
}

/** Warnings about names of ports that several containers of a pod use; only the first can be meant. */
export function portNameWarnings(containers: readonly PlacedContainer[]): readonly string[] {
  const warnings: string[] = [];
  const byName = new Map<string, string>();
  for (const { port, path } of containers.flatMap(portsOf)) {
    const name = textOf(port.name);
    if (name === '') continue;
    const other = byName.get(name);
    if (other === undefined) byName.set(name, path);
    else {
      const effect = `services and probes that select ports by name will use ${other}`;
      warnings.push(`${path}: duplicate port name ${goQuote(name)} with ${other}, ${effect}`);
    }
  }
  return warnings;
}

function portsOf({ container, path }: PlacedContainer): readonly PlacedPort[] {
  return fieldsList(container.ports).map((port, index) => ({ port, path: `${path}.ports[${index}]` }));
}

function clashOf(port: Fields, other: Fields): string | undefined {
  const hostPort = numberOf(port.hostPort);
  const otherHostPort = numberOf(other.hostPort);
  const hostIp = textOf(port.hostIP);
  const otherHostIp = textOf(other.hostIP);
  if (hostIp === otherHostIp && hostPort === otherHostPort) return 'duplicate';
  if (hostPort === 0 || otherHostPort === 0) return 'overlapping';
  const oneIsOpen = (hostIp === '') !== (otherHostIp === '');
  return hostPort === otherHostPort && oneIsOpen ? 'dangerously ambiguous' : undefined;
}

/** A port as Go's `%+v` prints the struct. */
function goStruct(port: Fields): string {
  const parts = [
    `Name:${textOf(port.name)}`,
    `HostPort:${numberOf(port.hostPort)}`,
    `ContainerPort:${numberOf(port.containerPort)}`,
    `Protocol:${textOf(port.protocol)}`,
    `HostIP:${textOf(port.hostIP)}`,
  ];
  return `{${parts.join(' ')}}`;
}
