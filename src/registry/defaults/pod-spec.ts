import {
  along,
  asFields,
  each,
  ensure,
  type Fields,
  type Filler,
  fill,
  inOrder,
  isEmpty,
  withField,
  within,
} from './filling.ts';
import { pullPolicyFor } from './image-name.ts';
import { fillPodLevelRequests } from './pod-level-requests.ts';
import { roundResourceList, roundResources } from './resource-list.ts';
import { fillVolume } from './volumes.ts';

const CONTAINER_LISTS = ['initContainers', 'containers', 'ephemeralContainers'] as const;

function fillHttpGet(action: Fields): Fields {
  return fill(action, { path: '/', scheme: 'HTTP' });
}

const PROBE_DEFAULTS = { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 };

const fillProbe: Filler = (probe) =>
  within(within(fill(probe, PROBE_DEFAULTS), 'httpGet', fillHttpGet), 'grpc', (action) =>
    fill(action, { service: '' }),
  );

const FIELD_REF: Fields = { apiVersion: 'v1' };

/** Fills one container, init container or ephemeral container. */
const fillContainer: Filler = (given) => {
  let container = given;
  if (container.imagePullPolicy === undefined) {
    container = { ...container, imagePullPolicy: pullPolicyFor(container.image) };
  }
  container = fill(container, {
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  });
  container = each(container, 'ports', (port) => fill(port, { protocol: 'TCP' }));
  container = along(container, ['env[]', 'valueFrom', 'fieldRef'], (ref) => fill(ref, FIELD_REF));
  container = within(container, 'resources', roundResources);
  for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    container = within(container, probe, fillProbe);
  }
  for (const hook of ['postStart', 'preStop']) {
    container = along(container, ['lifecycle', hook, 'httpGet'], fillHttpGet);
  }
  return container;
};

const POD_SPEC_DEFAULTS: Fields = {
  dnsPolicy: 'ClusterFirst',
  restartPolicy: 'Always',
  schedulerName: 'default-scheduler',
  securityContext: {},
  terminationGracePeriodSeconds: 30,
};

/** `serviceAccount` is the old name of `serviceAccountName`: both are written, the new one wins. */
function mirrorServiceAccount(spec: Fields): Fields {
  const name = spec.serviceAccountName ?? spec.serviceAccount;
  return withField(withField(spec, 'serviceAccountName', name), 'serviceAccount', name);
}

/** Fills a v1.PodSpec, in a pod or in a template. */
const fillPodSpec: Filler = (given) => {
  let spec = fill(mirrorServiceAccount(given), POD_SPEC_DEFAULTS);
  for (const list of CONTAINER_LISTS) spec = each(spec, list, fillContainer);
  spec = each(spec, 'volumes', fillVolume);
  spec = within(spec, 'resources', roundResources);
  return within(spec, 'overhead', roundResourceList);
};

/** Fills a v1.PodTemplateSpec. */
export const fillPodTemplate: Filler = (template) => ensure(template, 'spec', fillPodSpec);

/** Containers of a pod ask for what they are limited to, where they ask for nothing. */
const requestLimits: Filler = (container) =>
  within(container, 'resources', (resources) => {
    const limits = asFields(resources.limits);
    if (limits === undefined || isEmpty(limits)) return resources;
    return withField(resources, 'requests', fill(asFields(resources.requests) ?? {}, limits));
  });

/** On the host's network a container's port is the host's port. */
const takeHostPorts: Filler = (container) =>
  each(container, 'ports', (port) => fill(port, { hostPort: port.containerPort }));

/** Fills a v1.Pod: what templates get, and what pods alone get. */
export const fillPod: Filler = (pod) =>
  ensure(pod, 'spec', (given) => {
    let spec = fill(fillPodSpec(given), { enableServiceLinks: true });
    const perContainer = spec.hostNetwork === true ? inOrder(requestLimits, takeHostPorts) : requestLimits;
    for (const list of ['initContainers', 'containers']) spec = each(spec, list, perContainer);
    return fillPodLevelRequests(spec);
  });
