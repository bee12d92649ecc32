import type { Client, WriteOutcome, WriteRequest } from '../api/client.ts';

/** The client, with `onWrite` told of each write that was answered, in the order of the requests. */
export function observedWrites(
  client: Client,
  onWrite: (request: WriteRequest, outcome: WriteOutcome) => void,
): Client {
  return {
    ...client,
    async commit(requests) {
      const outcomes = await client.commit(requests);
      for (const [at, request] of requests.entries()) {
        const outcome = outcomes[at];
        if (outcome !== undefined) onWrite(request, outcome);
      }
      return outcomes;
    },
  };
}
