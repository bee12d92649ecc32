import type { PlacementReport } from '../../domain/daemonset/explain/placement-report.ts';
import type { Invocation } from '../command.ts';
import type { OutputFormat } from '../printers/output-format.ts';
import { valueWriter } from '../printers/value-writer.ts';
import { nodesTable } from './nodes-table.ts';
import { reportText } from './report-text.ts';
import { whyPaint } from './why-paint.ts';

/** Prints reports in the format that was asked for; at least one. Throws CommandError for a template that fails. */
export async function printReports(
  { flags, context }: Pick<Invocation, 'flags' | 'context'>,
  reports: readonly PlacementReport[],
  format: OutputFormat,
): Promise<void> {
  const { out } = context.streams;
  switch (format.name) {
    case 'table': {
      const options = { wide: format.wide, paint: await whyPaint(context) };
      const asksAboutNodes = reports.every(({ groups }) => groups === undefined);
      if (reports.length > 1 && asksAboutNodes && !format.wide) {
        out(nodesTable(reports, options.paint));
        return;
      }
      out(reports.map((report) => reportText(report, options)).join('\n'));
      return;
    }
    case 'name': {
      const names = reports.flatMap(({ nodes }) =>
        nodes.filter(({ shouldRun }) => shouldRun).map(({ name }) => name),
      );
      for (const name of new Set(names)) out(`node/${name}\n`);
      return;
    }
    case 'custom-columns':
      throw new Error('the command does not take this format');
    default: {
      const allowMissing = flags.bool('allow-missing-template-keys');
      const write = valueWriter(format, { allowMissing, out });
      const [first] = reports;
      await write(
        reports.length === 1
          ? first
          : { apiVersion: 'kdaemon.dev/v1alpha1', kind: 'PlacementReportList', items: reports },
      );
    }
  }
}
