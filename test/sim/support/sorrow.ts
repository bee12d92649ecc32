import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { planText } from '../../../src/cli/plan/text.ts';
import type { PlanReport } from '../../../src/sim/plan-report.ts';
import { type InProcess, openInProcess } from '../../support/in-process.ts';
import { repository } from '../../support/kdaemon.ts';

/** What the last command of a sorrow's session said. */
export interface Told {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What a plan said, as a report and as people read it. */
export interface PlannedSorrow extends Told {
  readonly report: PlanReport;
  /** Without colours and line breaks: sentences are found wherever they were wrapped. */
  readonly text: string;
}

/** Plays the sessions in the README files of `fixtures/sorrows`. */
export interface SorrowPlayer {
  /** The answer of the last command, as it is. */
  answer(sorrow: string): Promise<Told>;
  /** The answer of the last command, a `plan` that did not fail otherwise than by `--fail-on`. */
  plan(sorrow: string): Promise<PlannedSorrow>;
  remove(): void;
}

/** A player whose sorrows share a store where they begin with the same commands: plans and explanations change nothing. */
export function sorrowPlayer(): SorrowPlayer {
  const clusters = new Map<string, Promise<InProcess>>();

  async function play(sorrow: string, more: readonly string[]): Promise<Told> {
    const session = sessionOf(sorrow);
    const before = session.slice(0, -1);
    const key = JSON.stringify(before);
    const cluster = clusters.get(key) ?? prepared(before);
    clusters.set(key, cluster);
    const shell = await cluster;
    return shell.run([...(session.at(-1) ?? []), ...more]);
  }

  return {
    answer: (sorrow) => play(sorrow, []),
    async plan(sorrow) {
      const told = await play(sorrow, ['-o', 'json']);
      if (told.out === '') throw new Error(`${sorrow} has no plan: ${told.err}`);
      const report = JSON.parse(told.out) as PlanReport;
      const text = await planText(report, { width: 100, color: false });
      return { ...told, report, text: text.replace(/\s+/g, ' ') };
    },
    async remove() {
      for (const cluster of clusters.values()) (await cluster).remove();
    },
  };
}

async function prepared(commands: readonly (readonly string[])[]): Promise<InProcess> {
  const shell = openInProcess();
  for (const command of commands) await shell.ok(command);
  return shell;
}

/** The commands of a sorrow's README, without the program's name; paths are those of a checkout's top. */
function sessionOf(sorrow: string): readonly (readonly string[])[] {
  const readme = readFileSync(join(repository, 'fixtures/sorrows', sorrow, 'README.md'), 'utf8');
  const commands = [...readme.matchAll(/^\$ kdaemon (.+)$/gm)].map(([, line = '']) => line);
  return commands.map((line) =>
    line.split(' ').map((word) => word.replace('fixtures/sorrows', join(repository, 'fixtures/sorrows'))),
  );
}
