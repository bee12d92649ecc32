import type { WriteOutcome } from '../api/client.ts';
import { RetryError } from './controller.ts';

/**
 * Throws RetryError when a write was refused, so that its keys come back. A write to an object that is gone is not
 * worth a retry: there is nothing left to do.
 */
export function retryRefused(outcomes: readonly WriteOutcome[]): void {
  for (const outcome of outcomes) {
    if (outcome.ok || outcome.error.reason === 'NotFound') continue;
    throw new RetryError(outcome.error.message ?? outcome.error.reason ?? 'refused');
  }
}
