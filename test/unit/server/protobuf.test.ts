import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { KindRef } from '../../../src/api/meta.ts';
import { decodeObject } from '../../../src/registry/schema/decode.ts';
import { decodeProtobufBody } from '../../../src/server/protobuf/decode-body.ts';
import { CONFIG_MAPS, servedApp } from './served-app.ts';

interface Row {
  readonly json: { readonly apiVersion: string; readonly kind: string };
  readonly protobuf: string;
}

/** Objects as upstream writes them: see test/support/generate-schema/go/protobuf-oracle. */
const rows = readFileSync(new URL('data/protobuf.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Row);

const PROTOBUF = { 'content-type': 'application/vnd.kubernetes.protobuf' };

function kindOf({ apiVersion, kind }: Row['json']): KindRef {
  if (kind === 'DeleteOptions') return { group: '', version: 'v1', kind };
  const [group = '', version = ''] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  return { group, version, kind };
}

describe('a protobuf body', () => {
  test.each(rows.map((row, index) => [`${index} ${row.json.kind}`, row] as const))(
    'is the object that its JSON is: %s',
    (_name, { json, protobuf }) => {
      const kind = kindOf(json);
      const read = (value: unknown) => {
        const source = kind.kind === 'DeleteOptions' ? { ...(value as object), apiVersion: 'v1' } : value;
        return decodeObject(kind, source, 'Strict').object;
      };
      const decoded = decodeProtobufBody(Buffer.from(protobuf, 'base64'));
      expect(read(decoded)).toEqual(read(json));
    },
  );

  test('creates', async () => {
    const api = servedApp();
    const secret = rows.find(({ json }) => json.kind === 'Secret');
    const body = Buffer.from(secret?.protobuf ?? '', 'base64');
    const made = await api.call('POST', '/api/v1/namespaces/default/secrets', body, PROTOBUF);
    expect([made.status, made.json.data]).toEqual([201, { a: 'AAEC', b: '', x: 'w7zigqzwn5iA' }]);
    const options = Buffer.from(
      rows.find(({ json }) => json.kind === 'DeleteOptions')?.protobuf ?? '',
      'base64',
    );
    const refused = await api.call('DELETE', '/api/v1/namespaces/default/secrets/l', options, PROTOBUF);
    expect(refused.json.message).toContain('the UID in the precondition (u) does not match');
  });

  test.each([
    ['without its prefix', Buffer.from('{"kind":"ConfigMap"}')],
    ['cut off', Buffer.from([0x6b, 0x38, 0x73, 0, 0x0a, 0x40, 1])],
    [
      'of a custom kind',
      Buffer.from([0x6b, 0x38, 0x73, 0, 0x0a, 10, 0x0a, 3, 0x61, 0x2f, 0x62, 0x12, 3, 0x46, 0x6f, 0x6f]),
    ],
    [
      'with a number that does not end',
      Buffer.from([0x6b, 0x38, 0x73, 0, ...new Array<number>(12).fill(0xff)]),
    ],
  ])('%s is 400', async (_name, body) => {
    const { status, json } = await servedApp().call('POST', CONFIG_MAPS, body, PROTOBUF);
    expect([status, json.reason]).toEqual([400, 'BadRequest']);
  });
});
