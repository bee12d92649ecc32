import type { CommandSpec } from '../command.ts';
import { COMPLETION_SCRIPTS } from '../completion/scripts.ts';
import { misuse } from '../errors.ts';

/** `kdaemon completion`. */
export const command: CommandSpec = {
  name: 'completion',
  summary: 'Output shell completion code for the specified shell (bash, zsh or fish)',
  description:
    'Output the code that teaches a shell to complete commands, flags, resources and names of objects. The shell has to evaluate it.',
  examples: [
    '# Bash, in this session and in all that come',
    'source <(kdaemon completion bash)',
    `echo 'source <(kdaemon completion bash)' >> ~/.bashrc`,
    '',
    '# Zsh',
    'source <(kdaemon completion zsh)',
    '',
    '# Fish',
    'kdaemon completion fish > ~/.config/fish/completions/kdaemon.fish',
  ],
  usage: 'kdaemon completion SHELL [options]',
  flags: [],
  async run({ args, context, commandPath }) {
    const [shell, ...more] = args;
    if (shell === undefined) throw misuse(commandPath, 'Shell not specified.');
    if (more.length > 0) throw misuse(commandPath, 'Too many arguments. Expected only the shell type.');
    const script = COMPLETION_SCRIPTS.get(shell);
    if (script === undefined) throw misuse(commandPath, `Unsupported shell type ${JSON.stringify(shell)}.`);
    context.streams.out(script);
  },
};
