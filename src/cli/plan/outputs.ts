import type { PlanReport } from '../../sim/plan-report.ts';
import { jsonText, yamlText } from '../printers/object-text.ts';

/** How an output is to look. */
export interface Look {
  /** Columns, from $COLUMNS; 100 where it says nothing. */
  readonly width: number;
  readonly color: boolean;
}

/** Writes a report in one format. */
export type WritePlan = (report: PlanReport, look: Look) => string | Promise<string>;

/** What `-o` takes, each loaded on use. */
export const planOutputs: Readonly<Record<string, () => Promise<WritePlan>>> = {
  text: async () => (await import('./text.ts')).planText,
  json: async () => jsonText,
  yaml: async () => yamlText,
  markdown: async () => (await import('./markdown.ts')).planMarkdown,
  svg: async () => (await import('./pictures/svg.ts')).planSvg,
  html: async () => (await import('./pictures/html.ts')).planHtml,
};
