/** The version of bpf-ld, the same for all its packages. */
export const version: string = '0.1.0';
