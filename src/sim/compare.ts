import { NO_REQUESTS, plus, requestsOfTemplate } from './amounts.ts';
import { outcomeOf } from './outcome.ts';
import type { ComparedStrategy } from './plan-report.ts';
import { type PlanOptions, simulate } from './simulate.ts';
import { resolvedStrategy, type StrategyChoice } from './strategy.ts';

/** The same change under other strategies, in the order asked for. Throws StatusError where one is refused. */
export async function compareStrategies(
  options: PlanOptions,
  choices: readonly StrategyChoice[],
): Promise<readonly ComparedStrategy[]> {
  const compared: ComparedStrategy[] = [];
  for (const choice of choices) {
    const run = await simulate(options, choice);
    const { after } = run;
    if (after === undefined) continue;
    const result = outcomeOf(run, resolvedStrategy(after, run.recorder.wanting().length));
    compared.push({
      name: choice.name,
      outcome: result.outcome,
      durationMs: result.durationMs,
      upToDate: result.upToDate,
      fewestAvailable: result.fewestAvailable.count,
      mostUnavailable: result.mostUnavailable,
      mostSurge: result.mostSurge,
      extra: plus(NO_REQUESTS, requestsOfTemplate(after.spec.template), result.mostSurge),
      ...(result.stuck === undefined ? {} : { stuckBecause: result.stuck.because }),
    });
  }
  return compared;
}
