import type { WriteRequest } from '../../api/client.ts';
import type { KubeObject } from '../../api/meta.ts';
import type { ServedKind } from '../served-kind.ts';
import { noSuchResource } from '../status-errors.ts';
import type { WriteContext } from '../strategies/strategy.ts';
import { create } from './create.ts';
import { remove } from './delete.ts';
import { patch } from './patch.ts';
import { bind, evict } from './pod-subresources.ts';
import type { Transition } from './transition.ts';
import { update } from './update.ts';

/**
 * What a request makes of the object that is there now (null: none). Pure: time, chance and other objects come with
 * the context. Throws StatusError.
 */
export function answer(
  kind: ServedKind,
  namespace: string,
  request: WriteRequest,
  existing: KubeObject | null,
  context: WriteContext,
): Transition {
  const { fieldValidation = 'Strict', subresource, fieldManager } = request;
  switch (request.verb) {
    case 'create':
      if (subresource !== undefined) return createBelow(kind, subresource, request.object, existing, context);
      return create(
        kind,
        { namespace, object: request.object, fieldValidation, fieldManager },
        existing,
        context,
      );
    case 'update': {
      const key = { namespace, name: request.key.name };
      const body = { key, object: request.object, fieldValidation, subresource, fieldManager };
      return update(kind, body, existing, context);
    }
    case 'patch': {
      const { patchType, patch: body, force } = request;
      const key = { namespace, name: request.key.name };
      return patch(
        kind,
        { key, patchType, patch: body, fieldValidation, subresource, fieldManager, force },
        existing,
        context,
      );
    }
    case 'delete': {
      const { preconditions, gracePeriodSeconds, propagationPolicy } = request;
      const key = { namespace, name: request.key.name };
      return remove(kind, { key, preconditions, gracePeriodSeconds, propagationPolicy }, existing, context);
    }
  }
}

function createBelow(
  kind: ServedKind,
  subresource: string,
  body: unknown,
  existing: KubeObject | null,
  context: WriteContext,
): Transition {
  const pods = kind.info.group === '' && kind.info.kind === 'Pod';
  if (pods && subresource === 'binding') return bind(kind, body, existing, context);
  if (pods && subresource === 'eviction') return evict(kind, body, existing, context);
  throw noSuchResource();
}
