import type { NodeState, PlanReport } from '../../sim/plan-report.ts';
import { CommandError } from '../errors.ts';
import type { FrameLook } from './play-frame.ts';
import { playFrame } from './play-frame.ts';

/** How fast a plan is replayed. */
export type PlaySpeed =
  /** The whole rollout in this time. */
  | { readonly wholeInMs: number }
  /** So much faster than in reality. */
  | { readonly times: number };

/** Where a plan is replayed: a terminal and real time. */
export interface PlayRoom {
  /** Columns of the terminal as it is now. */
  columns(): number;
  write(text: string): void;
  /** Milliseconds of real time. */
  now(): number;
  pause(ms: number): Promise<void>;
  /** Ends the replay early. */
  readonly signal: AbortSignal;
  readonly paint: FrameLook['paint'];
}

const frameMs = 40;
/** Takes the place of the line before: the beginning of a line of progress. */
const again = '\r\u001b[K';

/** Reads the value of `--play`: `10s` for the whole rollout, or `60x`. Throws CommandError. */
export function parsePlaySpeed(text: string): PlaySpeed {
  const [, number = '', unit] = /^(\d+(?:\.\d+)?)(x|s)$/.exec(text) ?? [];
  const value = Number(number);
  if (unit === undefined || value <= 0)
    throw new CommandError(
      `--play ${JSON.stringify(text)}: it is neither a time, such as 10s, nor a speed, such as 60x`,
    );
  return unit === 'x' ? { times: value } : { wholeInMs: value * 1000 };
}

/** Replays a plan in one line of the terminal, which is empty again afterwards. Resolves to whether it came to the end. */
export async function playPlan(report: PlanReport, speed: PlaySpeed, room: PlayRoom): Promise<boolean> {
  const { endMs } = report.timeline;
  const times = 'times' in speed ? speed.times : endMs / speed.wholeInMs;
  const startedAt = room.now();
  try {
    for (let atMs = 0; ; atMs = Math.min(endMs, (room.now() - startedAt) * times)) {
      const frame = playFrame(report, Math.round(atMs), { width: room.columns(), paint: room.paint });
      room.write(`${again}${frame}`);
      if (atMs >= endMs) return true;
      await room.pause(frameMs);
      if (room.signal.aborted) return false;
    }
  } finally {
    room.write(again);
  }
}

/** Paints blocks in the colours of their states; without colour each text stays as it is. */
export async function statePainter(color: boolean): Promise<FrameLook['paint']> {
  if (!color) return (_, text) => text;
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: 1 });
  const paints: Readonly<Record<NodeState, (text: string) => string>> = {
    ready: chalk.green,
    settling: chalk.green,
    starting: chalk.blue,
    pulling: chalk.cyan,
    pending: chalk.yellow,
    terminating: chalk.magenta,
    failed: chalk.red,
    oldUnready: chalk.yellow,
    old: chalk.gray,
    absent: (text) => text,
  };
  return (state, text) => paints[state](text);
}
