import packageJson from '../../../package.json' with { type: 'json' };
import { KUBERNETES_VERSION } from '../../api/well-known.ts';
import type { CommandSpec } from '../command.ts';
import { CommandError } from '../errors.ts';
import { jsonText, yamlText } from '../printers/object-text.ts';

/** `kdaemon version`. */
export const command: CommandSpec = {
  name: 'version',
  summary: 'Print the version of kdaemon and of the Kubernetes that it follows',
  examples: ['# Both versions', 'kdaemon version'],
  usage: 'kdaemon version [options]',
  flags: [
    { name: 'client', type: 'bool', default: 'false', usage: "Print kdaemon's version only." },
    { name: 'output', short: 'o', type: 'string', default: "''", usage: "One of 'yaml' or 'json'." },
  ],
  async run({ flags, context }) {
    const own = `v${packageJson.version}`;
    const versions = flags.bool('client')
      ? { clientVersion: { gitVersion: own } }
      : { clientVersion: { gitVersion: own }, serverVersion: { gitVersion: KUBERNETES_VERSION } };
    const output = flags.string('output');
    if (output === 'json') context.streams.out(jsonText(versions));
    else if (output === 'yaml') context.streams.out(await yamlText(versions));
    else if (output !== '') throw new CommandError("--output must be 'yaml' or 'json'");
    else
      context.streams.out(
        `Client Version: ${own}\n${flags.bool('client') ? '' : `Server Version: ${KUBERNETES_VERSION}\n`}`,
      );
  },
};
