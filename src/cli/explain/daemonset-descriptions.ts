/** What the fields of a DaemonSet are for, by their path. The kind itself is ''. */
export const DAEMON_SET_DESCRIPTIONS: ReadonlyMap<string, string> = new Map([
  ['', 'Keeps one pod on every node that fits.'],
  ['apiVersion', 'Group and version of the API that the object is written in: apps/v1.'],
  ['kind', 'The word for what the object is: DaemonSet.'],
  ['metadata', 'Name, namespace, labels, annotations and what the API itself notes of the object.'],
  ['spec', 'What is wanted.'],
  [
    'spec.minReadySeconds',
    'How many seconds a pod must have been ready before it counts as available. Default 0.',
  ],
  [
    'spec.revisionHistoryLimit',
    'How many old revisions of the template are kept, so that one can go back to them. Default 10.',
  ],
  [
    'spec.selector',
    "Which pods belong to the DaemonSet. It must match the template's labels and never changes.",
  ],
  ['spec.selector.matchExpressions', 'Conditions on labels, all of which must hold.'],
  ['spec.selector.matchLabels', 'Labels that a pod must have, with their values.'],
  [
    'spec.template',
    'What each of the pods looks like. Its node selector and affinity decide which nodes fit.',
  ],
  ['spec.template.metadata', "The pods' labels and annotations."],
  ['spec.template.spec', 'Containers, volumes, tolerations and all else that a pod runs with.'],
  ['spec.updateStrategy', 'How pods of an old template are replaced.'],
  ['spec.updateStrategy.rollingUpdate', 'How fast a rolling update goes. Only for the type RollingUpdate.'],
  [
    'spec.updateStrategy.rollingUpdate.maxSurge',
    'On how many nodes a new pod may run beside the old one while it becomes available: a number, or a percentage of the nodes, rounded up. Default 0. Not 0 where maxUnavailable is 0.',
  ],
  [
    'spec.updateStrategy.rollingUpdate.maxUnavailable',
    'On how many nodes the pod may be missing or not available during the update: a number, or a percentage of the nodes, rounded up. Default 1. Not 0 where maxSurge is 0.',
  ],
  [
    'spec.updateStrategy.type',
    'RollingUpdate replaces pods by itself, some nodes at a time; OnDelete waits until somebody deletes the old pod. Default RollingUpdate.',
  ],
  ['status', 'What is there now, as the controller last saw it.'],
  [
    'status.collisionCount',
    'How often the name of a new revision was taken already. Goes into the next name.',
  ],
  ['status.conditions', 'Not set by the controller.'],
  ['status.currentNumberScheduled', 'How many nodes that should run the pod have one.'],
  ['status.desiredNumberScheduled', 'How many nodes should run the pod.'],
  ['status.numberAvailable', 'How many of these nodes have an available pod.'],
  ['status.numberMisscheduled', 'How many nodes run the pod and should not.'],
  ['status.numberReady', 'How many of the nodes that should run the pod have a ready one.'],
  ['status.numberUnavailable', 'How many nodes that should run the pod have no available one.'],
  ['status.observedGeneration', 'The generation of the spec that these numbers are about.'],
  [
    'status.updatedNumberScheduled',
    'How many nodes that should run the pod have one of the newest template.',
  ],
]);
