import { describe, expect, test } from 'vitest';
import { upkeep } from '../../../../src/cli/serve/upkeep.ts';
import { refusal } from '../../../../src/registry/status-errors.ts';
import { StoreError } from '../../../../src/store/store.ts';

describe('upkeep', () => {
  test('goes on after a chore that the store or the API refused, and tells why', async () => {
    const done: string[] = [];
    const told: string[] = [];
    const chores = [
      async () => {
        throw new StoreError('locked', 'somebody else writes');
      },
      async () => {
        throw refusal(410, 'Expired', 'too old');
      },
      async () => {
        done.push('last');
      },
    ];
    await upkeep(chores, ({ message }) => told.push(message))();
    expect(told).toEqual(['somebody else writes', 'too old']);
    expect(done).toEqual(['last']);
  });

  test('ends with any other failure', async () => {
    const broken = upkeep([() => Promise.reject(new TypeError('a bug'))], () => undefined);
    await expect(broken()).rejects.toThrow('a bug');
  });
});
