import type { NodeEffect, NodeState, PlanReport, Segment } from '../../../sim/plan-report.ts';
import { nodeRows, type PictureRow } from './node-rows.ts';
import { STATE_LOOKS } from './palette.ts';

/** Segments, flat: of each its start, its end (ms since the start) and the place of its state among STATE_LOOKS. */
export type FlatSegments = readonly number[];

/** One node, as pictures take it. */
export interface PictureTrack {
  readonly node: string;
  readonly main: FlatSegments;
  /** The pod beside the main one. */
  readonly surge?: FlatSegments;
}

/** All that the picture of a rollout is drawn from; plain JSON, because the page carries it along. */
export interface PictureData {
  /** When the simulation ended. */
  readonly endMs: number;
  /** Where the picture ends: a little later, so that the last state of each node is seen. */
  readonly shownMs: number;
  readonly tracks: readonly PictureTrack[];
  readonly rows: readonly PictureRow[];
  /** `[atMs, available, updated, desired]`, in the order of time. */
  readonly samples: readonly (readonly [number, number, number, number])[];
  readonly marks: readonly { readonly atMs: number; readonly text: string }[];
  /** How many of the wanted pods the strategy takes down at most; absent where it takes none. */
  readonly budget?: number;
}

/** The data of a report's pictures. */
export function pictureData(report: PlanReport): PictureData {
  const { timeline, nodes, strategy, change } = report;
  const { endMs } = timeline;
  const shownMs = endMs === 0 ? 0 : endMs + Math.max(1, Math.round(endMs * 0.03));
  const effects = new Map(nodes.map(({ node, effect }) => [node, effect]));
  const tracks = timeline.tracks.map(({ node, segments, surge = [] }): PictureTrack => {
    const ending = endingAfter(effects.get(node));
    const main = flattened(segments, endMs, shownMs, ending);
    if (surge.length === 0) return { node, main };
    return { node, main, surge: flattened(surge, endMs, ending === undefined ? shownMs : endMs) };
  });
  const hasBudget =
    change === 'update' && strategy.type === 'RollingUpdate' && strategy.unavailableBudget > 0;
  return {
    endMs,
    shownMs,
    tracks,
    rows: nodeRows(tracks, nodesThatMatter(report)),
    samples: timeline.availability.map(({ atMs, available, updated, desired }) => [
      atMs,
      available,
      updated,
      desired,
    ]),
    marks: timeline.marks.filter(({ atMs }) => atMs <= endMs),
    ...(hasBudget ? { budget: strategy.unavailableBudget } : {}),
  };
}

/** Nodes that get a row of their own however many there are. */
function nodesThatMatter({ rollout, timeline }: PlanReport): ReadonlySet<string> {
  const failed = timeline.tracks.filter(({ segments, surge = [] }) =>
    [...segments, ...surge].some(({ state }) => state === 'failed'),
  );
  return new Set([
    ...(rollout.stuck?.nodes ?? []).map(({ node }) => node),
    ...failed.map(({ node }) => node),
  ]);
}

/** The state that a node reached in the very last moment, which no segment tells of. */
function endingAfter(effect: NodeEffect | undefined): NodeState | undefined {
  if (effect === 'replace' || effect === 'gain') return 'ready';
  return effect === 'lose' ? 'absent' : undefined;
}

/** Segments with what lasts until the end going on until the end of the picture, unless it ends in another state. */
function flattened(
  segments: readonly Segment[],
  endMs: number,
  shownMs: number,
  ending?: NodeState,
): FlatSegments {
  const changes = ending !== undefined && segments.at(-1)?.state !== ending && shownMs > endMs;
  const flat = segments.flatMap(({ fromMs, toMs, state }) => [
    fromMs,
    toMs >= endMs && !changes ? shownMs : toMs,
    placeOf(state),
  ]);
  return changes ? [...flat, endMs, shownMs, placeOf(ending)] : flat;
}

const placeOf = (state: NodeState): number => STATE_LOOKS.findIndex((look) => look.state === state);
