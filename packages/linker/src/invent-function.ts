import {
  BTF_KIND_FUNC,
  BTF_KIND_FUNC_PROTO,
  BTF_KIND_INT,
  BTF_LINKAGE_STATIC,
  type TypePool,
} from '@bpf-ld/btf';

/** Puts `static int name(void)` into the pool; returns the pool id of the FUNC. */
export function inventFunction(pool: TypePool, name: string): number {
  const info = (kind: number, vlen: number): number => (kind << 24) | vlen;
  const INT_ENCODING_SIGNED_32 = (1 << 24) | 32;
  const int = pool.append([
    pool.strings.internText('int'),
    info(BTF_KIND_INT, 0),
    4,
    INT_ENCODING_SIGNED_32,
  ]);
  const proto = pool.append([0, info(BTF_KIND_FUNC_PROTO, 0), int]);
  return pool.append([
    pool.strings.internText(name),
    info(BTF_KIND_FUNC, BTF_LINKAGE_STATIC),
    proto,
  ]);
}
