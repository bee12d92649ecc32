import type { Client } from '../../api/client.ts';
import type { KubeObject } from '../../api/meta.ts';
import { LAST_APPLIED } from '../../api/well-known.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import { CommandError, misuse } from '../errors.ts';
import {
  attempt,
  manifestEntries,
  manifestFlags,
  type ReadyObject,
  readyObject,
  send,
} from '../manifest-objects.ts';
import { failureOf } from '../manifests.ts';
import { changePrinter, dryRunFlag, dryRunOf, managedFieldsFlag, outputFlag } from '../output.ts';
import { compactJson } from '../printers/object-text.ts';

/** `kdaemon apply set-last-applied`. */
export const setLastAppliedCommand: CommandSpec = {
  name: 'set-last-applied',
  summary: 'Set the last applied configuration of live objects to what a file says',
  description:
    'Set the configuration that client-side apply keeps on objects to what manifests say, as if they had been applied, without changing anything else.',
  examples: [
    '# Take a manifest for the last one that was applied',
    'kdaemon apply set-last-applied -f daemonset.yaml',
    '',
    '# The same for an object that was never applied',
    'kdaemon apply set-last-applied -f daemonset.yaml --create-annotation',
  ],
  usage: 'kdaemon apply set-last-applied -f FILENAME [options]',
  flags: [
    ...manifestFlags,
    dryRunFlag,
    outputFlag,
    managedFieldsFlag,
    {
      name: 'create-annotation',
      type: 'bool',
      default: 'false',
      usage: 'Make the annotation where an object has none.',
    },
  ],
  run: set,
};

async function set({ flags, args, context, commandPath }: Invocation): Promise<void> {
  if (args.length > 0) throw misuse(commandPath, `Unexpected args: [${args.join(' ')}]`);
  if (!flags.given('filename')) throw new CommandError('must specify one of -f and -k');
  const client = await context.client();
  const printer = changePrinter(context.streams, flags);
  const failures: (string | Error)[] = [];
  const changes: { readonly ready: ReadyObject; readonly text: string; readonly live: KubeObject }[] = [];
  for await (const entry of manifestEntries(context, flags, { validate: false })) {
    await attempt(failures, async () => {
      const ready =
        entry.kind === 'problem'
          ? entry.message
          : await readyObject(client, context, entry.value, entry.source);
      if (typeof ready === 'string') throw new CommandError(ready);
      const { resource, namespace, name } = ready;
      const live = await client.get<KubeObject>(resource, { namespace, name });
      const text = `${compactJson(withoutAnnotation(ready.object))}\n`;
      const old = live.metadata.annotations?.[LAST_APPLIED];
      if (old === undefined && !flags.bool('create-annotation')) throw noAnnotation(name);
      if (old === text) context.streams.out(`set-last-applied ${name}: no changes required.\n`);
      else changes.push({ ready, text, live });
    });
  }
  // All or nothing, as far as it can be told beforehand.
  const failure = failureOf(failures);
  if (failure !== undefined) throw failure;
  for (const { ready, text, live } of changes) {
    const object = await annotated({ flags, context }, client, ready, live, text);
    await printer.print(object, 'configured');
  }
  await printer.end();
}

async function annotated(
  { flags, context }: Pick<Invocation, 'flags' | 'context'>,
  client: Client,
  { resource, namespace, name }: ReadyObject,
  live: KubeObject,
  text: string,
): Promise<KubeObject> {
  const dryRun = dryRunOf(flags);
  if (dryRun === 'client') return live;
  const { object } = await send(client, context, {
    verb: 'patch',
    kind: resource,
    key: { namespace, name },
    patchType: 'merge',
    patch: { metadata: { annotations: { [LAST_APPLIED]: text } } },
    dryRun: dryRun === 'server',
    fieldManager: 'kubectl-client-side-apply',
  });
  return object;
}

/** Unlike apply, kubectl adds no empty annotations here. */
function withoutAnnotation(object: KubeObject): KubeObject {
  const { annotations } = object.metadata;
  if (annotations?.[LAST_APPLIED] === undefined) return object;
  const { [LAST_APPLIED]: _itself, ...others } = annotations;
  return { ...object, metadata: { ...object.metadata, annotations: others } };
}

function noAnnotation(name: string): CommandError {
  return new CommandError(
    `no last-applied-configuration annotation found on resource: ${name}, to create the annotation, run the command with --create-annotation`,
  );
}
