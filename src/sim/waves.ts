import type { SyncRecord } from '../controllers/daemonset/sync-record.ts';
import type { Wave } from './plan-report.ts';
import type { Recorder } from './timeline.ts';

/** Groups what the controller does into waves: the nodes that one sync set in motion. */
export interface Waves {
  /** Takes a sync over. Answers whether it created or deleted pods. */
  sync(record: SyncRecord): boolean;
  /** All waves; those that did not end do so at `endMs`. */
  list(endMs: number): readonly Wave[];
}

interface OpenWave {
  readonly fromMs: number;
  readonly nodes: string[];
  toMs: number | undefined;
  /** Nodes that have not come to rest. */
  readonly moving: Set<string>;
}

/** Waves of a rollout; a wave ends when the last of its nodes has come to rest. */
export function createWaves(recorder: Recorder, elapsedMs: () => number): Waves {
  const waves: OpenWave[] = [];
  const waveOf = new Map<string, OpenWave>();
  recorder.onRest((node, atMs) => {
    const wave = waveOf.get(node);
    if (wave === undefined) return;
    waveOf.delete(node);
    wave.moving.delete(node);
    if (wave.moving.size === 0) wave.toMs = atMs;
  });
  return {
    sync({ steps }) {
      const touched = new Set<string>();
      let worked = false;
      for (const step of steps) {
        if (step.node === undefined || step.refused !== undefined) continue;
        if (step.do !== 'createPod' && step.do !== 'deletePod') continue;
        worked = true;
        if (!waveOf.has(step.node)) touched.add(step.node);
      }
      if (touched.size > 0) {
        const nodes = [...touched].sort();
        const wave: OpenWave = { fromMs: elapsedMs(), nodes, toMs: undefined, moving: new Set() };
        waves.push(wave);
        for (const node of nodes) {
          if (recorder.isAtRest(node)) continue;
          wave.moving.add(node);
          waveOf.set(node, wave);
        }
        if (wave.moving.size === 0) wave.toMs = elapsedMs();
      }
      return worked;
    },
    list: (endMs) =>
      waves.map(({ fromMs, toMs, nodes }, index) => ({
        number: index + 1,
        fromMs,
        toMs: toMs ?? endMs,
        nodes,
      })),
  };
}
