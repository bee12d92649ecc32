import type { PictureTrack } from './picture-data.ts';

/** A line of the timeline: one node, nodes that go the same way, or neighbours that share a thin line. */
export interface PictureRow {
  /** Empty for thin rows. */
  readonly label: string;
  /** Places among the tracks. */
  readonly members: readonly number[];
  /** In pixels. Rows of 8 and more have a label and textures. */
  readonly height: number;
}

/** The height of a row with a label: with one lane, and with a second one beside it. */
const oneLane = 20;
const twoLanes = 28;
const mostNamed = 60;
const mostGroups = 40;
const mostThin = 1000;

/**
 * The rows for any number of nodes. Up to 60 nodes have a row each. Of more, those that matter stand first by name, nodes
 * that go the same way share a row; where too many ways are left, they become thin lines in the order in which they change,
 * at most 1,000 of them.
 */
export function nodeRows(
  tracks: readonly PictureTrack[],
  matter: ReadonlySet<string>,
): readonly PictureRow[] {
  const all = tracks.map((_, index) => index);
  const nameOf = (index: number): string => tracks[index]?.node ?? '';
  const heightOf = ([first = 0]: readonly number[]): number =>
    tracks[first]?.surge === undefined ? oneLane : twoLanes;
  if (tracks.length <= mostNamed)
    return all.map((index) => ({ label: nameOf(index), members: [index], height: heightOf([index]) }));

  const tall = (members: readonly number[]): PictureRow => ({
    label: `${nameOf(members[0] ?? 0)}${members.length === 1 ? '' : ` +${members.length - 1}`}`,
    members,
    height: heightOf(members),
  });
  const chosen = waysOf(
    tracks,
    all.filter((index) => matter.has(nameOf(index))),
  );
  const first = chosen.slice(0, mostGroups);
  const shown = new Set(first.flat());
  const left = all.filter((index) => !shown.has(index));
  const ways = waysOf(tracks, left);
  if (ways.length <= mostGroups) return [...first.map(tall), ...ways.map(tall)];

  const ordered = [...left].sort((a, b) => firstChange(tracks[a]) - firstChange(tracks[b]) || a - b);
  const share = Math.ceil(ordered.length / mostThin);
  const height = ordered.length <= 150 ? 4 : ordered.length <= 400 ? 2 : 1;
  const thin: PictureRow[] = [];
  for (let at = 0; at < ordered.length; at += share)
    thin.push({ label: '', members: ordered.slice(at, at + share), height });
  return [...first.map(tall), ...thin];
}

/** Tracks with the same segments together, in the order of their first. */
function waysOf(tracks: readonly PictureTrack[], indexes: readonly number[]): readonly (readonly number[])[] {
  const ways = new Map<string, number[]>();
  for (const index of indexes) {
    const track = tracks[index];
    const key = `${track?.main.join()}|${track?.surge?.join() ?? ''}`;
    const way = ways.get(key);
    if (way === undefined) ways.set(key, [index]);
    else way.push(index);
  }
  return [...ways.values()];
}

/** When the track's first segment ends, or its second lane begins. */
function firstChange(track: PictureTrack | undefined): number {
  return Math.min(track?.main[1] ?? 0, track?.surge?.[0] ?? Number.POSITIVE_INFINITY);
}
