/** libbpf: every code section but .text holds programs, and .text what they call. */
export function isTextName(name: string): boolean {
  return name === '.text' || name.startsWith('.text.');
}
