import type { KubeObject } from '../../api/meta.ts';
import { at, withField, withMetadata } from '../strategies/generic.ts';
import type { Conversion } from './conversion.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Annotation in which v1 carries what it has no field for. */
const OTHER_METRICS = 'autoscaling.alpha.kubernetes.io/metrics';

/**
 * autoscaling/v1 knows one metric, the utilization of cpu; v2 is what is stored. Other metrics travel through v1 in an
 * annotation, behaviour and current metrics do not.
 */
export const olderAutoscalers: Conversion = {
  storedAs: { group: 'autoscaling', resource: 'horizontalpodautoscalers' },
  fromStored: toOlder,
  toStored: toNewer,
};

function toOlder(stored: KubeObject): KubeObject {
  const { metrics, behavior: _behavior, ...spec } = fieldsOf(at(stored, 'spec'));
  const all: readonly unknown[] = Array.isArray(metrics) ? metrics : [];
  const cpu = all.find(isCpuUtilization);
  const others = all.filter((metric) => metric !== cpu);
  const target = at(cpu, 'resource', 'target', 'averageUtilization');
  const { currentMetrics: _current, conditions: _conditions, ...status } = fieldsOf(at(stored, 'status'));
  const older = withField(
    withField(
      stored,
      'spec',
      target === undefined ? spec : { ...spec, targetCPUUtilizationPercentage: target },
    ),
    'status',
    at(stored, 'status') === undefined ? undefined : { currentReplicas: 0, ...status },
  );
  const annotated =
    others.length === 0
      ? older
      : withAnnotations(older, { ...older.metadata.annotations, [OTHER_METRICS]: JSON.stringify(others) });
  return { ...annotated, apiVersion: 'autoscaling/v1' };
}

function toNewer(object: KubeObject): KubeObject {
  const { targetCPUUtilizationPercentage: target, ...spec } = fieldsOf(at(object, 'spec'));
  const { [OTHER_METRICS]: carried, ...annotations } = object.metadata.annotations ?? {};
  const metrics = [...otherMetrics(carried), ...(target === undefined ? [] : [cpuUtilization(target)])];
  const { currentCPUUtilizationPercentage: _current, ...status } = fieldsOf(at(object, 'status'));
  const newer = withField(
    withField(object, 'spec', metrics.length === 0 ? spec : { ...spec, metrics }),
    'status',
    at(object, 'status') === undefined ? undefined : { ...status, currentMetrics: null },
  );
  return {
    ...(carried === undefined ? newer : withAnnotations(newer, annotations)),
    apiVersion: 'autoscaling/v2',
  };
}

function withAnnotations(object: KubeObject, annotations: Readonly<Record<string, string>>): KubeObject {
  const { annotations: _replaced, ...metadata } = object.metadata;
  return withMetadata(
    object,
    Object.keys(annotations).length === 0 ? metadata : { ...metadata, annotations },
  );
}

function otherMetrics(text: string | undefined): readonly unknown[] {
  if (text === undefined) return [];
  try {
    const metrics: unknown = JSON.parse(text);
    return Array.isArray(metrics) ? metrics : [];
  } catch {
    // Users can write anything into an annotation; what is no list of metrics says nothing of metrics.
    return [];
  }
}

function isCpuUtilization(metric: unknown): boolean {
  return (
    at(metric, 'type') === 'Resource' &&
    at(metric, 'resource', 'name') === 'cpu' &&
    at(metric, 'resource', 'target', 'averageUtilization') !== undefined
  );
}

function cpuUtilization(averageUtilization: unknown): Fields {
  return { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } } };
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}
