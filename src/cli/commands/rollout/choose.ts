import type { Client } from '../../../api/client.ts';
import { type Chosen, chosenNames, nothingFound, readChosen } from '../../chosen-objects.ts';
import type { Invocation } from '../../command.ts';
import { CommandError } from '../../errors.ts';
import type { Flag, FlagValues } from '../../flags.ts';
import { attempt, fromManifests, manifestFlags } from '../../manifest-objects.ts';
import { failureOf } from '../../manifests.ts';
import { selectionFlags } from '../../selection.ts';

/** How the subcommands of `rollout` are told what they are about. */
export const choiceFlags: readonly Flag[] = [
  ...manifestFlags,
  ...selectionFlags.filter(({ name }) => name === 'selector'),
];

/**
 * Does something for each object that the command line asks for; `work` gets them one after another. What fails does
 * not keep the next from its turn; the failures are thrown together at the end. Throws CommandError without arguments.
 */
export async function forEachChosen(
  invocation: Invocation,
  client: Client,
  work: (chosen: Chosen) => Promise<void>,
): Promise<void> {
  if (invocation.args.length === 0 && !fromManifests(invocation.flags)) {
    throw new CommandError('required resource not specified');
  }
  const scoped = { ...invocation, flags: inOneNamespace(invocation.flags) };
  const failures: (string | Error)[] = [];
  const names = await chosenNames(scoped, client, failures, { wholeTypes: true });
  if (names.length === 0 && failures.length === 0) scoped.context.streams.err(nothingFound(scoped));
  for (const one of await readChosen(client, names, failures)) await attempt(failures, () => work(one));
  const failure = failureOf(failures);
  if (failure !== undefined) throw failure;
}

/** The flags of a command that selects by labels, in one namespace only. */
function inOneNamespace(flags: FlagValues): FlagValues {
  return {
    ...flags,
    bool: (name) => (name === 'all-namespaces' ? false : flags.bool(name)),
    string: (name) => (name === 'field-selector' ? '' : flags.string(name)),
  };
}
