import type { KubeObject } from '../api/meta.ts';
import { CommandError } from './errors.ts';
import type { Flag } from './flags.ts';
import { qualifiedNameOf } from './object-names.ts';
import { jsonText, withoutManagedFields, yamlText } from './printers/object-text.ts';

/** Flags of commands that report each object they changed. */
export const outputFlag: Flag = {
  name: 'output',
  short: 'o',
  type: 'string',
  default: "''",
  usage: 'Output format. One of: (json, yaml, name).',
};

/** `--dry-run=none|client|server`. */
export const dryRunFlag: Flag = {
  name: 'dry-run',
  type: 'string',
  default: 'none',
  bare: 'unchanged',
  usage:
    'Must be "none", "server", or "client". With client only print what would be sent; with server send it without keeping it.',
};

/** Who is spared: nothing, only the store, or the request itself. */
export type DryRun = 'none' | 'client' | 'server';

/** Reads --dry-run. Throws CommandError in kubectl's words. */
export function dryRunOf(value: string): DryRun {
  if (value === 'none' || value === 'client' || value === 'server') return value;
  if (value === 'unchanged') return 'client';
  throw new CommandError(`invalid dry-run value (${value}). Must be "none", "server", or "client"`);
}

const DRY_RUN_SUFFIX: Readonly<Record<DryRun, string>> = {
  none: '',
  client: ' (dry run)',
  server: ' (server dry run)',
};

/** What one changed object prints: `daemonset.apps/x created`, or the object in the asked format. */
export async function changeText(
  object: KubeObject,
  did: string,
  output: string,
  dryRun: DryRun,
): Promise<string> {
  switch (output) {
    case '':
      return `${qualifiedNameOf(object)} ${did}${DRY_RUN_SUFFIX[dryRun]}\n`;
    case 'name':
      return `${qualifiedNameOf(object)}\n`;
    case 'json':
      return jsonText(withoutManagedFields(object));
    case 'yaml':
      return yamlText(withoutManagedFields(object));
    default:
      throw new CommandError(
        `unable to match a printer suitable for the output format "${output}", allowed formats are: json,name,yaml`,
      );
  }
}
