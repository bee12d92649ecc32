import type { Toleration } from '../../../api/core.ts';
import { labelValueProblems } from '../../selectors/label-syntax.ts';
import { nodeShouldRunDaemonPod } from '../placement.ts';
import { applyEdit, type Edit, type Pairing } from './edits.ts';
import { endOfTaint, isPlainLabelKey } from './machine-marks.ts';
import {
  type RequirementFinding,
  type RuleFinding,
  rulesFor,
  type TermFinding,
  tolerationOf,
} from './rules.ts';

/** How to get the other answer. Every set was tried out: applied in order, it turns the answer around. */
export interface SmallestEdits {
  /** Alternatives, the most usual first; each is a set of edits that only do it together. */
  readonly sets: readonly (readonly Edit[])[];
  /** Whether no smaller set of such edits does it. False where the search was cut short. */
  readonly smallest: boolean;
}

/** How many edits the search combines at most, and how many alternatives it gives for one edit and for several. */
const MAX_EDITS = 4;
const MAX_SINGLE = 8;
const MAX_COMBINED = 3;

/**
 * The fewest edits after which a node that should not run the pod should, and the other way round. The blanket
 * toleration (`operator: Exists` without a key) is none of them: it lets the pod onto nodes that nobody has thought of.
 */
export function smallestEdits(pairing: Pairing): SmallestEdits {
  if (runs(pairing)) {
    const sets = keepingAway(pairing)
      .filter((edit) => !runs(applyEdit(edit, pairing)))
      .slice(0, MAX_SINGLE);
    return { sets: sets.map((edit) => [edit]), smallest: true };
  }
  for (let count = 1; count <= MAX_EDITS; count += 1) {
    const sets = lettingIn(pairing, count, count === 1 ? MAX_SINGLE : MAX_COMBINED);
    if (sets.length > 0) return { sets, smallest: true };
  }
  return { sets: [oneByOne(pairing)], smallest: false };
}

function runs({ daemonSet, node }: Pairing): boolean {
  return nodeShouldRunDaemonPod(node, daemonSet).shouldRun;
}

/** Sets of exactly `count` edits: one has to remove the first obstacle, the others what is then left. */
function lettingIn(pairing: Pairing, count: number, limit: number): readonly (readonly Edit[])[] {
  const sets: (readonly Edit[])[] = [];
  for (const edit of removingFirstObstacle(pairing)) {
    if (sets.length >= limit) break;
    const next = applyEdit(edit, pairing);
    if (count === 1) {
      if (runs(next)) sets.push([edit]);
    } else if (!runs(next)) {
      for (const rest of lettingIn(next, count - 1, limit - sets.length)) sets.push([edit, ...rest]);
    }
  }
  return sets;
}

/** One edit an obstacle, for when there are too many to look for the best. */
function oneByOne(pairing: Pairing): readonly Edit[] {
  const edits: Edit[] = [];
  for (let now = pairing; !runs(now); ) {
    const before = obstacles(now).length;
    const found = removingFirstObstacle(now)
      .map((edit) => ({ edit, next: applyEdit(edit, now) }))
      .find(({ next }) => obstacles(next).length < before);
    if (found === undefined) throw new Error('an obstacle that no edit removes');
    edits.push(found.edit);
    now = found.next;
  }
  return edits;
}

function obstacles({ daemonSet, node }: Pairing): readonly RuleFinding[] {
  return rulesFor(daemonSet, node).filter(({ verdict }) => verdict !== 'allows');
}

function removingFirstObstacle(pairing: Pairing): readonly Edit[] {
  const all = obstacles(pairing);
  const [first] = all;
  switch (first?.rule) {
    case undefined:
      return [];
    case 'nodeName':
      return [{ do: 'dropNodeName' }];
    case 'nodeSelector': {
      const { key, wanted, actual } = first;
      return [...labelling(key, wanted, actual), { do: 'dropSelectorKey', key, value: wanted }];
    }
    case 'nodeAffinity':
      return [
        ...first.terms.flatMap((term) => (term.flaw === undefined ? meetingTerm(term) : [])),
        { do: 'addTerm', nodeName: pairing.node.metadata.name ?? '' },
      ];
    case 'taint': {
      const tolerating = tolerationsFor(first, all).map(
        (toleration): Edit => ({ do: 'addToleration', toleration }),
      );
      const untainting: Edit = { do: 'untaintNode', taint: first.taint };
      return endOfTaint(first.taint) === undefined
        ? [...tolerating, untainting]
        : [untainting, ...tolerating];
    }
    default:
      return first satisfies never;
  }
}

/** What makes expressions of a term that fail hold. */
function meetingTerm({ term, requirements }: TermFinding): readonly Edit[] {
  return requirements
    .filter(({ holds }) => !holds)
    .flatMap((requirement): readonly Edit[] => {
      const { operator, values, actual } = requirement;
      const widened: Edit[] =
        requirement.in === 'matchFields'
          ? []
          : operator === 'In' && actual !== undefined
            ? [{ do: 'addTermValue', term, requirement, value: actual }]
            : operator === 'NotIn' && actual !== undefined && values.length > 1
              ? [{ do: 'dropTermValue', term, requirement, value: actual }]
              : [];
      const dropped: readonly Edit[] =
        requirements.length > 1 ? [{ do: 'dropExpression', term, requirement }] : [];
      return [...labelsFor(requirement), ...widened, ...dropped];
    });
}

/** Labels that make a failing expression about labels hold. */
function labelsFor({ in: where, key, operator, values, actual }: RequirementFinding): readonly Edit[] {
  if (where === 'matchFields') return [];
  switch (operator) {
    case 'In':
      return values.slice(0, 3).flatMap((value) => labelling(key, value, actual));
    case 'Exists':
      return labelling(key, 'true', actual);
    case 'Gt':
      return labelling(key, String(BigInt(values[0] ?? '0') + 1n), actual);
    case 'Lt':
      return labelling(key, String(BigInt(values[0] ?? '0') - 1n), actual);
    default:
      return actual === undefined || !isPlainLabelKey(key)
        ? []
        : [{ do: 'unlabelNode', key, previous: actual }];
  }
}

/** A label for the node, where people may set it; a number below zero is no label value. */
function labelling(key: string, value: string, previous: string | undefined): readonly Edit[] {
  if (!isPlainLabelKey(key) || labelValueProblems(value).length > 0) return [];
  return [{ do: 'labelNode', key, value, ...(previous !== undefined && { previous }) }];
}

/** The narrowest toleration for a taint first, then one that covers others of the same key with it. */
function tolerationsFor(
  { taint }: RuleFinding & { readonly rule: 'taint' },
  all: readonly RuleFinding[],
): readonly Toleration[] {
  const sameKey = all.flatMap((one) =>
    one.rule === 'taint' && one.taint.key === taint.key ? [one.taint] : [],
  );
  if (sameKey.length < 2) return [tolerationOf(taint)];
  const { key, value = '' } = taint;
  const hasOneValue = value !== '' && sameKey.every((other) => other.value === value);
  const wider: Toleration = hasOneValue ? { key, operator: 'Equal', value } : { key, operator: 'Exists' };
  return [tolerationOf(taint), wider];
}

/** What may keep the pod off a node on which it should run now. */
function keepingAway(pairing: Pairing): readonly Edit[] {
  const { daemonSet } = pairing;
  const name = daemonSet.metadata.name ?? '';
  const key = `no-${name.slice(0, 60)}`.replace(/[^A-Za-z0-9]+$/, '');
  return [
    { do: 'excludeNode', nodeName: pairing.node.metadata.name ?? '' },
    ...rulesFor(daemonSet, pairing.node).flatMap(undoing),
    { do: 'taintNode', taint: { key, effect: 'NoSchedule' } },
  ];
}

function undoing(finding: RuleFinding): readonly Edit[] {
  switch (finding.rule) {
    case 'nodeSelector':
      return isPlainLabelKey(finding.key)
        ? [{ do: 'unlabelNode', key: finding.key, previous: finding.wanted }]
        : [];
    case 'nodeAffinity':
      return finding.terms
        .filter(({ matches }) => matches)
        .flatMap(({ requirements }) => requirements.flatMap(breaking));
    case 'taint': {
      const { toleratedBy } = finding;
      return toleratedBy?.index === undefined
        ? []
        : [{ do: 'dropToleration', index: toleratedBy.index, toleration: toleratedBy.toleration }];
    }
    default:
      return [];
  }
}

/** The label whose loss makes an expression fail. */
function breaking({ in: where, key, operator, actual }: RequirementFinding): readonly Edit[] {
  const needsLabel = operator !== 'NotIn' && operator !== 'DoesNotExist';
  if (where === 'matchFields' || !needsLabel || actual === undefined || !isPlainLabelKey(key)) return [];
  return [{ do: 'unlabelNode', key, previous: actual }];
}
