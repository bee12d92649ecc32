import type { PodSpec } from '../../api/core.ts';
import type { KubeObject } from '../../api/meta.ts';
import { StatusError } from '../../api/status.ts';
import { podSpecOf, withPodSpec } from '../../domain/pod-template-of.ts';
import type { Chosen } from '../chosen-objects.ts';
import type { Invocation } from '../command.ts';
import { CommandError } from '../errors.ts';
import type { Flag } from '../flags.ts';
import { attempt, fromManifests, manifestFlags } from '../manifest-objects.ts';
import { failureOf } from '../manifests.ts';
import {
  allFlag,
  type Choice,
  fieldManagerFlag,
  isClientSide,
  localFlag,
  nothingNamed,
  objectsToChange,
  sendPatch,
} from '../objects-to-change.ts';
import { changePrinter, dryRunFlag, dryRunOf, managedFieldsFlag, outputFlag } from '../output.ts';
import { patchBetween } from '../patch-text.ts';
import { selectionFlags } from '../selection.ts';

/** Flags that the subcommands of `set` share. */
export const setFlags: readonly Flag[] = [
  ...manifestFlags,
  ...selectionFlags.map((flag) => (flag.name === 'selector' ? flag : { ...flag, hidden: true })),
  allFlag,
  localFlag,
  dryRunFlag,
  outputFlag,
  managedFieldsFlag,
  fieldManagerFlag('kubectl-set'),
];

/** One subcommand's change. */
export interface TemplateChange {
  /** `TYPE NAME …`. */
  readonly args: readonly string[];
  /** `image updated`. */
  readonly did: string;
  /** What stands before the server's words when it refuses: `failed to patch image update to pod template: `. */
  readonly failed: string;
  /** Whether objects that stay as they are, are printed too. */
  readonly printsUnchanged?: boolean;
  /** Checked when the objects are known, as in kubectl. Throws CommandError. */
  require?(): void;
  /** The changed spec. Errors are added to `failures`; what else can be changed is. Throws CommandError. */
  change(spec: PodSpec, object: Chosen, failures: (string | Error)[]): PodSpec;
}

/** Finds and reads the objects of a `set` subcommand. Throws what kubectl refuses, and when one can't be read. */
export async function objectsToSet(invocation: Invocation, args: readonly string[]): Promise<Choice> {
  const { flags, context } = invocation;
  const fromFiles = fromManifests(flags);
  if (flags.bool('local') && args.length > 0) {
    throw new CommandError(
      "you must specify resources by --filename when --local is set.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'",
    );
  }
  if (flags.bool('all') && flags.string('selector') !== '') {
    throw new CommandError('cannot set --all and --selector at the same time');
  }
  if (args.length === 0 && !fromFiles) {
    throw nothingNamed();
  }
  const failures: (string | Error)[] = [];
  const choice = await objectsToChange(invocation, await context.client(), failures, { args, selects: true });
  const failure = failureOf(failures);
  if (failure !== undefined) throw failure;
  return choice;
}

/** The spec of an object's pods. Throws CommandError, in kubectl's words, for kinds without. */
export function requirePodSpec({ resource, name, object }: Chosen): PodSpec {
  const spec = podSpecOf(object);
  if (spec !== undefined) return spec;
  throw new CommandError(
    `${resource.plural}/${name} the object is not a pod or does not have a pod template: *${resource.version}.${resource.kind}`,
  );
}

/** Runs one subcommand of `set` that changes pod templates. */
export async function changeTemplates(invocation: Invocation, how: TemplateChange): Promise<void> {
  const { flags } = invocation;
  dryRunOf(flags);
  const { objects } = await objectsToSet(invocation, how.args);
  how.require?.();
  await changeObjects(invocation, objects, how, (one, failures) => {
    const spec = requirePodSpec(one);
    const next = how.change(spec, one, failures);
    return next === spec ? one.object : withPodSpec(one.object, next);
  });
}

/** Changes objects one by one and prints them. */
export async function changeObjects(
  invocation: Invocation,
  objects: readonly Chosen[],
  { did, failed, printsUnchanged = false }: Pick<TemplateChange, 'did' | 'failed' | 'printsUnchanged'>,
  change: (one: Chosen, failures: (string | Error)[]) => KubeObject,
): Promise<void> {
  const { flags, context } = invocation;
  const printer = changePrinter(context.streams, flags);
  const client = await context.client();
  const failures: (string | Error)[] = [];
  for (const one of objects) {
    await attempt(failures, async () => {
      const changed = change(one, failures);
      const patch = patchBetween(one.object, changed);
      if (patch === undefined) {
        if (printsUnchanged) await printer.print(one.object, did);
        return;
      }
      try {
        const after = isClientSide(invocation) ? changed : await sendPatch(invocation, client, one, patch);
        await printer.print(after, did);
      } catch (error) {
        throw error instanceof StatusError ? new CommandError(`${failed}${error.message}`) : error;
      }
    });
  }
  await printer.end();
  const failure = failureOf(failures);
  if (failure !== undefined) throw failure;
}
