import type { Client } from '../../api/client.ts';
import type { Event } from '../../api/core.ts';
import type { KubeObject } from '../../api/meta.ts';
import type { TabbedText } from './tabbed-text.ts';

/** What describing an object may look at besides the object. */
export interface Surroundings {
  readonly client: Client;
  /** The cluster's time, in milliseconds since the epoch. */
  readonly now: number;
  /** The object's events; absent when they are not to be shown. */
  readonly events?: readonly Event[];
}

/** Writes the description of one object. */
export type Describer = (out: TabbedText, object: KubeObject, around: Surroundings) => void | Promise<void>;

/** A describer of one kind. The API accepts only objects that have their kind's shape. */
export function describerOf<T extends KubeObject>(
  describe: (out: TabbedText, object: T, around: Surroundings) => void | Promise<void>,
): Describer {
  return (out, object, around) => describe(out, object as T, around);
}
