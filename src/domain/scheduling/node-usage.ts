import type { Pod } from '../../api/core.ts';
import { isPodTerminal } from '../conditions.ts';
import { type HostPort, hostPortsOf, isSameHostPort } from './host-ports.ts';
import { podRequests, type ResourceAmounts } from './resources.ts';

/** What the pods of a node take of it together. */
export interface NodeUsage {
  /** All pods, those that have ended included. */
  readonly pods: number;
  /** Pods that have not ended; only those take anything. */
  readonly active: number;
  readonly requests: ResourceAmounts;
  readonly hostPorts: readonly HostPort[];
}

/** A usage that pods come to and leave. */
export interface ChangingUsage extends NodeUsage {
  add(pod: Pod): void;
  /**
   * Takes off what `add` of the very same state of a pod put on. Answers false when that cannot be done exactly; then
   * the usage is of no more use, and has to be added up anew.
   */
  remove(pod: Pod): boolean;
}

/** What these pods take of their node. */
export function usageOf(pods: Iterable<Pod>): ChangingUsage {
  const usage = new Usage();
  for (const pod of pods) usage.add(pod);
  return usage;
}

/** Whether two states of a pod take the same of a node. */
export function takesTheSame(a: Pod, b: Pod): boolean {
  const same = a.spec === b.spec || (podRequests(a) === podRequests(b) && hostPortsOf(a) === hostPortsOf(b));
  return same && isPodTerminal(a) === isPodTerminal(b);
}

class Usage implements ChangingUsage {
  pods = 0;
  active = 0;
  readonly requests = new Map<string, number>();
  hostPorts: readonly HostPort[] = [];

  add(pod: Pod): void {
    this.pods += 1;
    if (isPodTerminal(pod)) return;
    this.active += 1;
    for (const [name, amount] of podRequests(pod)) {
      this.requests.set(name, (this.requests.get(name) ?? 0) + amount);
    }
    const ports = hostPortsOf(pod);
    if (ports.length > 0) this.hostPorts = [...this.hostPorts, ...ports];
  }

  remove(pod: Pod): boolean {
    this.pods -= 1;
    if (isPodTerminal(pod)) return true;
    this.active -= 1;
    let isExact = true;
    for (const [name, amount] of podRequests(pod)) {
      const taken = this.requests.get(name) ?? 0;
      // Beyond this, sums are rounded, and taking off does not undo putting on.
      if (!Number.isSafeInteger(taken)) isExact = false;
      this.requests.set(name, taken - amount);
    }
    for (const port of hostPortsOf(pod)) this.#release(port);
    return isExact;
  }

  #release(port: HostPort): void {
    const index = this.hostPorts.findIndex((other) => isSameHostPort(other, port));
    if (index >= 0) this.hostPorts = this.hostPorts.toSpliced(index, 1);
  }
}
