import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { DAEMON_SET } from '../../../../src/api/well-known.ts';
import { type FieldError, invalidStatus } from '../../../../src/registry/validation/field-error.ts';
import { validateCreate, validateUpdate } from '../../../../src/registry/validation/validate.ts';
import { defaulted, type Manifest, minimalDaemonSet } from './daemon-sets.ts';

type Edit = (manifest: Manifest) => void;

const podSpec =
  (fields: Record<string, unknown>): Edit =>
  (manifest) => {
    Object.assign(manifest.spec.template.spec, fields);
  };
const container = (fields: Record<string, unknown>): Edit =>
  podSpec({ containers: [{ name: 'c', image: 'nginx', ...fields }] });
const rolling =
  (rollingUpdate: Record<string, unknown>): Edit =>
  (manifest) => {
    manifest.spec.updateStrategy = { type: 'RollingUpdate', rollingUpdate };
  };
const spec =
  (fields: Record<string, unknown>): Edit =>
  (manifest) => {
    Object.assign(manifest.spec, fields);
  };
const templateLabels =
  (labels: unknown): Edit =>
  (manifest) => {
    manifest.spec.template.metadata = { labels };
  };
const requiredAffinity = (nodeSelectorTerms: unknown): Edit =>
  podSpec({
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
  });

/** How each recorded object differed from the smallest DaemonSet. */
const EDITS: Readonly<Record<string, Edit>> = {
  'create ok': () => {},
  'create selector mismatch': templateLabels({ app: 'y' }),
  'create empty selector': spec({ selector: {} }),
  'create missing selector': (manifest) => {
    delete manifest.spec.selector;
  },
  'create no template labels': (manifest) => {
    manifest.spec.template.metadata = {};
  },
  'create restartPolicy OnFailure': podSpec({ restartPolicy: 'OnFailure' }),
  'create restartPolicy Bogus': podSpec({ restartPolicy: 'Bogus' }),
  'create activeDeadlineSeconds': podSpec({ activeDeadlineSeconds: 5 }),
  'create both zero': rolling({ maxUnavailable: 0, maxSurge: 0 }),
  'create both set': rolling({ maxUnavailable: 1, maxSurge: 1 }),
  'create surge only given (maxUnavailable defaulted 1)': rolling({ maxSurge: '10%' }),
  'create percent >100': rolling({ maxUnavailable: '150%' }),
  'create bad percent': rolling({ maxUnavailable: 'abc' }),
  'create string int': rolling({ maxUnavailable: '2' }),
  'create negative': rolling({ maxUnavailable: -1 }),
  'create 0%': rolling({ maxUnavailable: '0%' }),
  'create bad strategy type': spec({ updateStrategy: { type: 'Recreate' } }),
  'create OnDelete with rollingUpdate garbage': spec({
    updateStrategy: { type: 'OnDelete', rollingUpdate: { maxUnavailable: 'abc' } },
  }),
  'create minReadySeconds -1': spec({ minReadySeconds: -1 }),
  'create revisionHistoryLimit -1': spec({ revisionHistoryLimit: -1 }),
  'create bad name': (manifest) => {
    manifest.metadata.name = 'Bad_Name';
  },
  'create bad label value': (manifest) => {
    manifest.metadata.labels = { a: 'b c' };
  },
  'create bad label key': (manifest) => {
    manifest.metadata.labels = { 'a b': 'c' };
  },
  'create no containers': podSpec({ containers: [] }),
  'create container no image/name': podSpec({ containers: [{}] }),
  'create dup container + bad name': podSpec({
    containers: [
      { name: 'C', image: 'nginx' },
      { name: 'C', image: 'nginx' },
    ],
  }),
  'create bad pull policy': container({ imagePullPolicy: 'Sometimes' }),
  'create matchExpressions In without values': spec({
    selector: { matchLabels: { app: 'x' }, matchExpressions: [{ key: 'a', operator: 'In' }] },
  }),
  'create bad selector operator': spec({
    selector: {
      matchLabels: { app: 'x' },
      matchExpressions: [{ key: 'a', operator: 'Like', values: ['b'] }],
    },
  }),
  'create hostNetwork mismatch': podSpec({
    hostNetwork: true,
    containers: [{ name: 'c', image: 'nginx', ports: [{ containerPort: 80, hostPort: 81 }] }],
  }),
  'create dup hostPort': container({
    ports: [
      { containerPort: 80, hostPort: 81 },
      { containerPort: 82, hostPort: 81 },
    ],
  }),
  'create bad toleration': podSpec({
    tolerations: [
      { operator: 'Equal', value: 'v' },
      { key: 'k', operator: 'Exists', value: 'v' },
      { key: 'k', operator: 'Foo' },
      { key: 'k', operator: 'Exists', effect: 'Nope' },
      { key: 'k', operator: 'Exists', effect: 'NoSchedule', tolerationSeconds: 5 },
      { key: 'k', operator: 'Gt', value: '5' },
    ],
  }),
  'create bad affinity': requiredAffinity([
    {
      matchExpressions: [
        { key: 'a', operator: 'In' },
        { key: 'a', operator: 'Gt' },
        { key: 'a', operator: 'Exists', values: ['b'] },
        { key: 'a', operator: 'Like' },
      ],
      matchFields: [
        { key: 'metadata.name', operator: 'In', values: ['a', 'b'] },
        { key: 'metadata.namespace', operator: 'In', values: ['a'] },
        { key: 'metadata.name', operator: 'Exists' },
      ],
    },
  ]),
  'create empty nodeSelectorTerms': requiredAffinity([]),
  'create bad ports': container({ ports: [{}, { containerPort: 70000, protocol: 'X' }] }),
  'create limits<requests': container({ resources: { limits: { cpu: '1' }, requests: { cpu: '2' } } }),
  'create several': (manifest) => {
    templateLabels({ app: 'y' })(manifest);
    podSpec({ restartPolicy: 'Never' })(manifest);
    spec({ minReadySeconds: -1 })(manifest);
  },
  'update noop': () => {},
  'update selector changed': (manifest) => {
    spec({ selector: { matchLabels: { app: 'y' } } })(manifest);
    templateLabels({ app: 'y' })(manifest);
  },
  'update selector changed mismatch': spec({ selector: { matchLabels: { app: 'y' } } }),
  'update image changed': container({ image: 'nginx:2' }),
  'update minReady changed': spec({ minReadySeconds: 5 }),
  'update labels changed': (manifest) => {
    manifest.metadata.labels = { a: 'b' };
  },
  'update name changed': (manifest) => {
    manifest.metadata.name = 'z';
  },
  'update templateGeneration annotation set 9 by user': (manifest) => {
    manifest.metadata.annotations = { 'deprecated.daemonset.template.generation': '9' };
  },
};

interface Recording {
  readonly title: string;
  readonly message: string | undefined;
  /** `reason | field | message`. */
  readonly causes: readonly string[];
}

function recordings(): readonly Recording[] {
  const text = readFileSync(new URL('data/api-validation.txt', import.meta.url), 'utf8');
  return text
    .split(/^### /m)
    .map((section) => section.split('\n'))
    .map(([title = '', ...lines]) => ({
      title,
      message: lines.find((line) => line.startsWith('message: '))?.slice('message: '.length),
      causes: lines.filter((line) => line.startsWith('cause: ')).map((line) => line.slice('cause: '.length)),
    }))
    .filter(({ title }) => /^(create|update) /.test(title));
}

function errorsOf(
  title: string,
  edit: Edit,
): { readonly name: string; readonly errors: readonly FieldError[] } {
  const manifest = minimalDaemonSet();
  edit(manifest);
  const next = defaulted(manifest);
  const errors = title.startsWith('update ')
    ? validateUpdate(DAEMON_SET, next, defaulted(minimalDaemonSet()))
    : validateCreate(DAEMON_SET, next, { namespaced: true });
  return { name: next.metadata.name ?? '', errors };
}

describe('what upstream answers to one DaemonSet changed in one way', () => {
  test('every recording has its edit here', () => {
    expect(recordings().map(({ title }) => title)).toEqual(Object.keys(EDITS));
  });

  test.for(recordings())('$title', ({ title, message, causes }) => {
    const { name, errors } = errorsOf(title, EDITS[title] ?? (() => {}));
    if (message === undefined) {
      expect(errors).toEqual([]);
      return;
    }
    const status = invalidStatus(DAEMON_SET, name, errors);
    expect(status.message).toBe(message);
    const shown = status.details?.causes?.map(
      (cause) => `${cause.reason} | ${cause.field} | ${cause.message}`,
    );
    expect(shown).toEqual(causes);
  });
});
