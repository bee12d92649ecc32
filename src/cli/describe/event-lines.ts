import type { Client } from '../../api/client.ts';
import type { Event } from '../../api/core.ts';
import type { KubeObject } from '../../api/meta.ts';
import { EVENT } from '../../api/well-known.ts';
import { age } from '../../domain/duration.ts';
import type { TabbedText } from './tabbed-text.ts';

/** Fields of later events that repeat. */
interface Series {
  readonly series?: { readonly count?: number; readonly lastObservedTime?: string };
}

/** The events about an object. A node's kubelet knows only the name of its node and puts it in the UID's place. */
export async function eventsAbout(client: Client, object: KubeObject): Promise<readonly Event[]> {
  const { name = '', namespace = '', uid = '' } = object.metadata;
  const about = (identity: string): Promise<readonly Event[]> => {
    const fields = {
      'involvedObject.name': name,
      ...(namespace === '' ? {} : { 'involvedObject.namespace': namespace }),
      'involvedObject.kind': object.kind,
      'involvedObject.uid': identity,
    };
    const fieldSelector = Object.entries(fields)
      .map(([field, value]) => `${field}=${value}`)
      .join(',');
    return client.list(EVENT, { namespace, fieldSelector }).then(({ items }) => items);
  };
  const isNode = object.kind === 'Node' && object.apiVersion === 'v1';
  return isNode ? [...(await about(name)), ...(await about(uid))] : about(uid);
}

/** The Events section, the oldest event first. `now`: milliseconds since the epoch. */
export function eventLines(out: TabbedText, events: readonly Event[], now: number): void {
  if (events.length === 0) {
    out.line(0, 'Events:\t<none>');
    return;
  }
  const last = (event: Event): number => Date.parse(event.lastTimestamp ?? '') || 0;
  out.line(0, 'Events:');
  out.line(1, 'Type\tReason\tAge\tFrom\tMessage');
  out.line(1, '----\t------\t----\t----\t-------');
  for (const event of [...events].sort((a, b) => last(a) - last(b))) {
    const from = event.source?.component || event.reportingComponent || '';
    const cells = [event.type, event.reason, eventInterval(event, now), from, event.message?.trim()];
    out.line(1, cells.map((cell) => cell ?? '').join('\t'));
  }
}

/** How long ago an event was: `65s`, or `5s (x3 over 65s)` for one that came several times. */
export function eventInterval(event: Event & Series, now: number): string {
  const first = age(event.eventTime ?? event.firstTimestamp, now);
  const { series, count = 0 } = event;
  if (series !== undefined) {
    return `${age(series.lastObservedTime, now)} (x${series.count ?? 0} over ${first})`;
  }
  return count > 1 ? `${age(event.lastTimestamp, now)} (x${count} over ${first})` : first;
}
