import type { Client } from '../../../api/client.ts';
import type { Invocation } from '../../command.ts';
import { CommandError } from '../../errors.ts';
import { readyObjects } from '../../manifest-objects.ts';
import { parseTargets, type Target } from '../../resource-arguments.ts';
import { isSelecting } from '../../selection.ts';

/** What a command line asks for. */
export interface Question {
  readonly targets: readonly (Target & { readonly namespace: string })[];
  /** Whether it names one object, which is then printed as it is, and not in a list. */
  readonly single: boolean;
}

/** Reads the arguments, or the files. What cannot be asked for is added to `failures`. Throws CommandError. */
export async function questionOf(
  invocation: Invocation,
  client: Client,
  failures: (string | Error)[],
): Promise<Question> {
  const { flags, args, context } = invocation;
  const { namespace } = context;
  if (args.length > 0) {
    const targets = await parseTargets(client, args);
    const named = targets.filter(({ name }) => name !== undefined);
    if (named.length > 0 && isSelecting(flags)) {
      throw new CommandError('name cannot be provided when a selector is specified');
    }
    if (flags.bool('all-namespaces') && named.some(({ resource }) => resource.namespaced)) {
      throw new CommandError('a resource cannot be retrieved by name across all namespaces');
    }
    const single = targets.length === 1 && named.length === 1;
    return { targets: targets.map((target) => ({ ...target, namespace })), single };
  }
  const targets: (Target & { namespace: string })[] = [];
  for await (const ready of readyObjects(client, invocation, failures, { validate: false })) {
    targets.push(ready);
  }
  return { targets, single: targets.length === 1 && flags.strings('filename').join() !== '-' };
}
