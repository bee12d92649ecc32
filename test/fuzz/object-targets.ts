import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Json } from '../../src/api/meta.ts';
import { StatusError } from '../../src/api/status.ts';
import { DAEMON_SET as DAEMON_SET_KIND } from '../../src/api/well-known.ts';
import { CommandError } from '../../src/cli/errors.ts';
import { remoteAccess } from '../../src/cli/remote/kubeconfig-access.ts';
import { applyServerSide } from '../../src/domain/patch/apply/server-side-apply.ts';
import { applyJsonPatch } from '../../src/domain/patch/json-patch.ts';
import { applyMergePatch } from '../../src/domain/patch/merge-patch.ts';
import { PatchError } from '../../src/domain/patch/patch-error.ts';
import { applyStrategicMergePatch } from '../../src/domain/patch/strategic/apply.ts';
import { createThreeWayMergePatch } from '../../src/domain/patch/strategic/three-way.ts';
import { YamlError } from '../../src/domain/yaml/yaml-error.ts';
import { lookupType } from '../../src/registry/schema/schema-node.ts';
import { decodeProtobufBody } from '../../src/server/protobuf/decode-body.ts';
import { BrokenPromise, type Target } from './fuzz.ts';
import { mustEqual, readOrRefused } from './refusals.ts';
import { DAEMON_SET } from './samples.ts';

const schema = lookupType(DAEMON_SET_KIND);
const LIVE = JSON.parse(JSON.stringify(DAEMON_SET)) as { readonly [field: string]: Json };

const JSON_WORDS = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  'null',
  'true',
  '1',
  '""',
  '"__proto__":',
  '"spec":',
  '"metadata":',
  '"containers":',
  '"name":',
  '"$patch":',
  '"delete"',
  '"replace"',
  '"merge"',
  '"$retainKeys":',
  '"$setElementOrder/containers":',
  '"$deleteFromPrimitiveList/finalizers":',
  '[{"name":"main"}]',
  '"template":',
  '"labels":',
  '"image":',
  '"a"',
];

/** Reads patches and other objects, given as JSON text. Text that is no JSON is not for them to refuse. */
function ofJson(read: (patch: Json) => boolean): (input: string) => boolean {
  return (input) => {
    const patch = readOrRefused(() => JSON.parse(input) as Json, SyntaxError);
    if (patch === undefined) return false;
    const accepted = read(patch.value);
    const { polluted } = {} as { readonly polluted?: unknown };
    if (polluted !== undefined) throw new BrokenPromise('no input reaches what all objects share', input);
    return accepted;
  };
}

const PATCHES = [
  '{"metadata":{"labels":{"a":"b","app":null}},"spec":{"minReadySeconds":7}}',
  '{"spec":{"template":{"spec":{"containers":[{"name":"main","image":"x"},{"name":"new"}],"$setElementOrder/containers":[{"name":"new"},{"name":"main"}]}}}}',
  '{"spec":{"template":{"spec":{"containers":[{"$patch":"delete","name":"side"}],"tolerations":[{"$patch":"replace"}],"volumes":[{"name":"host","$retainKeys":["name"]}]}}}}',
  '{"spec":{"$patch":"replace","template":null}}',
  '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
];

/** Reads patches, protobuf bodies and kubeconfigs: what the API and its clients take in. */
export const OBJECT_TARGETS: readonly Target[] = [
  {
    name: 'strategic-merge-patch',
    seeds: PATCHES,
    words: JSON_WORDS,
    jsonFrom: () => 0,
    read: ofJson(
      (patch) => readOrRefused(() => applyStrategicMergePatch(LIVE, patch, schema), PatchError) !== undefined,
    ),
  },
  {
    name: 'merge-patch',
    seeds: PATCHES,
    words: JSON_WORDS,
    jsonFrom: () => 0,
    read: ofJson((patch) => {
      const once = readOrRefused(() => applyMergePatch(LIVE, patch), PatchError);
      if (once === undefined) return false;
      mustEqual(
        'a merge patch that was applied changes nothing more',
        applyMergePatch(once.value, patch),
        once.value,
      );
      return true;
    }),
  },
  {
    name: 'json-patch',
    seeds: [
      '[{"op":"add","path":"/metadata/labels/x","value":"y"},{"op":"remove","path":"/spec/minReadySeconds"}]',
      '[{"op":"test","path":"/kind","value":"DaemonSet"},{"op":"replace","path":"/spec/template/spec/containers/0/image","value":1}]',
      '[{"op":"move","from":"/metadata/labels","path":"/metadata/annotations/l"},{"op":"copy","from":"/spec","path":"/spec/template/x"}]',
      '[{"op":"add","path":"/__proto__/polluted","value":1},{"op":"add","path":"/spec/template/spec/containers/-","value":{}}]',
    ],
    words: [
      ...JSON_WORDS,
      '"op":',
      '"path":',
      '"from":',
      '"value":',
      '"add"',
      '"remove"',
      '"copy"',
      '"move"',
      '"test"',
      '/',
      '/-',
      '~0',
      '~1',
      '/0',
      '/-1',
      '/99999999',
      '/spec',
    ],
    jsonFrom: () => 0,
    read: ofJson((patch) => readOrRefused(() => applyJsonPatch(LIVE, patch), PatchError) !== undefined),
  },
  {
    name: 'server-side-apply',
    seeds: [
      '{"apiVersion":"apps/v1","kind":"DaemonSet","metadata":{"name":"agent"},"spec":{"minReadySeconds":9,"template":{"spec":{"containers":[{"name":"main","image":"z"}]}}}}',
      ...PATCHES,
    ],
    words: JSON_WORDS,
    jsonFrom: () => 0,
    read: ofJson((patch) => {
      if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return false;
      const applied = patch as { readonly [field: string]: Json };
      const request = { manager: 'fuzz', schema, now: 0, applied, force: true };
      const first = readOrRefused(() => applyServerSide({ ...request, live: LIVE }), PatchError);
      const live = first?.value.object;
      if (live === undefined) return false;
      mustEqual('what was applied is applied', applyServerSide({ ...request, live }).object, live);
      return true;
    }),
  },
  {
    name: 'three-way-patch',
    seeds: PATCHES,
    words: JSON_WORDS,
    jsonFrom: () => 0,
    read: ofJson((patch) => {
      if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return false;
      const wanted = patch as { readonly [field: string]: Json };
      return (
        readOrRefused(() => createThreeWayMergePatch(LIVE, wanted, LIVE, schema), PatchError) !== undefined
      );
    }),
  },
  {
    name: 'protobuf',
    seeds: [
      'k8s\0\n\x0f\n\x02v1\x12\tConfigMap\x12\x0b\n\x03\n\x01a\x12\x04\n\x01k\x12',
      'k8s\0\n\x14\n\x07apps/v1\x12\tDaemonSet\x12\x05\n\x03\n\x01d',
      'k8s\0\n\x13\n\x02v1\x12\rDeleteOptions\x12\x02\b\x05',
    ],
    words: [
      'k8s\0',
      '\n',
      '\x12',
      '\x1a',
      '\b',
      '\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01',
      '\x80',
      '\x0b',
      '\x0c',
      '\x05abcd',
      'v1',
      'Pod',
      'apps/v1',
      '\n\xff\x7f',
    ],
    read: (input) =>
      readOrRefused(() => decodeProtobufBody(Buffer.from(input, 'latin1')), StatusError) !== undefined,
  },
  {
    name: 'kubeconfig',
    seeds: [
      'current-context: a\ncontexts:\n- name: a\n  context: {cluster: c, user: u}\nclusters:\n- name: c\n  cluster: {server: "https://127.0.0.1:1", certificate-authority-data: aGk=}\nusers:\n- name: u\n  user: {token: t}\n',
    ],
    words: [
      '\n',
      '  ',
      '- ',
      ': ',
      'current-context: ',
      'clusters:',
      'users:',
      'contexts:',
      'name: a',
      'server: ',
      'token: ',
      'exec: {}',
      'null',
      '[]',
      '{}',
      'http://',
      '::',
      '%',
    ],
    read: kubeconfigReader(),
  },
];

function kubeconfigReader(): (input: string) => boolean {
  let file: string | undefined;
  return (input) => {
    if (file === undefined) {
      const folder = mkdtempSync(join(tmpdir(), 'kdaemon-fuzz-'));
      process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
      file = join(folder, 'kubeconfig');
    }
    writeFileSync(file, input);
    const flags = { server: '', token: '', kubeconfig: file, context: '', namespace: '' };
    return readOrRefused(() => remoteAccess(flags), CommandError, YamlError) !== undefined;
  };
}
