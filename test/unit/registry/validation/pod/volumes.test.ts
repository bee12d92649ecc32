import { expect, test } from 'vitest';
import { createErrors } from '../stored-form.ts';

const AT = 'spec.volumes[0]';

const rows: readonly (readonly [
  name: string,
  source: Readonly<Record<string, unknown>>,
  errors: readonly string[],
])[] = [
  ['emptyDir is fine', { emptyDir: {} }, []],
  [
    'two sources are one too many',
    { emptyDir: {}, hostPath: { path: '/' } },
    [`${AT}.hostPath: Forbidden: may not specify more than 1 volume type`],
  ],
  [
    'emptyDir is no smaller than nothing',
    { emptyDir: { sizeLimit: '-1' } },
    [`${AT}.emptyDir.sizeLimit: Forbidden: SizeLimit field must be a valid resource quantity`],
  ],
  ['hostPath needs a path', { hostPath: { path: '' } }, [`${AT}.hostPath.path: Required value`]],
  [
    'file modes are octal',
    { secret: { secretName: 's', defaultMode: 512 } },
    [
      `${AT}.secret.defaultMode: Invalid value: 512: must be a number between 0 and 0777 (octal), both inclusive`,
    ],
  ],
  [
    'files lie inside the volume',
    {
      configMap: {
        name: 'c',
        items: [
          { key: 'a', path: '/a' },
          { key: 'b', path: '..b' },
        ],
      },
    },
    [
      `${AT}.configMap.items[0].path: Invalid value: "/a": must be a relative path`,
      `${AT}.configMap.items[1].path: Invalid value: "..b": must not start with '..'`,
    ],
  ],
  [
    'nfs needs a server and an absolute path',
    { nfs: { server: '', path: 'a' } },
    [`${AT}.nfs.server: Required value`, `${AT}.nfs.path: Invalid value: "a": must be an absolute path`],
  ],
  [
    'csi names a driver',
    { csi: { driver: 'a_b' } },
    [expect.stringContaining(`${AT}.csi.driver: Invalid value: "a_b": a lowercase RFC 1123 subdomain`)],
  ],
  [
    'downwardAPI files have one source',
    { downwardAPI: { items: [{ path: 'a' }] } },
    [`${AT}.downwardAPI: Required value: one of fieldRef and resourceFieldRef is required`],
  ],
  [
    'downwardAPI resources name their container',
    { downwardAPI: { items: [{ path: 'a', resourceFieldRef: { resource: 'limits.cpu' } }] } },
    [`${AT}.downwardAPI.resourceFieldRef.containerName: Required value`],
  ],
  [
    'a claim of the pod asks for room',
    { ephemeral: { volumeClaimTemplate: { spec: {} } } },
    [
      `${AT}.ephemeral.volumeClaimTemplate.spec.accessModes: Required value: at least 1 access mode is required`,
      `${AT}.ephemeral.volumeClaimTemplate.spec.resources[storage]: Required value`,
    ],
  ],
  [
    'a projection has one source each, and files with different names',
    {
      projected: {
        sources: [
          { secret: { name: 's', items: [{ key: 'a', path: 'a' }] }, configMap: { name: 'c' } },
          { configMap: { name: 'd', items: [{ key: 'a', path: 'a' }] } },
        ],
      },
    },
    [
      `${AT}.projected.sources[0]: Forbidden: may not specify more than 1 volume type`,
      `${AT}.projected: Invalid value: "d": conflicting duplicate paths`,
    ],
  ],
];

test.for(rows)('%s', ([, source, errors]) => {
  const volumes = [{ name: 'v', ...source }];
  const spec = { containers: [{ name: 'c', image: 'nginx' }], volumes };
  expect(createErrors({ apiVersion: 'v1', kind: 'Pod', spec })).toEqual(errors);
});

test('a token needs no service account to be named: admission would have named one', () => {
  const sources = [{ serviceAccountToken: { path: 't' } }];
  const volumes = [{ name: 'v', projected: { sources } }];
  const spec = { containers: [{ name: 'c', image: 'nginx' }], volumes };
  expect(createErrors({ apiVersion: 'v1', kind: 'Pod', spec })).toEqual([]);
});

test('a generic ephemeral volume cannot share a claim with another volume', () => {
  const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
  const volumes = [
    { name: 'a', ephemeral: { volumeClaimTemplate: { spec: claim } } },
    { name: 'b', persistentVolumeClaim: { claimName: 'x-a' } },
  ];
  const spec = { containers: [{ name: 'c', image: 'nginx' }], volumes };
  expect(createErrors({ apiVersion: 'v1', kind: 'Pod', spec })).toHaveLength(1);
});
