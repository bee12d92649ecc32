import type { Condition, KubeObject } from '../../api/meta.ts';
import { describerOf } from './describer.ts';
import { eventLines } from './event-lines.ts';
import { annotationLines, creationLine, labelLines } from './metadata-lines.ts';
import type { TabbedText } from './tabbed-text.ts';

/** What a metric should be, or is. */
interface Amount {
  readonly type?: string;
  readonly value?: string;
  readonly averageValue?: string;
  readonly averageUtilization?: number;
}

interface Source {
  readonly name?: string;
  readonly container?: string;
  readonly metric?: { readonly name: string };
  readonly describedObject?: { readonly kind: string; readonly name: string };
  readonly target?: Amount;
  readonly current?: Amount;
}

const SOURCES = ['resource', 'containerResource', 'pods', 'object', 'external'] as const;

type Metric = { readonly type: string } & { readonly [source in (typeof SOURCES)[number]]?: Source };

interface ScalingRules {
  readonly stabilizationWindowSeconds?: number;
  readonly selectPolicy?: string;
  readonly tolerance?: string;
  readonly policies?: readonly {
    readonly type: string;
    readonly value: number;
    readonly periodSeconds: number;
  }[];
}

interface Autoscaler extends KubeObject {
  readonly spec: {
    readonly scaleTargetRef: { readonly kind: string; readonly name: string };
    readonly minReplicas?: number;
    readonly maxReplicas: number;
    readonly metrics?: readonly Metric[];
    readonly behavior?: { readonly scaleUp?: ScalingRules; readonly scaleDown?: ScalingRules };
  };
  readonly status?: {
    readonly currentReplicas?: number;
    readonly desiredReplicas?: number;
    readonly currentMetrics?: readonly Metric[] | null;
    readonly conditions?: readonly Condition[];
  };
}

const UNKNOWN = '<unknown>';

/** autoscaling/v2 HorizontalPodAutoscaler. */
export const describeAutoscaler = describerOf<Autoscaler>(
  (out, { metadata, spec, status = {} }, { now, events }) => {
    const { kind, name } = spec.scaleTargetRef;
    out.line(0, `Name:\t${metadata.name}`);
    out.line(0, `Namespace:\t${metadata.namespace}`);
    labelLines(out, 'Labels', metadata.labels);
    annotationLines(out, 'Annotations', metadata.annotations);
    creationLine(out, metadata.creationTimestamp);
    out.line(0, `Reference:\t${kind}/${name}`);
    out.line(0, 'Metrics:\t( current / target )');
    for (const [at, metric] of (spec.metrics ?? []).entries()) {
      out.line(1, metricText(metric, status.currentMetrics?.[at]));
    }
    out.line(0, `Min replicas:\t${spec.minReplicas ?? '<unset>'}`);
    out.line(0, `Max replicas:\t${spec.maxReplicas}`);
    if (spec.behavior !== undefined) {
      out.line(0, 'Behavior:');
      rulesLines(out, 'Scale Up', spec.behavior.scaleUp);
      rulesLines(out, 'Scale Down', spec.behavior.scaleDown);
    }
    const { currentReplicas = 0, desiredReplicas = 0 } = status;
    out.line(0, `${kind} pods:\t${currentReplicas} current / ${desiredReplicas} desired`);
    conditionLines(out, status.conditions);
    if (events !== undefined) eventLines(out, events, now);
  },
);

const sourceIn = (metric: Metric | undefined): Source =>
  SOURCES.map((name) => metric?.[name]).find((source) => source !== undefined) ?? {};

/** What is measured, how it is and how it should be. The status holds the same metrics in the same order. */
function metricText(metric: Metric, measured: Metric | undefined): string {
  const { name, container, metric: series, describedObject, target = {} } = sourceIn(metric);
  const current = measured?.type === metric.type ? (sourceIn(measured).current ?? {}) : {};
  const average = `${current.averageValue ?? UNKNOWN} / ${target.averageValue ?? ''}`;
  const value = `${current.value ?? UNKNOWN} / ${target.value ?? ''}`;
  switch (metric.type) {
    case 'Resource':
    case 'ContainerResource': {
      const of = container === undefined ? '' : ` of container "${container}"`;
      const what = `resource ${name}${of} on pods`;
      if (target.averageValue !== undefined) return `${what}:\t${average}`;
      const { averageUtilization, averageValue = '' } = current;
      const share = averageUtilization === undefined ? UNKNOWN : `${averageUtilization}% (${averageValue})`;
      const wanted = target.averageUtilization === undefined ? '<auto>' : `${target.averageUtilization}%`;
      return `${what}  (as a percentage of request):\t${share} / ${wanted}`;
    }
    case 'Pods':
      return `"${series?.name}" on pods:\t${average}`;
    case 'Object': {
      const what = `"${series?.name}" on ${describedObject?.kind}/${describedObject?.name}`;
      return target.type === 'AverageValue'
        ? `${what} (target average value):\t${average}`
        : `${what} (target value):\t${value}`;
    }
    case 'External':
      return target.averageValue === undefined
        ? `"${series?.name}" (target value):\t${value}`
        : `"${series?.name}" (target average value):\t${average}`;
    default:
      return `<unknown metric type "${metric.type}">`;
  }
}

function rulesLines(out: TabbedText, title: string, rules: ScalingRules | undefined): void {
  if (rules === undefined) return;
  const { stabilizationWindowSeconds, selectPolicy = 'Max', tolerance, policies = [] } = rules;
  out.line(1, `${title}:`);
  if (stabilizationWindowSeconds !== undefined) {
    out.line(2, `Stabilization Window: ${stabilizationWindowSeconds} seconds`);
  }
  if (policies.length > 0) {
    out.line(2, `Select Policy: ${selectPolicy}`);
    out.line(2, 'Policies:');
    for (const { type, value, periodSeconds } of policies) {
      out.line(3, `- Type: ${type}\tValue: ${value}\tPeriod: ${periodSeconds} seconds`);
    }
  }
  if (tolerance !== undefined) out.line(2, `Tolerance: ${tolerance}`);
}

function conditionLines(out: TabbedText, conditions: readonly Condition[] = []): void {
  if (conditions.length === 0) return;
  out.line(0, 'Conditions:');
  out.line(1, 'Type\tStatus\tReason\tMessage');
  out.line(1, '----\t------\t------\t-------');
  for (const { type, status, reason = '', message = '' } of conditions) {
    out.line(1, `${type}\t${status}\t${reason}\t${message}`);
  }
}
