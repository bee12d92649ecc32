import type { Client, ResourceInfo } from '../../../api/client.ts';
import type { KindRef, KubeObject } from '../../../api/meta.ts';
import { hasReason } from '../../../api/status.ts';
import { type PrinterColumn, printerColumnsOf } from '../../../registry/tables/custom-resources.ts';
import type { Invocation } from '../../command.ts';
import { findObject } from '../../find-object.ts';
import { attempt } from '../../manifest-objects.ts';
import { listSelected } from '../../selection.ts';
import { requireSubresource } from '../../subresource-flag.ts';
import type { Question } from './question.ts';

/** Objects of one kind, as one request answered them. */
export interface Answer {
  readonly resource: ResourceInfo;
  readonly objects: readonly KubeObject[];
  /** What the objects are where it is not the resource: its subresource of another kind. */
  readonly shownAs?: ResourceInfo;
}

const SCALE = { group: 'autoscaling', version: 'v1', kind: 'Scale', plural: 'scales' };

/** Asks for everything that the command line names, one request after another; failures are collected. */
export async function answersTo(
  { targets }: Question,
  invocation: Invocation,
  client: Client,
  failures: (string | Error)[],
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (const { resource, name, namespace } of targets) {
    await attempt(failures, async () => {
      if (name === undefined) {
        answers.push({ resource, objects: await listSelected(client, resource, invocation) });
        return;
      }
      const subresource = invocation.flags.string('subresource');
      requireSubresource(resource, subresource);
      try {
        const object = await client.get(resource, { namespace, name });
        answers.push(
          subresource === 'scale' ? await scaleAnswer(resource, object) : { resource, objects: [object] },
        );
      } catch (error) {
        if (!hasReason(error, 'NotFound') || !invocation.flags.bool('ignore-not-found')) throw error;
      }
    });
  }
  return answers;
}

async function scaleAnswer(resource: ResourceInfo, object: KubeObject): Promise<Answer> {
  const { scaleOf } = await import('../../../server/scale.ts');
  return { resource, objects: [scaleOf(object)], shownAs: { ...resource, ...SCALE } };
}

/** Answers about the same resource, one after another, as one; those without objects left out. */
export function inGroups(answers: readonly Answer[]): readonly Answer[] {
  const groups: (Omit<Answer, 'objects'> & { readonly objects: KubeObject[] })[] = [];
  for (const { objects, ...answer } of answers) {
    if (objects.length === 0) continue;
    const last = groups.at(-1);
    if (last !== undefined && isSame(last.resource, answer.resource))
      for (const object of objects) last.objects.push(object);
    else groups.push({ ...answer, objects: [...objects] });
  }
  return groups;
}

function isSame(a: ResourceInfo, b: ResourceInfo): boolean {
  return a.group === b.group && a.version === b.version && a.plural === b.plural;
}

const CUSTOM_RESOURCE_DEFINITION: KindRef = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
};

/** The columns that a custom resource's definition declares; none for built-in kinds. */
export async function declaredColumns(
  client: Client,
  { plural, group, version }: ResourceInfo,
): Promise<readonly PrinterColumn[]> {
  // Definitions may not be in groups of one word; in *.k8s.io they may.
  if (!group.includes('.')) return [];
  const definition = await findObject(client, CUSTOM_RESOURCE_DEFINITION, {
    namespace: '',
    name: `${plural}.${group}`,
  });
  return definition === undefined ? [] : printerColumnsOf(definition, version);
}
