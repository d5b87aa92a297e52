import {
  BPF_PSEUDO_CALL,
  OPCODE_CALL,
  opcodeAt,
  setImm,
  setLdimm64Halves,
  setSrcReg,
  visitLocalCalls,
} from '@bpf-ld/bpf-isa';
import { append, badRelocation, type Diagnostic } from '@bpf-ld/diagnostics';
import { R_BPF_64_32, SHF_EXECINSTR, STT_OBJECT } from '@bpf-ld/elf-reader';
import { FieldEditor, OutputRelocations, relocationKind } from '@bpf-ld/reloc-engine';
import type { SymbolId } from '@bpf-ld/symbol-resolver';
import type { ImageOptions } from './api.js';
import { imageTarget } from './image-plan.js';
import { placeOfSymbol, type OutputLabel } from './output-symbols.js';
import { siteOfOutput } from './output-sites.js';
import { OutputTarget, type LinkState, type Relocated } from './relocate.js';

/**
 * The relocatable form that uBPF's own loader reads (iovisor/ubpf: vm/ubpf_loader.c). It copies the
 * functions out of their section one by one, so that
 *
 * - every call of a function of the object has a relocation, whose target is `imm` from the start of the
 *   symbol's section, whatever the symbol's value;
 * - a call of a helper has src_reg 0, and a relocation whose symbol has the helper's name;
 * - a load of an address has the symbol that begins there: addends are not read.
 */
export function toUbpfForm(
  state: LinkState,
  relocated: Relocated,
  options: ImageOptions,
): {
  readonly relocated: Relocated;
  readonly labels: readonly OutputLabel[];
  readonly diagnostics: readonly Diagnostic[];
} {
  const labels = new Labels(state);
  const diagnostics: Diagnostic[] = [];
  const sections = relocated.sections.map((section, index) => {
    const inCode = (state.layout.sections[index]!.flags & SHF_EXECINSTR) !== 0;
    if (!section.contents || !inCode) return section;
    const contents = section.contents.slice();
    const form = new CodeForm(state, index, contents, section.relocations, options, labels);
    append(diagnostics, form.diagnostics);
    return { contents, relocations: form.output };
  });
  return { relocated: { sections }, labels: labels.list, diagnostics };
}

/** Symbols for places that relocations name and no symbol does. */
class Labels {
  readonly list: OutputLabel[] = [];
  readonly #state: LinkState;
  #known: Map<string, number> | undefined;

  constructor(state: LinkState) {
    this.#state = state;
  }

  at(section: number, offset: number): number {
    const key = `${section} ${offset}`;
    this.#known ??= variables(this.#state);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const { resolution, layout } = this.#state;
    const { name, size } = layout.sections[section]!;
    const target = OutputTarget.label(resolution, this.list.length);
    this.list.push({
      name: resolution.strings.internText(`${name}+0x${offset.toString(16)}`),
      type: STT_OBJECT,
      section,
      offset,
      size: size - offset,
    });
    this.#known.set(key, target);
    return target;
  }
}

/** Local variables by their places. */
function variables(state: LinkState): Map<string, number> {
  const { objects, resolution } = state;
  const found = new Map<string, number>();
  objects.forEach(({ elf: { symbols } }, object) => {
    const base = resolution.symbolBase[object]!;
    for (let i = 1; i < symbols.count; i++) {
      if (symbols.type[i] !== STT_OBJECT || resolution.global[base + i]! >= 0) continue;
      const at = placeOfSymbol(state, (base + i) as SymbolId);
      if (at) found.set(`${at.section} ${at.offset}`, base + i);
    }
  });
  return found;
}

/** One section of code being brought into the form. */
class CodeForm {
  readonly output: OutputRelocations = new OutputRelocations();
  readonly diagnostics: Diagnostic[] = [];
  readonly #state: LinkState;
  readonly #contents: Uint8Array;
  readonly #littleEndian: boolean;
  readonly #options: ImageOptions;
  readonly #labels: Labels;

  constructor(
    state: LinkState,
    section: number,
    contents: Uint8Array,
    relocations: OutputRelocations,
    options: ImageOptions,
    labels: Labels,
  ) {
    this.#state = state;
    this.#contents = contents;
    this.#littleEndian = state.objects[0]!.elf.littleEndian;
    this.#options = options;
    this.#labels = labels;
    const editor = new FieldEditor(contents, this.#littleEndian);
    const relocated = new Set<number>();
    for (let i = 0; i < relocations.count; i++) {
      const at = relocations.offset(i);
      relocated.add(at);
      const kind = relocationKind(relocations.type(i), true)!;
      const addend = editor.addend(kind.field, at);
      const problem =
        kind.field === 'call'
          ? this.#call(at, relocations.target(i), addend)
          : this.#load(at, relocations.type(i), relocations.target(i), addend);
      if (problem !== undefined) {
        const site = siteOfOutput(state, section, at);
        this.diagnostics.push(badRelocation(site, kind.name, problem));
      }
    }
    visitLocalCalls(contents, this.#littleEndian, 0, contents.length, (at, target) => {
      if (relocated.has(at) || opcodeAt(contents, at) !== OPCODE_CALL) return;
      this.#localCall(at, section, target);
    });
    this.output.sort();
  }

  #call(at: number, target: number, addend: number): string | undefined {
    const found = imageTarget(this.#state, target);
    if (found.kind === 'place') {
      this.#localCall(at, found.place.section, found.place.offset + addend);
      return undefined;
    }
    if (found.kind === 'constant') return 'a number is called';
    const { globals, strings } = this.#state.resolution;
    const helper = this.#options.helpers?.get(strings.text(globals.name[found.global]!));
    setSrcReg(this.#contents, at, this.#littleEndian, 0);
    setImm(this.#contents, at, this.#littleEndian, helper === undefined ? -1 : helper | 0);
    if (helper === undefined) this.output.push(at, R_BPF_64_32, target);
    return undefined;
  }

  #localCall(at: number, section: number, offset: number): void {
    setSrcReg(this.#contents, at, this.#littleEndian, BPF_PSEUDO_CALL);
    setImm(this.#contents, at, this.#littleEndian, offset / 8 - 1);
    this.output.push(at, R_BPF_64_32, OutputTarget.section(section));
  }

  #load(at: number, type: number, target: number, addend: number): string | undefined {
    const found = imageTarget(this.#state, target);
    if (found.kind !== 'place') {
      this.output.push(at, type, target);
      return undefined;
    }
    const { section, offset } = found.place;
    const to = offset + addend;
    if (to < 0 || to >= this.#state.layout.sections[section]!.size) {
      return `${to} is outside of ${this.#state.layout.sections[section]!.name}, and uBPF reads no addend`;
    }
    const named = target >= 0 && addend === 0;
    setLdimm64Halves(this.#contents, at, this.#littleEndian, 0, 0);
    this.output.push(at, type, named ? target : this.#labels.at(section, to));
    return undefined;
  }
}
