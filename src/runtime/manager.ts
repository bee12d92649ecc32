import type { Client } from '../api/client.ts';
import type { Pod } from '../api/core.ts';
import type { KubeObject } from '../api/meta.ts';
import { StatusError } from '../api/status.ts';
import { type Cache, createCache, type KnownState } from './cache.ts';
import type { Clock } from './clock.ts';
import { type Controller, type Lister, RetryError, type Watch } from './controller.ts';
import { createEventSink } from './event-sink.ts';
import { kindKey, kindKeyOf } from './kind-key.ts';
import type { RestingPods } from './pods-on-demand.ts';
import type { Random } from './random.ts';
import { createWorkQueue, type Due, type WorkQueue } from './work-queue.ts';

/** Parts of a manager. */
export interface ManagerOptions {
  readonly client: Client;
  readonly controllers: readonly Controller[];
  readonly clock: Clock;
  readonly random: Random;
  /** A state in which nothing was due (see `settledAt`): only what has changed since is looked at to begin with. */
  readonly settled?: KnownState;
  /** Pods that need not stay in memory; absent: all stay. */
  readonly resting?: RestingPods;
  /**
   * Of several loops with due keys, whether the last one in `controllers` goes first, so that what was begun is finished before
   * more is begun; the same holds for the keys of a loop that asks for it. Absent or false: the key that has waited longest.
   */
  readonly finishFirst?: boolean;
  /** Told of each failed reconcile, before its keys are tried again. */
  readonly onFailure?: (failure: Failure) => void;
}

/** A reconcile that failed and will be tried again. */
interface Failure {
  readonly controller: string;
  readonly keys: readonly string[];
  readonly error: StatusError | RetryError;
}

/** What comes next, of which controller. */
export interface NextDue extends Due {
  readonly controller: string;
}

/**
 * Runs controllers one item at a time. Nothing happens outside `step`, so the caller decides when, and real and
 * virtual time run the same lines.
 *
 * Before each decision the cache takes over everything that was committed, the manager's own writes included: no
 * controller ever decides without having seen what another one (or it) has just done.
 */
export interface Manager {
  readonly lister: Lister;
  /**
   * Takes over changes, then lets one controller handle its due keys (one, or a batch). Resolves to false when there
   * was nothing due; then all recorded events are written. Throws what reading changes throws, and what a reconcile
   * throws besides StatusError and RetryError; no key is lost by it. Must not be called again before it has resolved.
   */
  step(): Promise<boolean>;
  /**
   * One pass: every key that is due now is handled once, and what that brings up is left for the next pass. Resolves
   * to the number of steps. Throws as `step` does. Not for a manager that finishes first: it may leave more.
   */
  pass(): Promise<number>;
  /** The earliest key that is not due yet, as of the last step. */
  nextDue(): NextDue | undefined;
  /** Writes recorded events now. */
  flush(): Promise<void>;
  /** See `Cache.podsAtHand`. */
  podsAtHand(): ReturnType<Cache['podsAtHand']>;
  /** See `Cache.restlessPods`. */
  restlessPods(): readonly Pod[];
  /** Steps that handled keys so far. */
  handled(): number;
  /** The revision up to which everything was handled, when nothing is due now or later; undefined when something is. */
  settledAt(): string | undefined;
}

/** Events that may wait before a step writes them although there is more to do. */
const eventsPerFlush = 500;

interface Worker {
  readonly controller: Controller;
  readonly queue: WorkQueue;
}

/** A watch, and whose queue its keys go to. */
interface Listener {
  readonly worker: Worker;
  readonly watch: Watch;
}

/** A manager of these controllers, in the order of their names in `controllers` where nothing else decides. */
export function createManager(options: ManagerOptions): Manager {
  const { client, clock, random } = options;
  const cache = createCache(client, options.settled, options.resting);
  const events = createEventSink(client, clock, random);
  let number = 0;
  const nextNumber = (): number => number++;
  const workers: readonly Worker[] = options.controllers.map((controller) => ({
    controller,
    queue: createWorkQueue(nextNumber, {
      begunFirst: options.finishFirst === true && controller.begunFirst === true,
    }),
  }));
  const listening = new Map<string, readonly Listener[]>();
  let handled = 0;
  let running = false;

  /** Who hears of changes of a kind: first those who ask for that kind, then those who ask for every kind. */
  function listenersOf(kind: string): readonly Listener[] {
    let found = listening.get(kind);
    if (found === undefined) {
      const all = workers.flatMap((worker) => worker.controller.watches.map((watch) => ({ worker, watch })));
      found = [
        ...all.filter(({ watch }) => watch.kind !== '*' && kindKey(watch.kind) === kind),
        ...all.filter(({ watch }) => watch.kind === '*'),
      ];
      listening.set(kind, found);
    }
    return found;
  }

  function enqueue(previous: KubeObject | undefined, current: KubeObject | undefined, now: number): void {
    const object = current ?? previous;
    if (object === undefined) return;
    for (const { worker, watch } of listenersOf(kindKeyOf(object))) {
      const items = watch.enqueue(previous, current, cache.lister);
      if (items.length === 0) continue;
      for (const item of items) {
        if (typeof item === 'string') worker.queue.add(item, now);
        else worker.queue.addAfter(item.key, now, item.afterMs, item.wait);
      }
    }
  }

  /** The worker that is next: the one whose key came first, or of those with due keys the last one. */
  function first(now = Number.NEGATIVE_INFINITY): { readonly worker: Worker; readonly due: Due } | undefined {
    let found: { worker: Worker; due: Due } | undefined;
    for (const worker of workers) {
      const due = worker.queue.next();
      if (due === undefined) continue;
      const earlier =
        found === undefined ||
        due.at < found.due.at ||
        (options.finishFirst === true && due.at <= now) ||
        (due.at === found.due.at && worker.queue.nextOrder() < found.worker.queue.nextOrder());
      if (earlier) found = { worker, due };
    }
    return found;
  }

  async function handle({ controller, queue }: Worker, now: number, beforeOrder?: number): Promise<void> {
    const keys = queue.take(now, controller.batch ?? 1, beforeOrder);
    const context = {
      client,
      lister: cache.lister,
      recorder: events.recorder(controller.name),
      random,
      now,
    };
    try {
      const again = await controller.reconcile(keys, context);
      for (const key of keys) queue.forget(key);
      for (const { key, afterMs, wait } of again) queue.addAfter(key, now, afterMs, wait);
    } catch (error) {
      const because = error instanceof Error ? error.message : String(error);
      for (const key of keys)
        queue.addAfterFailure(key, now, `${controller.name} tries ${key} again: ${because}`);
      if (!(error instanceof StatusError || error instanceof RetryError)) throw error;
      options.onFailure?.({ controller: controller.name, keys, error });
    } finally {
      for (const key of keys) queue.done(key, now);
    }
  }

  /** Events are a best effort: what the API cannot take now waits for the next time. */
  async function flush(): Promise<void> {
    try {
      await events.flush();
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
    }
  }

  const pull = async (now: number): Promise<void> => {
    await cache.pull(({ previous, current }) => enqueue(previous, current, now));
  };

  /** Handles the first due key whose order number is below `beforeOrder`, with the changes of others in view. */
  async function step(beforeOrder = Number.POSITIVE_INFINITY): Promise<boolean> {
    const now = clock.now();
    await pull(now);
    const next = first(beforeOrder === Number.POSITIVE_INFINITY ? now : undefined);
    if (next === undefined || next.due.at > now || next.worker.queue.nextOrder() >= beforeOrder) {
      await flush();
      return false;
    }
    await handle(next.worker, now, beforeOrder);
    handled += 1;
    if (events.pending() >= eventsPerFlush) await flush();
    return true;
  }

  async function alone<R>(work: () => Promise<R>): Promise<R> {
    if (running) throw new Error('the manager is already in a step');
    running = true;
    try {
      return await work();
    } finally {
      running = false;
    }
  }

  return {
    lister: cache.lister,
    step: () => alone(() => step()),
    pass: () =>
      alone(async () => {
        await pull(clock.now());
        const beforeOrder = number;
        let steps = 0;
        while (await step(beforeOrder)) steps += 1;
        return steps;
      }),
    nextDue() {
      const next = first();
      return next === undefined ? undefined : { ...next.due, controller: next.worker.controller.name };
    },
    flush,
    podsAtHand: cache.podsAtHand,
    restlessPods: cache.restlessPods,
    handled: () => handled,
    settledAt: () => (first() === undefined ? cache.seen() : undefined),
  };
}
