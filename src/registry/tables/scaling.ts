import { ageOf, NONE, nameOf, UNKNOWN, UNSET } from './cell-text.ts';
import { type Printed, tableKind } from './table.ts';

interface PodDisruptionBudget extends Printed {
  readonly spec?: { readonly minAvailable?: number | string; readonly maxUnavailable?: number | string };
  readonly status?: { readonly disruptionsAllowed?: number };
}

/** policy PodDisruptionBudget. */
export const podDisruptionBudgetTable = tableKind<PodDisruptionBudget>(
  ['Name', 'Min Available', 'Max Unavailable', '#Allowed Disruptions', 'Age'],
  (budget, now) => [
    nameOf(budget),
    String(budget.spec?.minAvailable ?? 'N/A'),
    String(budget.spec?.maxUnavailable ?? 'N/A'),
    budget.status?.disruptionsAllowed ?? 0,
    ageOf(budget, now),
  ],
);

interface Amount {
  readonly value?: string;
  readonly averageValue?: string;
  readonly averageUtilization?: number;
}

interface MetricSpec {
  readonly type: string;
  readonly resource?: { readonly name: string; readonly target?: Amount };
  readonly containerResource?: { readonly name: string; readonly target?: Amount };
  readonly pods?: { readonly target?: Amount };
  readonly object?: { readonly target?: Amount };
  readonly external?: { readonly target?: Amount };
}

interface MetricStatus {
  readonly resource?: { readonly current?: Amount };
  readonly containerResource?: { readonly current?: Amount };
  readonly pods?: { readonly current?: Amount };
  readonly object?: { readonly current?: Amount };
  readonly external?: { readonly current?: Amount };
}

interface HorizontalPodAutoscaler extends Printed {
  readonly spec?: {
    readonly scaleTargetRef?: { readonly kind: string; readonly name: string };
    readonly minReplicas?: number;
    readonly maxReplicas?: number;
    readonly metrics?: readonly MetricSpec[];
    /** Version 1's only metric, in percent. */
    readonly targetCPUUtilizationPercentage?: number;
  };
  readonly status?: {
    readonly currentReplicas?: number;
    readonly currentMetrics?: readonly MetricStatus[];
    readonly currentCPUUtilizationPercentage?: number;
  };
}

/** autoscaling HorizontalPodAutoscaler, versions 1 and 2. */
export const horizontalPodAutoscalerTable = tableKind<HorizontalPodAutoscaler>(
  ['Name', 'Reference', 'Targets', 'MinPods', '#MaxPods', '#Replicas', 'Age'],
  (autoscaler, now) => {
    const target = autoscaler.spec?.scaleTargetRef;
    return [
      nameOf(autoscaler),
      target === undefined ? '' : `${target.kind}/${target.name}`,
      targets(autoscaler),
      autoscaler.spec?.minReplicas === undefined ? UNSET : String(autoscaler.spec.minReplicas),
      autoscaler.spec?.maxReplicas ?? 0,
      autoscaler.status?.currentReplicas ?? 0,
      ageOf(autoscaler, now),
    ];
  },
);

function targets({ spec, status }: HorizontalPodAutoscaler): string {
  const percent = spec?.targetCPUUtilizationPercentage;
  if (percent !== undefined) {
    const current = status?.currentCPUUtilizationPercentage;
    return `cpu: ${current === undefined ? UNKNOWN : `${current}%`}/${percent}%`;
  }
  const metrics = spec?.metrics ?? [];
  if (metrics.length === 0) return NONE;
  const shown = metrics
    .slice(0, 2)
    .map((metric, index) => metricText(metric, status?.currentMetrics?.[index]));
  const more = metrics.length > 2 ? ` + ${metrics.length - 2} more...` : '';
  return shown.join(', ') + more;
}

function metricText(metric: MetricSpec, status: MetricStatus | undefined): string {
  switch (metric.type) {
    case 'Resource':
      return resourceText(metric.resource, status?.resource?.current);
    case 'ContainerResource':
      return resourceText(metric.containerResource, status?.containerResource?.current);
    case 'Pods':
      return `${status?.pods?.current?.averageValue ?? UNKNOWN}/${metric.pods?.target?.averageValue ?? ''}`;
    case 'Object':
      return amountText(metric.object?.target, status?.object?.current);
    case 'External':
      return amountText(metric.external?.target, status?.external?.current);
    default:
      return '<unknown type>';
  }
}

function amountText(target: Amount | undefined, current: Amount | undefined): string {
  return target?.averageValue === undefined
    ? `${current?.value ?? UNKNOWN}/${target?.value ?? ''}`
    : `${current?.averageValue ?? UNKNOWN}/${target.averageValue} (avg)`;
}

function resourceText(
  metric: { readonly name: string; readonly target?: Amount } | undefined,
  current: Amount | undefined,
): string {
  const name = metric?.name ?? '';
  const target = metric?.target;
  if (target?.averageValue !== undefined) {
    return `${name}: ${current?.averageValue ?? UNKNOWN}/${target.averageValue}`;
  }
  const now = current?.averageUtilization;
  return `${name}: ${now === undefined ? UNKNOWN : `${now}%`}/${target?.averageUtilization ?? 0}%`;
}

interface FlowSchema extends Printed {
  readonly spec?: {
    readonly priorityLevelConfiguration?: { readonly name?: string };
    readonly matchingPrecedence?: number;
    readonly distinguisherMethod?: { readonly type?: string };
  };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** flowcontrol.apiserver.k8s.io FlowSchema. */
export const flowSchemaTable = tableKind<FlowSchema>(
  ['Name', 'PriorityLevel', '#MatchingPrecedence', 'DistinguisherMethod', 'Age', 'MissingPL'],
  (schema, now) => [
    nameOf(schema),
    schema.spec?.priorityLevelConfiguration?.name ?? '',
    schema.spec?.matchingPrecedence ?? 0,
    schema.spec?.distinguisherMethod?.type ?? NONE,
    ageOf(schema, now),
    schema.status?.conditions?.find((condition) => condition.type === 'Dangling')?.status ?? '?',
  ],
);

interface PriorityLevelConfiguration extends Printed {
  readonly spec?: {
    readonly type?: string;
    readonly limited?: {
      readonly nominalConcurrencyShares?: number;
      readonly limitResponse?: {
        readonly queuing?: {
          readonly queues?: number;
          readonly handSize?: number;
          readonly queueLengthLimit?: number;
        };
      };
    };
  };
}

/** flowcontrol.apiserver.k8s.io PriorityLevelConfiguration. */
export const priorityLevelTable = tableKind<PriorityLevelConfiguration>(
  ['Name', 'Type', 'NominalConcurrencyShares', 'Queues', 'HandSize', 'QueueLengthLimit', 'Age'],
  (level, now) => {
    const limited = level.spec?.limited;
    const queuing = limited?.limitResponse?.queuing;
    return [
      nameOf(level),
      level.spec?.type ?? '',
      String(limited?.nominalConcurrencyShares ?? NONE),
      String(queuing?.queues ?? NONE),
      String(queuing?.handSize ?? NONE),
      String(queuing?.queueLengthLimit ?? NONE),
      ageOf(level, now),
    ];
  },
);
