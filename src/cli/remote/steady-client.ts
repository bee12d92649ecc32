import type { Client } from '../../api/client.ts';
import { type Status, StatusError } from '../../api/status.ts';
import { Unreachable } from './http-transport.ts';
import type { RemoteClient } from './remote-client.ts';

/**
 * A remote client for loops that go on when the server goes away: then it throws StatusError ServiceUnavailable, which
 * loops answer by trying again. While a watch is cut off it hands out no changes, since nobody should decide on what was
 * true before.
 */
export function steadyClient(remote: RemoteClient): Client {
  async function patiently<R>(work: () => Promise<R>): Promise<R> {
    try {
      return await work();
    } catch (error) {
      throw error instanceof Unreachable ? unavailable(error) : error;
    }
  }
  return {
    get: (kind, key) => patiently(() => remote.get(kind, key)),
    list: (kind, options) => patiently(() => remote.list(kind, options)),
    resources: () => patiently(() => remote.resources()),
    commit: (requests) => patiently(() => remote.commit(requests)),
    revision: () => patiently(() => remote.revision()),
    changes: (after, limit) =>
      patiently(async () => {
        const failure = remote.interruption();
        if (failure !== undefined && !isForgotten(failure)) throw failure;
        return await remote.changes(after, limit);
      }),
    onChange: (hint) => remote.onChange(hint),
  };
}

/** Whether a watch was cut off because the server forgot its past: then everything is listed anew, which is no wait. */
const isForgotten = (failure: unknown): boolean =>
  failure instanceof StatusError && failure.status.code === 410;

function unavailable({ message }: Error): StatusError {
  const status: Status = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason: 'ServiceUnavailable',
    code: 503,
  };
  return new StatusError(status);
}
