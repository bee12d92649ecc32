import type { DaemonSet } from '../../../../src/api/apps.ts';
import type { KubeObject } from '../../../../src/api/meta.ts';
import { DAEMON_SET } from '../../../../src/api/well-known.ts';
import { applyDefaults } from '../../../../src/registry/defaults/apply-defaults.ts';
import { decodeObject } from '../../../../src/registry/schema/decode.ts';

/** The smallest DaemonSet that the API takes, as a user would write it. */
export function minimalDaemonSet(): Manifest {
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'x', namespace: 'default' },
    spec: {
      selector: { matchLabels: { app: 'x' } },
      template: {
        metadata: { labels: { app: 'x' } },
        spec: { containers: [{ name: 'c', image: 'nginx' }] },
      },
    },
  };
}

/** A manifest that a test changes before it is decoded. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: Record<string, unknown>;
  spec: {
    selector?: unknown;
    template: { metadata: Record<string, unknown>; spec: Record<string, unknown> };
    [field: string]: unknown;
  };
}

/** What the API server would validate for a manifest: decoded and defaulted. */
export function defaulted(manifest: unknown): DaemonSet & KubeObject {
  // A decoded apps/v1 DaemonSet has that type.
  return applyDefaults(DAEMON_SET, decodeObject(DAEMON_SET, manifest).object as DaemonSet);
}
