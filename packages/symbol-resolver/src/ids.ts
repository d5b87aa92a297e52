/** Number of an input object, in command-line order. */
export type ObjectId = number & { readonly __brand: 'ObjectId' };
/** Number of an input section over all objects: `sectionBase[object] + section index`. */
export type SectionId = number & { readonly __brand: 'SectionId' };
/** Number of an input symbol over all objects: `symbolBase[object] + symbol index`. */
export type SymbolId = number & { readonly __brand: 'SymbolId' };
/** Number of a global name, in order of first mention. */
export type GlobalId = number & { readonly __brand: 'GlobalId' };
