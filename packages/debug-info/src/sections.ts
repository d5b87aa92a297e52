/**
 * Whether a section holds DWARF that a link merges (DWARF 5 section 7.3.1 names them). `.zdebug_` is
 * GNU's older spelling of a compressed one.
 */
export function isDebugSection(name: string): boolean {
  return name.startsWith('.debug_') || name.startsWith('.zdebug_');
}

/**
 * Frame descriptions in the form that unwinders read at run time (LSB 5.0, section 10.6). Nothing unwinds BPF by them:
 * in a link they are debugging information, although compilers mark them to be loaded.
 */
export const FRAMES_SECTION = '.eh_frame';

/** Names the file that has the debug information of the one it stands in. */
export const DEBUG_LINK_SECTION = '.gnu_debuglink';

/** Debug sections that no link keeps: stabs, and indexes and links that are about one file. */
export function isObsoleteDebugSection(name: string): boolean {
  return name === '.gdb_index' || name === DEBUG_LINK_SECTION || name.startsWith('.stab');
}

/**
 * What stands in place of the address of code or data that left the link.
 *
 * All ones is the address that can belong to nothing: LLVM's readers skip what begins there, and it is what
 * DWARF 6 reserves for it. In .debug_loc and .debug_ranges it would select a base address and a pair of zeros
 * would end the list (DWARF 4 sections 2.6.2 and 2.17.3): there both ends become 1, an empty range.
 */
export function tombstoneOf(name: string): -1 | 1 {
  return name === '.debug_loc' || name === '.debug_ranges' ? 1 : -1;
}
