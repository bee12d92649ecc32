import { NODE } from '../../api/well-known.ts';
import type { Finding, NodeTrack } from '../plan-report.ts';
import { isServing } from '../pod-state.ts';
import { counted, durationText } from '../wording.ts';
import { type Examined, finding } from './examined.ts';

const ZONE = 'topology.kubernetes.io/zone';

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Zones whose nodes are all without an available pod at one time: the controller knows nothing of zones. */
export function zoneFindings({ report, run }: Examined): readonly Finding[] {
  const { rollout, timeline, change } = report;
  if (change === 'create' || rollout.mostUnavailable < 2 || rollout.mostUnavailable >= rollout.desired)
    return [];
  const zones = zonesOf(run.manager.lister.list(NODE), new Set(run.recorder.wanting()));
  if (zones.size < 2) return [];
  const tracks = new Map(timeline.tracks.map((track) => [track.node, track]));
  const dark = [...zones].flatMap(([zone, nodes]) => {
    const spans = nodes.map((node) => spansDown(tracks.get(node), timeline.endMs));
    const [first] = nodes.length < 2 ? [] : spans.reduce(overlap);
    return first === undefined ? [] : [{ zone, count: nodes.length, atMs: first.fromMs }];
  });
  const [worst, ...more] = dark.sort((a, b) => a.atMs - b.atMs);
  if (worst === undefined) return [];
  const others = more.length === 0 ? '' : `, and so it is with ${counted(more.length, 'more zone')}`;
  const smallest = Math.min(
    ...[...zones.values()].map(({ length }) => length).filter((length) => length > 1),
  );
  const advice =
    smallest <= report.strategy.unavailableBudget
      ? `. With maxUnavailable ${smallest - 1} each zone whose nodes are well keeps a pod`
      : '';
  const text = `all ${worst.count} nodes of zone ${worst.zone} have no available pod at the same time (at ${durationText(worst.atMs)})${others}: the controller does not look at zones, and takes nodes in no particular order${advice}`;
  return [finding('warning', 'zone-without-pods', text)];
}

function zonesOf(
  nodes: readonly {
    readonly metadata: { readonly name?: string; readonly labels?: Readonly<Record<string, string>> };
  }[],
  wanting: ReadonlySet<string>,
): ReadonlyMap<string, readonly string[]> {
  const zones = new Map<string, string[]>();
  for (const { metadata } of nodes) {
    const { name = '', labels } = metadata;
    const zone = labels?.[ZONE];
    if (zone === undefined || !wanting.has(name)) continue;
    const names = zones.get(zone);
    if (names === undefined) zones.set(zone, [name]);
    else names.push(name);
  }
  return zones;
}

/** When neither pod of a node served. */
function spansDown(track: NodeTrack | undefined, endMs: number): readonly Span[] {
  if (track === undefined) return [{ fromMs: 0, toMs: endMs }];
  const up = [...track.segments, ...(track.surge ?? [])]
    .filter(({ state }) => isServing(state))
    .sort((a, b) => a.fromMs - b.fromMs);
  const down: Span[] = [];
  let sinceMs = 0;
  for (const { fromMs, toMs } of up) {
    if (fromMs > sinceMs) down.push({ fromMs: sinceMs, toMs: fromMs });
    sinceMs = Math.max(sinceMs, toMs);
  }
  return sinceMs < endMs ? [...down, { fromMs: sinceMs, toMs: endMs }] : down;
}

/** The times that are in both lists, each of which is in order and without overlaps. */
function overlap(left: readonly Span[], right: readonly Span[]): readonly Span[] {
  return left.flatMap((a) =>
    right.flatMap((b) => {
      const [fromMs, toMs] = [Math.max(a.fromMs, b.fromMs), Math.min(a.toMs, b.toMs)];
      return fromMs < toMs ? [{ fromMs, toMs }] : [];
    }),
  );
}
