import type { Json } from '../../api/meta.ts';
import { dumpKyaml } from '../../domain/yaml/kyaml.ts';
import { jsonText, yamlText } from './object-text.ts';
import type { OutputFormat } from './output-format.ts';
import { goTemplateWriter, jsonPathWriter, type TemplateOptions } from './template-text.ts';

/** Formats that print any value, and not only objects. */
type ValueFormat = Exclude<OutputFormat, { readonly name: 'table' | 'name' | 'custom-columns' }>;

/** Writes values one after another; YAML documents are kept apart. Throws CommandError. */
export type ValueWriter = (value: unknown) => Promise<void>;

/** The writer of a format. Throws CommandError for a template that cannot be read. */
export function valueWriter(format: ValueFormat, options: TemplateOptions): ValueWriter {
  const { out } = options;
  switch (format.name) {
    case 'json':
      return async (value) => out(jsonText(value));
    case 'yaml': {
      let count = 0;
      return async (value) => {
        count += 1;
        out(`${count > 1 ? '---\n' : ''}${await yamlText(value)}`);
      };
    }
    case 'kyaml':
      return async (value) => out(dumpKyaml(value as Json)); // objects of the API are JSON
    default: {
      const write =
        format.name === 'go-template'
          ? goTemplateWriter(format.template, options)
          : jsonPathWriter(format.template, format.name === 'jsonpath-as-json', options);
      return async (value) => write(value as Json); // the same
    }
  }
}
