import type { KubeObject } from '../../../api/meta.ts';

interface Secret extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

const MASK = '***';

/** Two states of a secret without its values: where they differ, only that is said. */
export function maskedSecrets(
  live: Secret | undefined,
  merged: Secret,
): { readonly live: KubeObject | undefined; readonly merged: KubeObject } {
  const masked = (own: Secret, other: Secret | undefined, when: string): KubeObject => {
    if (own.data === undefined) return own;
    const data = Object.entries(own.data).map(([key, value]) => {
      const there = other?.data?.[key];
      return [key, there === undefined || there === value ? MASK : `${MASK} (${when})`];
    });
    return { ...own, data: Object.fromEntries(data) } as KubeObject;
  };
  return { live: live && masked(live, merged, 'before'), merged: masked(merged, live, 'after') };
}
