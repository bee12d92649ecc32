import type { KubeObject, LabelSelector } from '../../api/meta.ts';
import { formatLabelSelector } from '../../domain/selectors/labels.ts';
import { describerOf } from './describer.ts';
import { eventLines } from './event-lines.ts';

interface DisruptionBudget extends KubeObject {
  readonly spec?: {
    readonly minAvailable?: number | string;
    readonly maxUnavailable?: number | string;
    readonly selector?: LabelSelector;
  };
  readonly status?: {
    readonly disruptionsAllowed?: number;
    readonly currentHealthy?: number;
    readonly desiredHealthy?: number;
    readonly expectedPods?: number;
  };
}

/** policy/v1 PodDisruptionBudget. */
export const describeDisruptionBudget = describerOf<DisruptionBudget>(
  (out, { metadata, spec = {}, status = {} }, { now, events }) => {
    const { minAvailable, maxUnavailable, selector } = spec;
    out.line(0, `Name:\t${metadata.name}`);
    out.line(0, `Namespace:\t${metadata.namespace}`);
    if (minAvailable !== undefined) out.line(0, `Min available:\t${minAvailable}`);
    else if (maxUnavailable !== undefined) out.line(0, `Max unavailable:\t${maxUnavailable}`);
    out.line(0, `Selector:\t${selector === undefined ? '<unset>' : formatLabelSelector(selector)}`);
    out.line(0, 'Status:');
    out.line(2, `Allowed disruptions:\t${status.disruptionsAllowed ?? 0}`);
    out.line(2, `Current:\t${status.currentHealthy ?? 0}`);
    out.line(2, `Desired:\t${status.desiredHealthy ?? 0}`);
    out.line(2, `Total:\t${status.expectedPods ?? 0}`);
    if (events !== undefined) eventLines(out, events, now);
  },
);
