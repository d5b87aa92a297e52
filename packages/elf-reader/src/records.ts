/**
 * The fixed-size records of ELF64, as the gABI lays them out (chapters "Object Files" 4.1 to 4.5).
 *
 * One table a record: decoder (read-elf.ts), encoder (elf-writer) and docs take positions from here.
 * `offset` and `width` are bytes within the record; byte order is the file's.
 */
export interface Field {
  readonly offset: number;
  readonly width: 1 | 2 | 4 | 8;
  readonly meaning: string;
}

const at = (offset: number, width: 1 | 2 | 4 | 8, meaning: string): Field => ({
  offset,
  width,
  meaning,
});

export const EHDR_SIZE = 64;
export const EHDR: Readonly<
  Record<
    | 'ei_class'
    | 'ei_data'
    | 'ei_version'
    | 'ei_osabi'
    | 'e_type'
    | 'e_machine'
    | 'e_version'
    | 'e_entry'
    | 'e_phoff'
    | 'e_shoff'
    | 'e_flags'
    | 'e_ehsize'
    | 'e_phentsize'
    | 'e_phnum'
    | 'e_shentsize'
    | 'e_shnum'
    | 'e_shstrndx',
    Field
  >
> = {
  ei_class: at(4, 1, 'file class: 2 is 64-bit'),
  ei_data: at(5, 1, 'byte order: 1 little, 2 big endian'),
  ei_version: at(6, 1, 'version of the identification, 1'),
  ei_osabi: at(7, 1, 'OS or ABI of the extensions used, 0 for none'),
  e_type: at(16, 2, 'object file type: 1 is relocatable'),
  e_machine: at(18, 2, 'machine: 247 is BPF'),
  e_version: at(20, 4, 'object file version, 1'),
  e_entry: at(24, 8, 'entry point address'),
  e_phoff: at(32, 8, 'file offset of the program header table'),
  e_shoff: at(40, 8, 'file offset of the section header table'),
  e_flags: at(48, 4, 'machine flags'),
  e_ehsize: at(52, 2, 'size of this header'),
  e_phentsize: at(54, 2, 'size of a program header'),
  e_phnum: at(56, 2, 'number of program headers'),
  e_shentsize: at(58, 2, 'size of a section header'),
  e_shnum: at(60, 2, 'number of section headers; 0: in sh_size of section 0'),
  e_shstrndx: at(62, 2, 'section of the section names; 0xffff: in sh_link of section 0'),
};

export const SHDR_SIZE = 64;
export const SHDR: Readonly<
  Record<
    | 'sh_name'
    | 'sh_type'
    | 'sh_flags'
    | 'sh_addr'
    | 'sh_offset'
    | 'sh_size'
    | 'sh_link'
    | 'sh_info'
    | 'sh_addralign'
    | 'sh_entsize',
    Field
  >
> = {
  sh_name: at(0, 4, 'offset of the name in the section name table'),
  sh_type: at(4, 4, 'what the section holds'),
  sh_flags: at(8, 8, 'SHF_ bits'),
  sh_addr: at(16, 8, 'address in memory'),
  sh_offset: at(24, 8, 'file offset of the contents'),
  sh_size: at(32, 8, 'size in bytes'),
  sh_link: at(40, 4, 'a section this one needs, by type'),
  sh_info: at(44, 4, 'further information, by type'),
  sh_addralign: at(48, 8, 'alignment, 0 or a power of two'),
  sh_entsize: at(56, 8, 'size of an entry, for tables'),
};

export const SYM_SIZE = 24;
export const SYM: Readonly<
  Record<'st_name' | 'st_info' | 'st_other' | 'st_shndx' | 'st_value' | 'st_size', Field>
> = {
  st_name: at(0, 4, 'offset of the name in the linked string table'),
  st_info: at(4, 1, 'binding (high nibble) and type (low nibble)'),
  st_other: at(5, 1, 'visibility (low two bits)'),
  st_shndx: at(6, 2, 'section the symbol is defined in'),
  st_value: at(8, 8, 'offset in the section; alignment for common symbols'),
  st_size: at(16, 8, 'size in bytes, 0 if none or unknown'),
};

export const REL_SIZE = 16;
export const RELA_SIZE = 24;
/** REL ends before r_addend: its addends are in the relocated bytes. */
export const RELA: Readonly<Record<'r_offset' | 'r_info' | 'r_addend', Field>> = {
  r_offset: at(0, 8, 'offset of the relocated bytes in the section sh_info names'),
  r_info: at(8, 8, 'symbol (high 32 bits) and type (low 32 bits)'),
  r_addend: at(16, 8, 'explicit addend, RELA only'),
};

export const ELFCLASS64 = 2;
export const ELFDATA2LSB = 1;
export const ELFDATA2MSB = 2;
export const EV_CURRENT = 1;
export const ET_REL = 1;
export const EM_BPF = 247;

export const SHN_UNDEF = 0;
export const SHN_LORESERVE = 0xff00;
export const SHN_ABS = 0xfff1;
export const SHN_COMMON = 0xfff2;
export const SHN_XINDEX = 0xffff;

export const SHT_NULL = 0;
export const SHT_PROGBITS = 1;
export const SHT_SYMTAB = 2;
export const SHT_STRTAB = 3;
export const SHT_RELA = 4;
export const SHT_NOTE = 7;
export const SHT_NOBITS = 8;
export const SHT_REL = 9;
export const SHT_INIT_ARRAY = 14;
export const SHT_FINI_ARRAY = 15;
export const SHT_PREINIT_ARRAY = 16;
export const SHT_GROUP = 17;
export const SHT_SYMTAB_SHNDX = 18;
/** LLVM's address-significance table: a hint for the linker, not part of the program. */
export const SHT_LLVM_ADDRSIG = 0x6fff4c03;

export const SHF_WRITE = 0x1;
export const SHF_ALLOC = 0x2;
export const SHF_EXECINSTR = 0x4;
export const SHF_MERGE = 0x10;
export const SHF_STRINGS = 0x20;
export const SHF_INFO_LINK = 0x40;
export const SHF_LINK_ORDER = 0x80;
export const SHF_GROUP = 0x200;
/** GNU: garbage collection keeps the section. */
export const SHF_GNU_RETAIN = 0x20_0000;
export const SHF_COMPRESSED = 0x800;
export const SHF_EXCLUDE = 0x8000_0000;

/** Flag of an SHT_GROUP: keep one group of each signature. */
export const GRP_COMDAT = 1;

export const STB_LOCAL = 0;
export const STB_GLOBAL = 1;
export const STB_WEAK = 2;

export const STT_NOTYPE = 0;
export const STT_OBJECT = 1;
export const STT_FUNC = 2;
export const STT_SECTION = 3;
export const STT_FILE = 4;
export const STT_COMMON = 5;

export const STV_DEFAULT = 0;
export const STV_INTERNAL = 1;
export const STV_HIDDEN = 2;
export const STV_PROTECTED = 3;

/** Relocation types of LLVM's BPF.def and of binutils 2.41 on (llvm_reloc.rst). */
export const R_BPF_NONE = 0;
export const R_BPF_64_64 = 1;
export const R_BPF_64_ABS64 = 2;
export const R_BPF_64_ABS32 = 3;
export const R_BPF_64_NODYLD32 = 4;
export const R_BPF_64_RELATIVE = 8;
export const R_BPF_64_32 = 10;
export const R_BPF_GNU_64_16 = 256;
