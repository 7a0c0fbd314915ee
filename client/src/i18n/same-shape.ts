/** An English file must word exactly what the French one words: `satisfies SameShape<typeof fr>`. */
export type SameShape<T> = { [K in keyof T]: T[K] extends string ? string : SameShape<T[K]> };
