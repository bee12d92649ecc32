/** From here on, Go's YAML reads digits as a float. */
const INTEGER_LIMIT = 2 ** 64;

/** A number as Go's YAML writes it: integers in full, floats in few digits and from 1e+06 on with an exponent. */
export function formatNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < INTEGER_LIMIT) return BigInt(value).toString();
  const [digits = '', exponentText = '0'] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < 6) return String(value);
  return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}
