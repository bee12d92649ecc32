import { changeContainers } from '../../domain/container-changes.ts';
import { parsePairs, splitChanges } from '../../domain/metadata-pairs.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import { CommandError, PlainError } from '../errors.ts';
import { changeTemplates, setFlags } from './pod-template-change.ts';

/** `kdaemon set image`. */
export const setImage: CommandSpec = {
  name: 'image',
  summary: 'Update the image of a pod template',
  description:
    'Update existing container image(s) of resources.\n\n CONTAINER=IMAGE names a container or an init container; * stands for all of them.',
  examples: [
    '# Roll a newer image out',
    'kdaemon set image daemonset/agent agent=registry.example/agent:1.1',
    '',
    '# The same image for all containers of all DaemonSets of the namespace',
    "kdaemon set image daemonsets --all '*=registry.example/agent:1.1'",
  ],
  usage:
    'kdaemon set image (-f FILENAME | TYPE NAME) CONTAINER_NAME_1=CONTAINER_IMAGE_1 ... CONTAINER_NAME_N=CONTAINER_IMAGE_N [options]',
  flags: setFlags,
  run: runSetImage,
};

async function runSetImage(invocation: Invocation): Promise<void> {
  const split = splitChanges(invocation.args, 'image');
  if (!split.ok) throw new CommandError(split.problem);
  const pairs = parsePairs(split.changes, 'annotations');
  if (typeof pairs === 'string') throw new CommandError(pairs);
  const images = Object.entries(pairs.set);
  await changeTemplates(invocation, {
    args: split.resources,
    did: 'image updated',
    failed: 'failed to patch image update to pod template: ',
    require() {
      if (images.length === 0) throw new CommandError('at least one image update is required');
      if (images.length > 1 && images.some(([name]) => name === '*')) {
        throw new CommandError(
          'all containers are already specified by *, but saw more than one container_name=container_image pairs',
        );
      }
    },
    change(spec, _object, failures) {
      let next = spec;
      for (const [name, image] of images) {
        const changed = changeContainers(
          next,
          (one) => name === '*' || one === name,
          (container) => ({ ...container, image }),
        );
        if (changed.count === 0) {
          failures.push(new PlainError(`error: unable to find container named ${JSON.stringify(name)}`));
        } else {
          next = changed.spec;
        }
      }
      return next;
    },
  });
}
