import type { Client, WriteOutcome } from '../../../src/api/client.ts';
import { type Status, StatusError } from '../../../src/api/status.ts';

/** What goes wrong with a commit. */
export type Fault =
  /** The server cannot be reached: nothing is written. */
  | 'unavailable'
  /** The connection breaks after the writes: they are there, but nobody learns of it. */
  | 'lost-reply'
  /** Every request of the batch is refused for a conflict that nothing else shows. */
  | 'conflict';

const refusal = (code: number, reason: string): Status => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  reason,
  message: `injected ${reason}`,
  code,
});

/** A client whose commits fail where `faultOf` says so; commits are numbered from 1. */
export function faulty(client: Client, faultOf: (commit: number) => Fault | undefined): Client {
  let count = 0;
  return {
    ...client,
    async commit(requests) {
      count += 1;
      const fault = faultOf(count);
      if (fault === 'unavailable') throw new StatusError(refusal(503, 'ServiceUnavailable'));
      if (fault === 'conflict') {
        return requests.map(
          (): WriteOutcome => ({ ok: false, error: refusal(409, 'Conflict'), warnings: [] }),
        );
      }
      const outcomes = await client.commit(requests);
      if (fault === 'lost-reply') throw new StatusError(refusal(504, 'Timeout'));
      return outcomes;
    },
  };
}
