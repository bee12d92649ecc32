import { addInvalid } from '../field-error.ts';
import { fieldsOf, textList } from '../json-fields.ts';
import type { KindRules } from '../kind-rules.ts';
import { dnsLabel, qualifiedName } from '../name-rules.ts';
import { requireKnownFinalizers } from '../object-meta.ts';

/** v1 Namespace. */
export const namespaceRules: KindRules = {
  nameRule: dnsLabel,
  create(object, errors) {
    const finalizers = textList(fieldsOf(object.spec).finalizers);
    for (const finalizer of finalizers)
      addInvalid(errors, 'spec.finalizers', finalizer, qualifiedName(finalizer));
    requireKnownFinalizers(finalizers, errors, 'spec.finalizers');
  },
};
