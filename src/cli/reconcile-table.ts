import { Chalk } from 'chalk';
import Table from 'cli-table3';
import type { DaemonSetReport } from '../controllers/report.ts';
import { doneText, standingText } from './reconcile-text.ts';

/**
 * The report of a run as a table for a terminal: what was done for each DaemonSet, how it stands, what it waits for.
 * NO_COLOR, when set and not empty, takes the colours out.
 */
export function reportTable(
  reports: readonly DaemonSetReport[],
  env: Readonly<Record<string, string | undefined>>,
): string {
  const plain = (env.NO_COLOR ?? '') !== '' || env.TERM === 'dumb';
  const chalk = new Chalk({ level: plain ? 0 : 1 });
  const table = new Table({
    head: ['DAEMONSET', 'DONE', 'NOW', 'WAITING FOR'],
    style: { head: [], border: [] },
  });
  for (const report of reports) {
    const { namespace, name } = report.daemonSet;
    const waits = report.waitingFor.length > 0;
    const standing = standingText(report);
    table.push([
      `${namespace}/${name}`,
      doneText(report),
      waits ? chalk.yellow(standing) : chalk.green(standing),
      report.waitingFor.join('\n'),
    ]);
  }
  return `${table.toString()}\n`;
}
