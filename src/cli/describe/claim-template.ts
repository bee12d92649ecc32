import type { KubeObject } from '../../api/meta.ts';
import { labelLines } from './metadata-lines.ts';
import type { TabbedText } from './tabbed-text.ts';

interface ClaimTemplate extends KubeObject {
  readonly spec?: {
    readonly storageClassName?: string;
    readonly accessModes?: readonly string[];
    readonly resources?: { readonly requests?: Readonly<Record<string, string>> };
  };
}

/** The Volume Claims section of a StatefulSet. */
export function claimTemplateLines(out: TabbedText, templates: readonly ClaimTemplate[]): void {
  if (templates.length === 0) {
    out.line(0, 'Volume Claims:\t<none>');
    return;
  }
  out.line(0, 'Volume Claims:');
  for (const { metadata, spec } of templates) {
    out.line(1, `Name:\t${metadata.name}`);
    out.line(1, `StorageClass:\t${spec?.storageClassName ?? ''}`);
    labelLines(out, '  Labels', metadata.labels);
    labelLines(out, '  Annotations', metadata.annotations);
    const storage = spec?.resources?.requests?.storage;
    out.line(1, `Capacity:\t${storage ?? '<default>'}`);
    out.line(1, `Access Modes:\t[${(spec?.accessModes ?? []).join(' ')}]`);
  }
}
