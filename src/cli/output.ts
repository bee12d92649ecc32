import type { KubeObject } from '../api/meta.ts';
import { CommandError } from './errors.ts';
import type { Flag, FlagValues } from './flags.ts';
import { qualifiedNameOf } from './object-names.ts';
import { listOf, withoutManagedFields } from './printers/object-text.ts';
import {
  hidesManagedFields,
  managedFieldsFlag,
  OBJECT_FORMATS,
  outputFormatOf,
} from './printers/output-format.ts';
import { valueWriter } from './printers/value-writer.ts';
import type { Streams } from './streams.ts';

export { managedFieldsFlag };

/** `-o` of commands that report each object they changed. */
export const outputFlag: Flag = {
  name: 'output',
  short: 'o',
  type: 'string',
  default: "''",
  usage: `Output format. One of: (${OBJECT_FORMATS.join(', ')}). Templates stand behind a '='.`,
};

/** `--dry-run=none|client|server`. */
export const dryRunFlag: Flag = {
  name: 'dry-run',
  type: 'string',
  default: 'none',
  bare: 'unchanged',
  usage:
    'Must be "none", "server", or "client". If client strategy, only print the object that would be sent, without sending it. If server strategy, submit the request without keeping its result.',
};

/** Who is spared: nothing, only the store, or the request itself. */
export type DryRun = 'none' | 'client' | 'server';

/** Reads --dry-run. Throws CommandError in kubectl's words. */
export function dryRunOf(flags: FlagValues): DryRun {
  const value = flags.string('dry-run');
  if (value === 'none' || value === 'client' || value === 'server') return value;
  if (value === 'unchanged') return 'client';
  throw new CommandError(`Invalid dry-run value (${value}). Must be "none", "server", or "client".`);
}

/** What follows the word for what was done. */
export const DRY_RUN_SUFFIX: Readonly<Record<DryRun, string>> = {
  none: '',
  client: ' (dry run)',
  server: ' (server dry run)',
};

/** What `-o` makes of objects; undefined where the command prints a text of its own. */
export interface ObjectWriter {
  /** Prints one object: its name, or the object in the format that was asked for. */
  write(object: KubeObject): Promise<void>;
  /** Prints several as the one list that is given, `-o name` one by one. */
  writeList(list: object, objects: readonly KubeObject[]): Promise<void>;
}

/** Reads `-o` and `--show-managed-fields`. Throws CommandError for a format that there is not. */
export function objectWriter(streams: Streams, flags: FlagValues): ObjectWriter | undefined {
  const format = outputFormatOf(flags.string('output'), '', OBJECT_FORMATS);
  if (format.name === 'table' || format.name === 'custom-columns') return undefined;
  const name = (object: KubeObject): void => streams.out(`${qualifiedNameOf(object)}\n`);
  if (format.name === 'name') {
    return {
      write: async (object) => name(object),
      writeList: async (_list, objects) => objects.forEach(name),
    };
  }
  const value = valueWriter(format, { allowMissing: true, out: streams.out });
  const hides = hidesManagedFields(format) && !flags.bool(managedFieldsFlag.name);
  const shown = (object: KubeObject): KubeObject => (hides ? withoutManagedFields(object) : object);
  return {
    write: (object) => value(shown(object)),
    writeList: (list, objects) => value({ ...list, items: objects.map(shown) }),
  };
}

/** Reports changed objects one after another. */
export interface ChangePrinter {
  /** Prints `daemonset.apps/x created`, the name, or the object in the format that was asked for. */
  print(object: KubeObject, did: string): Promise<void>;
  /** Ends the output: what waited to be printed together is printed now. */
  end(): Promise<void>;
}

/**
 * Reads `-o` and `--dry-run`. `together`: objects in JSON and YAML are printed at the end, several as one list, as
 * `kubectl apply` does; else each at once, as `kubectl create` does. Throws CommandError for a format that it has not.
 */
export function changePrinter(
  streams: Streams,
  flags: FlagValues,
  { together = false }: { readonly together?: boolean } = {},
): ChangePrinter {
  const format = outputFormatOf(flags.string('output'), '', OBJECT_FORMATS);
  const suffix = DRY_RUN_SUFFIX[dryRunOf(flags)];
  const waiting: KubeObject[] = [];
  const write =
    format.name === 'table' || format.name === 'name' || format.name === 'custom-columns'
      ? undefined
      : valueWriter(format, { allowMissing: true, out: streams.out });
  return {
    async print(object, did) {
      if (format.name === 'name') streams.out(`${qualifiedNameOf(object)}\n`);
      else if (write === undefined) streams.out(`${qualifiedNameOf(object)} ${did}${suffix}\n`);
      else {
        const hides = hidesManagedFields(format) && !flags.bool(managedFieldsFlag.name);
        const shown = hides ? withoutManagedFields(object) : object;
        if (together) waiting.push(shown);
        else await write(shown);
      }
    },
    async end() {
      if (waiting.length > 0) await write?.(waiting.length === 1 ? waiting[0] : listOf(waiting));
    },
  };
}
