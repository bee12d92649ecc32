import { formatQuantity, parseQuantity, roundUpToMilli } from '../../domain/quantity.ts';
import { asFields, type Fields, type Filler, withField } from './filling.ts';

/** Quantities that are plainly no finer than thousandths. */
const COARSE = /^\d+(?:m|k|M|G|T|Ki|Mi|Gi|Ti)?$/;

/** Thousandths are the finest amounts of resources that there are: rounds a canonical quantity up to them. */
function roundedUp(quantity: string): string {
  return COARSE.test(quantity) ? quantity : formatQuantity(roundUpToMilli(parseQuantity(quantity)));
}

/** Rounds every quantity of a v1.ResourceList. */
export const roundResourceList: Filler = (list) => {
  let result: Record<string, unknown> | undefined;
  for (const [name, quantity] of Object.entries(list)) {
    if (typeof quantity !== 'string') continue;
    const rounded = roundedUp(quantity);
    if (rounded === quantity) continue;
    result ??= { ...list };
    result[name] = rounded;
  }
  return result ?? list;
};

/** Rounds every v1.ResourceList that an object holds in a field of its own. */
export const roundResources: Filler = (object) => {
  let result: Fields = object;
  for (const [name, value] of Object.entries(object)) {
    const list = asFields(value);
    if (list !== undefined) result = withField(result, name, roundResourceList(list));
  }
  return result;
};
