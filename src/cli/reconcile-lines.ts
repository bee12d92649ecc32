import type { WriteOutcome, WriteRequest } from '../api/client.ts';
import type { KubeObject, ObjectKey } from '../api/meta.ts';
import type { SyncRecord } from '../controllers/daemonset/sync-record.ts';
import { goneText, stepText } from './reconcile-text.ts';
import type { Streams } from './streams.ts';

/** Who `reconcile --watch` listens with: it prints a line for each thing done as it is done. */
export interface LineReporter {
  readonly onSync: (record: SyncRecord) => void;
  readonly onWrite: (request: WriteRequest, outcome: WriteOutcome) => void;
}

const keyOf = ({ metadata: { namespace = '', name = '' } }: KubeObject): ObjectKey => ({ namespace, name });

/** Lines for people, or with `json` one object on a line. */
export function lineReporter(streams: Streams, json: boolean): LineReporter {
  return {
    onSync(record) {
      for (const step of record.steps) {
        streams.out(
          json
            ? `${JSON.stringify({ daemonSet: keyOf(record.daemonSet), ...step })}\n`
            : stepText(record.daemonSet, step),
        );
      }
    },
    onWrite(request, outcome) {
      if (!outcome.ok || outcome.did !== 'deleted' || request.kind.kind === 'Event') return;
      const { object } = outcome;
      streams.out(
        json
          ? `${JSON.stringify({ do: 'gone', kind: object.kind, object: keyOf(object) })}\n`
          : goneText(object),
      );
    },
  };
}
