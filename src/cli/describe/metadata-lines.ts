import { LAST_APPLIED } from '../../api/well-known.ts';
import type { TabbedText } from './tabbed-text.ts';
import { utcWithOffset } from './times.ts';

type Strings = Readonly<Record<string, string>>;

/** Bytes of an annotation, its key included, from which on its value is on lines of its own. */
const LONG_ANNOTATION = 140;

/** Items one below the other: `title:` and the first on one line, the others in the same column. */
export function listLines(out: TabbedText, title: string, items: readonly string[]): void {
  if (items.length === 0) {
    out.raw(`${title}:\t<none>\n`);
    return;
  }
  out.raw(items.map((item, at) => `${at === 0 ? `${title}:` : ''}\t${item}\n`).join(''));
}

/** Labels, or any other map of strings, sorted, each as `key=value`. */
export function labelLines(out: TabbedText, title: string, labels: Strings | undefined): void {
  listLines(
    out,
    title,
    sortedEntries(labels).map(([key, value]) => `${key}=${value}`),
  );
}

/** Annotations but the one of client-side apply. Long values and those of several lines start below their key. */
export function annotationLines(out: TabbedText, title: string, annotations: Strings | undefined): void {
  const shown = sortedEntries(annotations).filter(([key]) => key !== LAST_APPLIED);
  listLines(out, title, shown.map(annotationText));
}

function annotationText([key, given]: readonly [string, string]): string {
  const value = given.endsWith('\n') ? given.slice(0, -1) : given;
  if (value.length + key.length + 2 <= LONG_ANNOTATION && !value.includes('\n')) return `${key}: ${value}`;
  const lines = value.split('\n').map((line) => `\t  ${shortened(line, LONG_ANNOTATION - 2)}`);
  return `${key}:\n${lines.join('\n')}`;
}

function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}...` : text;
}

/** The entries of a map of strings in bytewise order of their keys. */
export function sortedEntries<T>(map: Readonly<Record<string, T>> | undefined): [string, T][] {
  return Object.entries(map ?? {}).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/** `CreationTimestamp:` with its time. */
export function creationLine(out: TabbedText, time: string | null | undefined): void {
  out.line(0, `CreationTimestamp:\t${utcWithOffset(time)}`);
}
