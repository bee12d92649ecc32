import type { PodSpec, PodTemplateSpec, Toleration } from '../../api/core.ts';
import type { LabelSelector } from '../../api/meta.ts';
import { formatLabelSelector } from '../../domain/selectors/labels.ts';
import { containerLines } from './container-lines.ts';
import { annotationLines, labelLines, listLines } from './metadata-lines.ts';
import { type TabbedText, tabbedText } from './tabbed-text.ts';
import { volumeLines } from './volume-lines.ts';

interface SpreadConstraint {
  readonly topologyKey: string;
  readonly whenUnsatisfiable: string;
  readonly maxSkew: number;
  readonly labelSelector?: LabelSelector;
}

/** A pod template with literal tabs between labels and values, as `rollout history` and `rollout undo` print it. */
export function templateText(template: PodTemplateSpec | undefined): string {
  const out = tabbedText();
  templateLines(out, template);
  return out.text();
}

/** The Pod Template section of a workload. */
export function templateLines(out: TabbedText, template: PodTemplateSpec | undefined): void {
  out.line(0, 'Pod Template:');
  if (template === undefined) {
    out.line(1, '<unset>');
    return;
  }
  const { metadata, spec } = template;
  const inTemplate = true;
  labelLines(out, '  Labels', metadata?.labels);
  if (Object.keys(metadata?.annotations ?? {}).length > 0) {
    annotationLines(out, '  Annotations', metadata?.annotations);
  }
  if (spec.serviceAccountName) out.line(1, `Service Account:\t${String(spec.serviceAccountName)}`);
  const { initContainers = [], containers } = spec;
  if (initContainers.length > 0) {
    containerLines(out, { title: 'Init Containers', containers: initContainers, inTemplate });
  }
  containerLines(out, { title: 'Containers', containers, inTemplate });
  volumeLines(out, volumesOf(spec), inTemplate);
  spreadLines(out, '  ', spec);
  if (spec.priorityClassName) out.line(1, `Priority Class Name:\t${spec.priorityClassName}`);
  schedulingLines(out, '  ', spec);
}

/** The volumes of a pod, as they are. */
export function volumesOf(spec: PodSpec): readonly Readonly<Record<string, unknown>>[] {
  // The object was accepted by the API, so its volumes are a list of objects.
  return (spec.volumes ?? []) as readonly Readonly<Record<string, unknown>>[];
}

/** Node selectors and tolerations. */
export function schedulingLines(out: TabbedText, indent: string, spec: PodSpec): void {
  labelLines(out, `${indent}Node-Selectors`, spec.nodeSelector);
  const byKey = (a: Toleration, b: Toleration): number => ((a.key ?? '') < (b.key ?? '') ? -1 : 1);
  const sameKey = (a: Toleration, b: Toleration): boolean => (a.key ?? '') === (b.key ?? '');
  const sorted = [...(spec.tolerations ?? [])].sort((a, b) => (sameKey(a, b) ? 0 : byKey(a, b)));
  listLines(out, `${indent}Tolerations`, sorted.map(tolerationText));
}

/** Topology spread constraints, where there are any. */
export function spreadLines(out: TabbedText, indent: string, spec: PodSpec): void {
  // The object was accepted by the API, so this field has v1's shape.
  const constraints = (spec.topologySpreadConstraints ?? []) as readonly SpreadConstraint[];
  if (constraints.length === 0) return;
  const sorted = [...constraints].sort((a, b) =>
    a.topologyKey < b.topologyKey ? -1 : a.topologyKey > b.topologyKey ? 1 : 0,
  );
  listLines(
    out,
    `${indent}Topology Spread Constraints`,
    sorted.map(({ topologyKey, whenUnsatisfiable, maxSkew, labelSelector }) => {
      const spread = `${topologyKey}:${whenUnsatisfiable} when max skew ${maxSkew} is exceeded`;
      return labelSelector === undefined
        ? spread
        : `${spread} for selector ${formatLabelSelector(labelSelector)}`;
    }),
  );
}

function tolerationText({
  key = '',
  value = '',
  effect = '',
  operator,
  tolerationSeconds,
}: Toleration): string {
  const what = `${key}${value === '' ? '' : `=${value}`}${effect === '' ? '' : `:${effect}`}`;
  const exists = operator === 'Exists' && value === '' ? 'op=Exists' : '';
  const seconds = tolerationSeconds === undefined ? '' : `for ${tolerationSeconds}s`;
  return [what, exists, seconds].filter((part) => part !== '').join(' ');
}
