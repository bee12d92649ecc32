/** Text that the YAML or JSON reader refuses. The message is the one that Go's readers give, such as `yaml: line 3: …`. */
export class YamlError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'YamlError';
  }
}
