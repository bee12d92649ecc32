import type { Node, Taint } from '../../api/core.ts';
import { TAINT_NOT_READY } from '../../api/well-known.ts';
import { genericStrategy } from './generic.ts';
import type { Strategy } from './strategy.ts';

const generic = genericStrategy({ generation: false, keepsStatusOnCreate: true });
const NOT_READY: Taint = { key: TAINT_NOT_READY, effect: 'NoSchedule' };

/**
 * Nodes keep the status that they are created with, and start tainted `not-ready:NoSchedule` until the node lifecycle
 * controller has seen them ready (TaintNodesByCondition admission).
 */
export const nodeStrategy: Strategy = {
  ...generic,
  prepareForCreate: (object, kind, context) => {
    const node = generic.prepareForCreate(object, kind, context) as Node;
    const taints = node.spec?.taints ?? [];
    const tainted = taints.some(({ key, effect }) => key === NOT_READY.key && effect === NOT_READY.effect);
    return tainted ? node : ({ ...node, spec: { ...node.spec, taints: [...taints, NOT_READY] } } as Node);
  },
};
