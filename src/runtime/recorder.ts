import type { KubeObject } from '../api/meta.ts';

/** Records events about objects, as client-go's recorder does: equal events are counted, floods are cut. */
export interface EventRecorder {
  event(about: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string): void;
}
