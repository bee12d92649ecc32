import type { Json, KubeObject } from '../../src/api/meta.ts';
import { DAEMON_SET } from '../../src/api/well-known.ts';
import { conflictCauses, conflictMessage } from '../../src/domain/patch/apply/conflicts.ts';
import { applyServerSide } from '../../src/domain/patch/apply/server-side-apply.ts';
import { isObject } from '../../src/domain/patch/json-object.ts';
import { PatchError } from '../../src/domain/patch/patch-error.ts';
import { applyDefaults } from '../../src/registry/defaults/apply-defaults.ts';
import { decodeObject } from '../../src/registry/schema/decode.ts';
import { lookupType } from '../../src/registry/schema/schema-node.ts';
import { differences } from './difference.ts';
import type { PatchRow } from './patches-rows.ts';

const NOW = Date.parse('2026-11-24T07:00:00Z');

/**
 * What is wrong with a server-side apply of one row. The registry does not serve apply yet, so this goes through the
 * function itself, then decoding and defaulting; the generation and its annotation, which the DaemonSet's strategy
 * sets afterwards, are taken from the answer.
 */
export function applyRow(object: KubeObject, row: PatchRow): readonly string[] {
  const live: Json = JSON.parse(JSON.stringify(object));
  if (!isObject(live) || !isObject(row.patch)) return ['not an object'];
  const force = row.query.includes('force=true');
  try {
    const result = applyServerSide({
      live,
      applied: row.patch,
      manager: 'tester',
      force,
      schema: lookupType(DAEMON_SET),
      now: NOW,
      resetFields: [['status']],
    });
    if (result.conflicts !== undefined) {
      const { details, message } = row.body;
      return [
        ...differences(row.code, 409),
        ...differences(message, conflictMessage(result.conflicts)),
        ...differences(details?.causes, conflictCauses(result.conflicts)),
      ];
    }
    if (row.code !== 200) return [`expected ${row.code}: ${row.body.message}`];
    const defaulted = applyDefaults(DAEMON_SET, decodeObject(DAEMON_SET, result.object, 'Strict').object);
    return differences(withoutGeneration(row.body), withoutGeneration(defaulted));
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    return row.code === 500 && row.body.message?.endsWith(error.message) ? [] : [`refused: ${error.message}`];
  }
}

/** The object without generations and without the managers' times. */
function withoutGeneration(object: unknown): unknown {
  const text = JSON.stringify(object, (key, value: unknown) =>
    key === 'generation' || key === 'time' || key === 'deprecated.daemonset.template.generation'
      ? undefined
      : value,
  );
  return JSON.parse(text);
}
