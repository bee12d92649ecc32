import { afterEach, beforeEach, expect, test } from 'vitest';
import { type InProcess, openInProcess } from '../../support/in-process.ts';

let cli: InProcess;
beforeEach(() => {
  cli = openInProcess();
});
afterEach(() => cli.remove());

const dry = (...args: string[]) => cli.ok(['create', ...args, '--dry-run=client', '-o', 'yaml']);

test.each<[string, readonly string[], string]>([
  [
    'a secret',
    ['secret', 'generic', 's', '--from-literal=a=b', '--type=x/y'],
    'apiVersion: v1\ndata:\n  a: Yg==\nkind: Secret\nmetadata:\n  name: s\ntype: x/y\n',
  ],
  [
    'a service account',
    ['serviceaccount', 'x', '-n', 'q'],
    'apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: x\n  namespace: q\n',
  ],
  [
    'a priority class',
    ['priorityclass', 'p', '--value=10', '--description=d'],
    'apiVersion: scheduling.k8s.io/v1\ndescription: d\nkind: PriorityClass\nmetadata:\n  name: p\npreemptionPolicy: PreemptLowerPriority\nvalue: 10\n',
  ],
  [
    'a quota',
    ['quota', 'q', '--hard=pods=10,cpu=1', '--scopes=BestEffort'],
    'apiVersion: v1\nkind: ResourceQuota\nmetadata:\n  name: q\nspec:\n  hard:\n    cpu: "1"\n    pods: "10"\n  scopes:\n  - BestEffort\nstatus: {}\n',
  ],
  [
    'a role binding',
    ['rolebinding', 'r', '--clusterrole=admin', '--user=u', '--group=g', '--serviceaccount=default:s'],
    `apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: r
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: admin
subjects:
- apiGroup: rbac.authorization.k8s.io
  kind: User
  name: u
- apiGroup: rbac.authorization.k8s.io
  kind: Group
  name: g
- kind: ServiceAccount
  name: s
  namespace: default
`,
  ],
  [
    'a cluster role',
    ['clusterrole', 'r', '--verb=get', '--non-resource-url=/healthz'],
    'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: r\nrules:\n- nonResourceURLs:\n  - /healthz\n  verbs:\n  - get\n',
  ],
  [
    'a role over two groups',
    ['role', 'r', '--verb=get,list', '--resource=pods,ds.apps,pods/log', '--resource-name=x'],
    `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: r
rules:
- apiGroups:
  - ""
  resourceNames:
  - x
  resources:
  - pods
  - pods/log
  verbs:
  - get
  - list
- apiGroups:
  - apps
  resourceNames:
  - x
  resources:
  - daemonsets
  verbs:
  - get
  - list
`,
  ],
  [
    'a deployment',
    ['deployment', 'd', '--image=a/busybox:1', '--image=nginx', '--replicas=2', '--port=80'],
    `apiVersion: apps/v1
kind: Deployment
metadata:
  labels:
    app: d
  name: d
spec:
  replicas: 2
  selector:
    matchLabels:
      app: d
  strategy: {}
  template:
    metadata:
      labels:
        app: d
    spec:
      containers:
      - image: a/busybox:1
        name: busybox
        ports:
        - containerPort: 80
        resources: {}
      - image: nginx
        name: nginx
        resources: {}
status: {}
`,
  ],
  [
    'a cron job',
    ['cronjob', 'j', '--image=busybox', '--schedule=*/1 * * * *'],
    `apiVersion: batch/v1
kind: CronJob
metadata:
  name: j
spec:
  jobTemplate:
    metadata:
      name: j
    spec:
      template:
        metadata: {}
        spec:
          containers:
          - image: busybox
            name: j
            resources: {}
          restartPolicy: OnFailure
  schedule: '*/1 * * * *'
status: {}
`,
  ],
])('%s is made as kubectl makes it', async (_, args, yaml) => {
  expect(await dry(...args)).toBe(yaml);
});

test('what follows -- is the command of a job', async () => {
  expect(
    await cli.ok([
      'create',
      'job',
      'j',
      '--image=busybox',
      '--dry-run=client',
      '-o',
      'yaml',
      '--',
      'date',
      '-u',
    ]),
  ).toContain(
    '      - command:\n        - date\n        - -u\n        image: busybox\n        name: j\n        resources: {}\n      restartPolicy: Never\n',
  );
});

test.each([
  [['deployment', 'd', '--image=nginx']],
  [['job', 'd', '--image=nginx']],
  [['cronjob', 'd', '--image=nginx', '--schedule=* * * * *']],
  [['role', 'r', '--verb=get', '--resource=pods']],
  [['clusterrolebinding', 'r', '--clusterrole=c', '--user=u']],
  [['secret', 'generic', 'r']],
  [['quota', 'q', '--hard=pods=2']],
  [['priorityclass', 'pc', '--value=7']],
  [['serviceaccount', 'sa']],
])('create %j is accepted by the registry', async (args) => {
  expect(await cli.ok(['create', ...args])).toMatch(/ created\n$/);
});

test.each([
  [['job', 'j'], 'either --image or --from must be specified'],
  [['deployment', 'd'], 'required flag(s) "image" not set'],
  [['quota', 'q', '--hard=pods'], 'Invalid argument syntax pods, expected <resource>=<value>'],
  [
    ['quota', 'q', '--hard=pods=x'],
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
  ],
  [['rolebinding', 'r'], 'exactly one of clusterrole or role must be specified'],
  [['rolebinding', 'r', '--role=a', '--serviceaccount=x'], 'serviceaccount must be <namespace>:<name>'],
  [['role', 'r', '--resource=pods'], 'at least one verb must be specified'],
  [['secret', 'generic', 's', '--from-literal=a'], 'invalid literal source a, expected key=value'],
])('create %j is refused', async (args, message) => {
  expect(await cli.run(['create', ...args, '--dry-run=client'])).toEqual({
    code: 1,
    out: '',
    err: `error: ${message}\n`,
  });
});

test.each([
  [['cm', 'a'], 'error: failed to create configmap: configmaps "a" already exists\n'],
  [['secret', 'generic', 'a'], 'error: failed to create secret secrets "a" already exists\n'],
  [['job', 'a', '--image=b'], 'error: failed to create job: jobs.batch "a" already exists\n'],
  [
    ['role', 'a', '--verb=get', '--resource=pods'],
    'Error from server (AlreadyExists): roles.rbac.authorization.k8s.io "a" already exists\n',
  ],
])('a second create %j is refused in the words of its command', async (args, err) => {
  await cli.ok(['create', ...args]);
  expect(await cli.run(['create', ...args])).toEqual({ code: 1, out: '', err });
});

test('a verb that is none of the usual ones is made a role of, with a warning', async () => {
  expect(await cli.run(['create', 'role', 'a', '--verb=get,foo', '--resource=pods'])).toEqual({
    code: 0,
    out: 'role.rbac.authorization.k8s.io/a created\n',
    err: "Warning: 'foo' is not a standard resource verb\n",
  });
});
