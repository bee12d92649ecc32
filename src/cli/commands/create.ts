import type { Client } from '../../api/client.ts';
import type { KubeObject } from '../../api/meta.ts';
import { hasReason, StatusError } from '../../api/status.ts';
import { LAST_APPLIED } from '../../api/well-known.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import { CommandError } from '../errors.ts';
import { ApiFailure } from '../exit.ts';
import {
  attempt,
  forCreation,
  manifestEntries,
  manifestFlags,
  readyObject,
  send,
} from '../manifest-objects.ts';
import { failureOf, noObjects } from '../manifests.ts';
import { kindOf } from '../object-names.ts';
import { changeText, dryRunFlag, dryRunOf, outputFlag } from '../output.ts';
import { compactJson } from '../printers/object-text.ts';
import { createNode } from './create-node.ts';

const sharedFlags = [dryRunFlag, outputFlag];

/** Creates one object made from flags, and prints what happened. */
export async function createObject({ context, flags }: Invocation, object: KubeObject): Promise<void> {
  const client = await context.client();
  const dryRun = dryRunOf(flags.string('dry-run'));
  const made =
    dryRun === 'client'
      ? object
      : (
          await send(client, context, {
            verb: 'create',
            kind: kindOf(object),
            namespace: object.metadata.namespace ?? '',
            object,
            dryRun: dryRun === 'server',
            fieldManager: 'kubectl-create',
          })
        ).object;
  context.streams.out(await changeText(made, 'created', flags.string('output'), dryRun));
}

const namespaceCommand: CommandSpec = {
  name: 'namespace',
  aliases: ['ns'],
  summary: 'Create a namespace with the specified name',
  usage: 'kdaemon create namespace NAME [--dry-run=server|client|none] [options]',
  examples: ['# Create a namespace for the agents', 'kdaemon create namespace agents'],
  flags: sharedFlags,
  async run(invocation) {
    const [name, ...more] = invocation.args;
    if (name === undefined || more.length > 0)
      throw new CommandError(`exactly one NAME is required, got ${invocation.args.length}`);
    await createObject(invocation, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  },
};

const configMapCommand: CommandSpec = {
  name: 'configmap',
  aliases: ['cm'],
  summary: 'Create a config map from literal values',
  usage:
    'kdaemon create configmap NAME [--from-literal=key1=value1] [--dry-run=server|client|none] [options]',
  examples: [
    '# Create a config map with one key',
    'kdaemon create configmap agent --from-literal=level=debug',
  ],
  flags: [
    ...sharedFlags,
    {
      name: 'from-literal',
      type: 'repeated',
      default: '[]',
      usage: 'A key and a literal value (mykey=somevalue).',
    },
  ],
  async run(invocation) {
    const [name, ...more] = invocation.args;
    if (name === undefined || more.length > 0)
      throw new CommandError(`exactly one NAME is required, got ${invocation.args.length}`);
    const data: Record<string, string> = {};
    for (const literal of invocation.flags.strings('from-literal')) {
      const equals = literal.indexOf('=');
      if (equals < 1) throw new CommandError(`invalid literal source ${literal}, expected key=value`);
      data[literal.slice(0, equals)] = literal.slice(equals + 1);
    }
    const object = {
      apiVersion: 'v1',
      ...(Object.keys(data).length === 0 ? {} : { data }),
      kind: 'ConfigMap',
      metadata: { name, namespace: invocation.context.namespace },
    };
    await createObject(invocation, object);
  },
};

/** `kdaemon create`. */
export const command: CommandSpec = {
  name: 'create',
  summary: 'Create a resource from a file or from stdin',
  description: 'Create a resource from a file or from stdin.\n\n JSON and YAML formats are accepted.',
  examples: [
    '# Create a DaemonSet from a file',
    'kdaemon create -f daemonset.yaml',
    '',
    '# Create what standard input says',
    'cat daemonset.json | kdaemon create -f -',
    '',
    '# Create three nodes, worker-1 to worker-3',
    'kdaemon create node worker --count 3 --label disk=ssd',
  ],
  usage: 'kdaemon create -f FILENAME [options]',
  flags: [
    ...manifestFlags,
    ...sharedFlags,
    {
      name: 'save-config',
      type: 'bool',
      default: 'false',
      usage: 'Keep the manifest in an annotation, for a later apply.',
    },
    {
      name: 'validate',
      type: 'string',
      default: 'strict',
      bare: 'strict',
      usage: 'Must be one of: strict (or true), warn, ignore (or false).',
    },
    {
      name: 'field-manager',
      type: 'string',
      default: 'kubectl-create',
      usage: 'Name of the manager used to track field ownership.',
    },
  ],
  subcommands: [createNode, namespaceCommand, configMapCommand],
  async run(invocation) {
    const { flags, args, context } = invocation;
    if (args.length > 0)
      throw new CommandError(
        `Unexpected args: [${args.join(' ')}]\nSee 'kdaemon create -h' for help and examples`,
      );
    if (!flags.given('filename')) throw new CommandError('must specify one of -f and -k');
    await createFromFiles(invocation, await context.client());
  },
};

async function createFromFiles({ flags, context }: Invocation, client: Client): Promise<void> {
  const dryRun = dryRunOf(flags.string('dry-run'));
  const validation = fieldValidationOf(flags.string('validate'));
  const failures: (string | Error)[] = [];
  let seen = 0;
  for await (const entry of manifestEntries(context, flags, validation !== 'Ignore')) {
    if (entry.kind === 'problem') {
      failures.push(entry.message);
      continue;
    }
    const ready = await readyObject(client, context, entry.value, entry.source);
    if (typeof ready === 'string') {
      failures.push(ready);
      continue;
    }
    seen += 1;
    await attempt(failures, async () => {
      const object = flags.bool('save-config') ? withLastApplied(ready.object) : ready.object;
      let made = forCreation(object);
      if (dryRun !== 'client') {
        try {
          const outcome = await send(client, context, {
            verb: 'create',
            kind: ready.resource,
            namespace: ready.namespace,
            object: made,
            dryRun: dryRun === 'server',
            fieldManager: flags.string('field-manager'),
            fieldValidation: validation,
          });
          made = outcome.object;
        } catch (error) {
          throw withSource(error, 'creating', ready.source);
        }
      }
      context.streams.out(await changeText(made, 'created', flags.string('output'), dryRun));
    });
  }
  const failure = failureOf(failures);
  if (failure !== undefined) throw failure;
  if (seen === 0) throw noObjects('create');
}

/** Reads --validate as kubectl does. */
export function fieldValidationOf(value: string): 'Strict' | 'Warn' | 'Ignore' {
  switch (value) {
    case 'strict':
    case 'true':
      return 'Strict';
    case 'warn':
      return 'Warn';
    case 'ignore':
    case 'false':
      return 'Ignore';
    default:
      throw new CommandError(
        `invalid - --validate=${value}: must be one of strict (or true), warn, ignore (or false)`,
      );
  }
}

/** A refusal with the file it is about; refusals of content (`Invalid`) name the object themselves. */
export function withSource(error: unknown, verb: string, source: string): unknown {
  if (!(error instanceof StatusError) || hasReason(error, 'Invalid')) return error;
  return new ApiFailure(error.status, `error when ${verb} ${JSON.stringify(source)}`);
}

/** The object with the annotation that client-side apply compares with: the manifest itself, as one line of JSON. */
export function withLastApplied(object: KubeObject): KubeObject {
  const { [LAST_APPLIED]: _old, ...annotations } = object.metadata.annotations ?? {};
  const plain = { ...object, metadata: { ...object.metadata, annotations } };
  const text = `${compactJson(plain)}\n`;
  return { ...plain, metadata: { ...plain.metadata, annotations: { ...annotations, [LAST_APPLIED]: text } } };
}
