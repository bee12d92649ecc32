import type { KubeObject } from '../../api/meta.ts';
import type { Describer } from './describer.ts';
import { eventLines } from './event-lines.ts';
import { fieldTitle } from './field-title.ts';
import { annotationLines, labelLines, sortedEntries } from './metadata-lines.ts';
import type { TabbedText } from './tabbed-text.ts';

/** Paths that are printed elsewhere, or never. */
const SKIPPED = [
  '.metadata.name',
  '.metadata.namespace',
  '.metadata.labels',
  '.metadata.annotations',
  '.metadata.managedFields',
];

/** Any object: its metadata, and its fields under titles made of their names. */
export const describeGeneric: Describer = (out, object, { now, events }) => {
  const { metadata } = object;
  out.line(0, `Name:\t${metadata.name ?? ''}`);
  out.line(0, `Namespace:\t${metadata.namespace ?? ''}`);
  labelLines(out, 'Labels', metadata.labels);
  annotationLines(out, 'Annotations', metadata.annotations);
  fieldLines(out, 0, object, '');
  if (events !== undefined) eventLines(out, events, now);
};

function fieldLines(out: TabbedText, level: number, object: KubeObject | object, path: string): void {
  for (const [name, value] of sortedEntries(object as Readonly<Record<string, unknown>>)) {
    const at = `${path}.${name}`;
    if (value === undefined || SKIPPED.includes(at)) continue;
    const title = fieldTitle(name);
    if (Array.isArray(value)) {
      out.line(level, `${title}:`);
      for (const item of value) {
        if (isRecord(item)) fieldLines(out, level + 1, item, at);
        else out.line(level + 1, scalarText(item));
      }
    } else if (isRecord(value)) {
      out.line(level, `${title}:`);
      fieldLines(out, level + 1, value, at);
    } else {
      out.line(level, `${title}:\t${scalarText(value)}`);
    }
  }
}

const isRecord = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value as Go's %v prints it. */
function scalarText(value: unknown): string {
  if (value === null) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(scalarText).join(' ')}]`;
  return String(value);
}
