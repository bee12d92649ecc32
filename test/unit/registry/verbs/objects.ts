import type { WriteOutcome, WriteRequest } from '../../../../src/api/client.ts';
import type { KindRef, KubeObject } from '../../../../src/api/meta.ts';
import type { Status } from '../../../../src/api/status.ts';
import { type MemoryClient, memoryClient } from '../../../support/memory-client.ts';

export const CONFIG_MAP: KindRef = { group: '', version: 'v1', kind: 'ConfigMap' };

/** Any object, as a user would write it. */
export type Body = Readonly<Record<string, unknown>>;

/** A body as the client takes it: what it is made of is the registry's to judge. */
export function bodyOf(body: Body): KubeObject {
  return body as unknown as KubeObject;
}

export function configMap(
  name: string,
  data: Readonly<Record<string, string>> = {},
  metadata: Body = {},
): KubeObject {
  return bodyOf({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata }, data });
}

export function daemonSet(name: string, spec: Body = {}, metadata: Body = {}): KubeObject {
  return bodyOf({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name, ...metadata },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'main', image: 'registry.example/agent:1' }] },
      },
      ...spec,
    },
  });
}

export function pod(name: string, spec: Body = {}, metadata: Body = {}): KubeObject {
  return bodyOf({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, ...metadata },
    spec: { containers: [{ name: 'main', image: 'registry.example/agent:1' }], ...spec },
  });
}

/** A client and short ways to write with it. */
export interface Workbench extends MemoryClient {
  /** One request; its outcome. */
  write(request: WriteRequest): Promise<WriteOutcome>;
  /** One request that must succeed; the object. */
  written(request: WriteRequest): Promise<KubeObject>;
  /** One request that must be refused; the Status. */
  refused(request: WriteRequest): Promise<Status>;
}

export function workbench(): Workbench {
  const parts = memoryClient();
  const write = async (request: WriteRequest): Promise<WriteOutcome> => {
    const [outcome] = await parts.client.commit([request]);
    if (outcome === undefined) throw new Error('no outcome');
    return outcome;
  };
  return {
    ...parts,
    write,
    written: async (request) => {
      const outcome = await write(request);
      if (!outcome.ok) throw new Error(`refused: ${outcome.error.message}`);
      return outcome.object;
    },
    refused: async (request) => {
      const outcome = await write(request);
      if (outcome.ok) throw new Error(`not refused: ${outcome.did}`);
      return outcome.error;
    },
  };
}

/** A create in the namespace default, or in another. */
export function creating(kind: KindRef, object: KubeObject, namespace = 'default'): WriteRequest {
  return { verb: 'create', kind, namespace, object };
}
