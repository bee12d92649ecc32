/** The steps of a field path: `spec.containers[0].name` leads over `spec`, `containers`, `0` to `name`. */
export function stepsOf(field: string): readonly string[] {
  return field.split(/[.[\]]+/).filter((step) => step !== '');
}
