import type { Container } from '../../api/core.ts';
import { changeContainers, matchesName } from '../../domain/container-changes.ts';
import { canonicalQuantity, QuantityError } from '../../domain/quantity.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import { CommandError } from '../errors.ts';
import { containersFlag } from './containers-flag.ts';
import { changeTemplates, setFlags } from './pod-template-change.ts';

/** `kdaemon set resources`. */
export const setResources: CommandSpec = {
  name: 'resources',
  summary: 'Update resource requests/limits on objects with pod templates',
  description:
    'Specify compute resource requirements (CPU, memory) for any resource that defines a pod template.\n\n Values that are not named stay as they are.',
  examples: [
    '# Requests and limits of all containers',
    'kdaemon set resources daemonset agent --limits=cpu=200m,memory=512Mi --requests=cpu=100m,memory=256Mi',
    '',
    '# Of one container',
    'kdaemon set resources daemonset agent -c=agent --limits=memory=1Gi',
  ],
  usage: 'kdaemon set resources (-f FILENAME | TYPE NAME) ([--limits=LIMITS & --requests=REQUESTS] [options]',
  flags: [
    ...setFlags,
    containersFlag,
    {
      name: 'limits',
      type: 'string',
      default: "''",
      usage: "What the containers may use at most, such as 'cpu=100m,memory=256Mi'.",
    },
    {
      name: 'requests',
      type: 'string',
      default: "''",
      usage: "What the containers are given at least, such as 'cpu=100m,memory=256Mi'.",
    },
  ],
  run: runSetResources,
};

async function runSetResources(invocation: Invocation): Promise<void> {
  const { flags, args } = invocation;
  const pattern = flags.string(containersFlag.name);
  let limits: Quantities = {};
  let requests: Quantities = {};
  await changeTemplates(invocation, {
    args,
    did: 'resource requirements updated',
    failed: 'failed to patch resources update to pod template ',
    require() {
      if (flags.string('limits') === '' && flags.string('requests') === '') {
        throw new CommandError(
          'you must specify an update to requests or limits (in the form of --requests/--limits)',
        );
      }
      limits = quantitiesOf(flags.string('limits'));
      requests = quantitiesOf(flags.string('requests'));
    },
    change(spec) {
      const changed = changeContainers(
        spec,
        (name) => matchesName(name, pattern),
        (container) => withResources(container, limits, requests),
      );
      if (changed.count === 0) throw new CommandError(`unable to find container named ${pattern}`);
      return changed.spec;
    },
  });
}

type Quantities = Readonly<Record<string, string>>;

function quantitiesOf(text: string): Quantities {
  if (text === '') return {};
  return Object.fromEntries(
    text.split(',').map((part) => {
      const [name = '', amount, ...more] = part.split('=');
      if (amount === undefined || more.length > 0) {
        throw new CommandError(`Invalid argument syntax ${part}, expected <resource>=<value>`);
      }
      try {
        return [name, canonicalQuantity(amount)];
      } catch (error) {
        throw error instanceof QuantityError ? new CommandError(error.message) : error;
      }
    }),
  );
}

function withResources(container: Container, limits: Quantities, requests: Quantities): Container {
  const { resources = {} } = container;
  return {
    ...container,
    resources: {
      ...resources,
      ...(Object.keys(limits).length === 0 ? {} : { limits: { ...resources.limits, ...limits } }),
      ...(Object.keys(requests).length === 0 ? {} : { requests: { ...resources.requests, ...requests } }),
    },
  };
}
