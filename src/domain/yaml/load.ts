import { parseYaml } from './parse.ts';
export const loadYaml = parseYaml;
