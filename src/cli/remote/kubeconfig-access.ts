import { dirname, resolve } from 'node:path';
import type { Json } from '../../api/meta.ts';
import { loadYaml } from '../../domain/yaml/load.ts';
import { CommandError } from '../errors.ts';
import { readIfThere } from '../serve/private-files.ts';
import type { RemoteAccess } from './http-transport.ts';

type Fields = { readonly [field: string]: Json };

/** What the command line says of a server. '' is not given. */
export interface RemoteFlags {
  readonly server: string;
  readonly token: string;
  readonly kubeconfig: string;
  readonly context: string;
  readonly namespace: string;
}

/**
 * Where the flags lead to. Throws CommandError: for flags that name no server, a kubeconfig that cannot be used, and
 * for a context with a namespace of its own while the command line names none. (kubectl would use the context's.
 * Commands here know their namespace before a kubeconfig is read, so it has to be said rather than guessed.)
 */
export function remoteAccess(flags: RemoteFlags): RemoteAccess {
  if (flags.kubeconfig === '') {
    if (flags.context !== '') throw new CommandError('--context needs --kubeconfig');
    if (flags.server === '') throw new CommandError('--token needs --server or --kubeconfig');
    return { server: checkedUrl(flags.server), ...tokenOf(flags.token) };
  }
  const { namespace, ...access } = readKubeconfig(flags.kubeconfig, flags.context);
  if (flags.namespace === '' && namespace !== '' && namespace !== 'default') {
    throw new CommandError(
      `the context's namespace is ${JSON.stringify(namespace)}: say -n ${namespace}, or another`,
    );
  }
  return {
    ...access,
    ...(flags.server === '' ? {} : { server: checkedUrl(flags.server) }),
    ...tokenOf(flags.token),
  };
}

const tokenOf = (token: string) => (token === '' ? {} : { token });

function checkedUrl(text: string): string {
  const url = /^https?:\/\//.test(text) ? text : `http://${text}`;
  if (!URL.canParse(url)) throw new CommandError(`--server ${text}: not a URL`);
  return url;
}

function readKubeconfig(file: string, wanted: string): RemoteAccess & { readonly namespace: string } {
  const text = readIfThere(file);
  if (text === undefined) throw new CommandError(`stat ${file}: no such file or directory`);
  const config = fieldsOf(loadYaml(text).value);
  const name = wanted === '' ? textOf(config['current-context']) : wanted;
  const context = named(config.contexts, name, 'context');
  if (context === undefined) throw new CommandError(`context ${JSON.stringify(name)} does not exist`);
  const cluster = named(config.clusters, textOf(context.cluster), 'cluster');
  const user = named(config.users, textOf(context.user), 'user') ?? {};
  if (cluster === undefined)
    throw new CommandError(`cluster ${JSON.stringify(textOf(context.cluster))} does not exist`);
  for (const field of ['exec', 'auth-provider', 'username'] as const) {
    if (user[field] !== undefined) throw new CommandError(`${file}: users with ${field} are not supported`);
  }
  const content = (fields: Fields, field: string): string | undefined => pemOf(file, fields, field);
  const tokenFile = textOf(user.tokenFile);
  // client-go's order: a file goes before a token beside it.
  if (tokenFile !== '') fileText(file, tokenFile);
  const authority = content(cluster, 'certificate-authority');
  const cert = content(user, 'client-certificate');
  const key = content(user, 'client-key');
  return {
    namespace: textOf(context.namespace),
    server: checkedUrl(textOf(cluster.server)),
    ...(tokenFile === '' ? tokenOf(textOf(user.token)) : { tokenFile: resolve(dirname(file), tokenFile) }),
    ...(authority === undefined ? {} : { authority }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(cluster['insecure-skip-tls-verify'] === true ? { skipVerify: true } : {}),
  };
}

/** PEM text that is in the kubeconfig itself (`FIELD-data`), or in a file beside it. */
function pemOf(kubeconfig: string, fields: Fields, field: string): string | undefined {
  const data = textOf(fields[`${field}-data`]);
  if (data !== '') return Buffer.from(data, 'base64').toString('utf8');
  return fileText(kubeconfig, textOf(fields[field]));
}

/** The text of a file whose path is relative to the kubeconfig; undefined where none is named. */
function fileText(kubeconfig: string, file: string): string | undefined {
  if (file === '') return undefined;
  const path = resolve(dirname(kubeconfig), file);
  const text = readIfThere(path);
  if (text === undefined) throw new CommandError(`${path} does not exist`);
  return text;
}

function named(list: Json | undefined, name: string, field: string): Fields | undefined {
  if (!Array.isArray(list)) return undefined;
  const entry = list.map(fieldsOf).find((one) => one.name === name);
  return entry === undefined ? undefined : fieldsOf(entry[field] ?? null);
}

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

function fieldsOf(value: Json): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}
