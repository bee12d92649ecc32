import type { Controller, Lister } from '../runtime/controller.ts';

/** The controller as if it were told of some keys only. */
export function attendOnly(
  controller: Controller,
  isMeant: (key: string, lister: Lister) => boolean,
): Controller {
  return {
    ...controller,
    async reconcile(keys, context) {
      const meant = keys.filter((key) => isMeant(key, context.lister));
      return meant.length === 0 ? [] : controller.reconcile(meant, context);
    },
  };
}
