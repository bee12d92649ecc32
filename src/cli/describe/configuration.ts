import type { KubeObject } from '../../api/meta.ts';
import { describerOf } from './describer.ts';
import { eventLines } from './event-lines.ts';
import { annotationLines, labelLines, listLines, sortedEntries } from './metadata-lines.ts';
import type { TabbedText } from './tabbed-text.ts';

/** Name, namespace, labels and annotations. */
function headLines(out: TabbedText, { metadata }: KubeObject): void {
  out.line(0, `Name:\t${metadata.name}`);
  out.line(0, `Namespace:\t${metadata.namespace}`);
  labelLines(out, 'Labels', metadata.labels);
  annotationLines(out, 'Annotations', metadata.annotations);
}

/** How many bytes base64 stands for. */
const byteCount = (base64: string): number => Buffer.from(base64, 'base64').length;

interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
  readonly binaryData?: Readonly<Record<string, string>>;
}

/** v1 ConfigMap. */
export const describeConfigMap = describerOf<ConfigMap>((out, configMap, { now, events }) => {
  headLines(out, configMap);
  out.raw('\nData\n====\n');
  for (const [key, value] of sortedEntries(configMap.data)) out.raw(`${key}:\n----\n${value}\n\n`);
  out.raw('\nBinaryData\n====\n');
  for (const [key, value] of sortedEntries(configMap.binaryData)) {
    out.raw(`${key}: ${byteCount(value)} bytes\n`);
  }
  out.raw('\n');
  if (events !== undefined) eventLines(out, events, now);
});

interface Secret extends KubeObject {
  readonly type?: string;
  readonly data?: Readonly<Record<string, string>>;
}

/** v1 Secret: its keys and how long their values are; tokens of service accounts are printed whole. */
export const describeSecret = describerOf<Secret>((out, secret) => {
  headLines(out, secret);
  out.raw(`\nType:\t${secret.type ?? ''}\n\nData\n====\n`);
  for (const [key, value] of sortedEntries(secret.data)) {
    const isToken = key === 'token' && secret.type === 'kubernetes.io/service-account-token';
    const shown = isToken ? Buffer.from(value, 'base64').toString('utf8') : `${byteCount(value)} bytes`;
    out.line(0, `${key}:\t${shown}`);
  }
});

interface ServiceAccount extends KubeObject {
  readonly imagePullSecrets?: readonly { readonly name?: string }[];
}

/** v1 ServiceAccount. */
export const describeServiceAccount = describerOf<ServiceAccount>((out, account, { now, events }) => {
  headLines(out, account);
  const names = (account.imagePullSecrets ?? []).map(({ name = '' }) => name);
  listLines(out, 'Image pull secrets', names);
  if (events !== undefined) eventLines(out, events, now);
});
