import { type Conversion, type Renaming, renamed, reversed } from './conversion.ts';

/** Fields of core/v1 events and what events.k8s.io/v1 calls them; the others have the same names in both. */
const NEWER_NAMES: Renaming = [
  ['involvedObject', 'regarding'],
  ['message', 'note'],
  ['reportingComponent', 'reportingController'],
  ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['count', 'deprecatedCount'],
];

/** events.k8s.io/v1 events are core/v1 events under other names. */
export const newerEvents: Conversion = {
  storedAs: { group: '', resource: 'events' },
  fromStored: (stored) => renamed(stored, NEWER_NAMES, 'events.k8s.io/v1'),
  toStored: (object) => renamed(object, reversed(NEWER_NAMES), 'v1'),
};
