import type { Container } from '../../api/core.ts';
import { milliValue, parseQuantity, wholeValue } from '../../domain/quantity.ts';
import type { TabbedText } from './tabbed-text.ts';

/** The value of a pod's field, such as `metadata.name`; '' for what is not known before the container runs. */
export type FieldValue = (path: string) => string;

interface KeyReference {
  readonly name?: string;
  readonly key?: string;
  readonly optional?: boolean;
}

interface ValueSource {
  readonly fieldRef?: { readonly apiVersion?: string; readonly fieldPath: string };
  readonly resourceFieldRef?: { readonly resource: string; readonly divisor?: string | number };
  readonly secretKeyRef?: KeyReference;
  readonly configMapKeyRef?: KeyReference;
}

interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: ValueSource;
}

interface EnvSource {
  readonly prefix?: string;
  readonly configMapRef?: KeyReference;
  readonly secretRef?: KeyReference;
}

/** The environment of a container: whole maps first, then single variables. */
export function environmentLines(
  out: TabbedText,
  container: Container,
  fieldValue: FieldValue = () => '',
): void {
  // The object was accepted by the API, so these fields have v1's shape.
  const sources = (container.envFrom ?? []) as readonly EnvSource[];
  const variables = (container.env ?? []) as readonly EnvVar[];
  if (sources.length > 0) out.line(2, 'Environment Variables from:');
  for (const { prefix = '', configMapRef, secretRef } of sources) {
    const from = configMapRef === undefined ? 'Secret' : 'ConfigMap';
    const { name = '', optional = false } = configMapRef ?? secretRef ?? {};
    const how = prefix === '' ? from : `${from} with prefix '${prefix}'`;
    out.line(3, `${name}\t${how}\tOptional: ${optional}`);
  }
  out.line(2, `Environment:${variables.length === 0 ? '\t<none>' : ''}`);
  for (const { name, value = '', valueFrom } of variables) {
    const text = valueFrom === undefined ? value : sourceText(valueFrom, container, fieldValue);
    const [first = '', ...more] = text.split('\n');
    out.line(3, `${name}:\t${first}`);
    for (const line of more) out.line(3, `\t${line}`);
  }
}

function sourceText(source: ValueSource, container: Container, fieldValue: FieldValue): string {
  const { fieldRef, resourceFieldRef, secretKeyRef, configMapKeyRef } = source;
  if (fieldRef !== undefined) {
    const { apiVersion = 'v1', fieldPath } = fieldRef;
    return `${fieldValue(fieldPath)} (${apiVersion}:${fieldPath})`;
  }
  if (resourceFieldRef !== undefined) {
    const { resource, divisor = 0 } = resourceFieldRef;
    const amount = resourceValue(container, resource, String(divisor));
    const open = amount === '0' && (resource === 'limits.cpu' || resource === 'limits.memory');
    return `${open ? 'node allocatable' : amount} (${resource})`;
  }
  if (secretKeyRef !== undefined) {
    const { name = '', key = '', optional = false } = secretKeyRef;
    return `<set to the key '${key}' in secret '${name}'>\tOptional: ${optional}`;
  }
  if (configMapKeyRef === undefined) return '';
  const { name = '', key = '', optional = false } = configMapKeyRef;
  return `<set to the key '${key}' of config map '${name}'>\tOptional: ${optional}`;
}

/** The amount of a container's resource, such as `limits.cpu`, in units of the divisor, rounded up. */
function resourceValue({ resources }: Container, field: string, divisor: string): string {
  const [list, ...rest] = field.split('.');
  const amounts = list === 'limits' ? resources?.limits : resources?.requests;
  const amount = parseQuantity(String(amounts?.[rest.join('.')] ?? '0'));
  const unit = parseQuantity(divisor === '0' ? '1' : divisor);
  const measure = rest.join('.') === 'cpu' ? milliValue : wholeValue;
  const [all, one] = [measure(amount), measure(unit)];
  return String((all + one - 1n) / one);
}
