import type { PlanReport } from '../../sim/plan-report.ts';
import { jsonText, yamlText } from '../printers/object-text.ts';

/** How an output is to look. */
export interface Look {
  /** Columns of the terminal; 80 elsewhere. */
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
};
