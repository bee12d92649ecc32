import type { KubeObject } from '../api/meta.ts';
import type { Invocation } from './command.ts';
import { misuse } from './errors.ts';
import type { Flag } from './flags.ts';
import { withLastApplied } from './last-applied.ts';
import { accepted, attempt } from './manifest-objects.ts';
import { failureOf } from './manifests.ts';
import { kindOf } from './object-names.ts';
import { changePrinter, dryRunFlag, dryRunOf, managedFieldsFlag, outputFlag } from './output.ts';

/** Flags of commands that create objects without a manifest. */
export const createFlags: readonly Flag[] = [
  dryRunFlag,
  outputFlag,
  managedFieldsFlag,
  {
    name: 'save-config',
    type: 'bool',
    default: 'false',
    usage:
      'If true, the configuration of the object is saved in its annotation, for "kdaemon apply" on this object in the future.',
  },
  {
    name: 'field-manager',
    type: 'string',
    default: 'kubectl-create',
    usage: 'Name of the manager used to track field ownership.',
  },
];

/** Writes in one commit; a commit of more would keep other processes waiting. */
const AT_ONCE = 500;

/** The one NAME that such a command takes. Throws CommandError in kubectl's words. */
export function onlyName({ args, commandPath }: Invocation): string {
  const [name] = args;
  if (name === undefined || args.length > 1) {
    throw misuse(commandPath, `exactly one NAME is required, got ${args.length}`);
  }
  return name;
}

/**
 * Creates objects that flags describe, and prints each. Those that are refused do not keep the others from being
 * created; their refusals are thrown together at the end.
 */
export async function createObjects(
  { context, flags }: Invocation,
  objects: readonly KubeObject[],
): Promise<void> {
  const printer = changePrinter(context.streams, flags);
  const dryRun = dryRunOf(flags);
  const client = await context.client();
  const failures: (string | Error)[] = [];
  const ready = flags.bool('save-config') ? objects.map(withLastApplied) : objects;
  for (let start = 0; start < ready.length; start += AT_ONCE) {
    const batch = ready.slice(start, start + AT_ONCE);
    if (dryRun === 'client') {
      for (const object of batch) await printer.print(object, 'created');
      continue;
    }
    const outcomes = await client.commit(
      batch.map((object) => ({
        verb: 'create',
        kind: kindOf(object),
        namespace: object.metadata.namespace ?? '',
        object,
        dryRun: dryRun === 'server',
        fieldManager: flags.string('field-manager'),
      })),
    );
    for (const outcome of outcomes) {
      await attempt(failures, () => printer.print(accepted(context, outcome).object, 'created'));
    }
  }
  await printer.end();
  const failure = failureOf(failures);
  if (failure !== undefined) throw failure;
}
