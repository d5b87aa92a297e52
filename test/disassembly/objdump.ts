/** What llvm-objdump -d -r -S -l prints, read back. */

export interface ObjdumpInstruction {
  /** Bytes from the start of the section. */
  readonly offset: number;
  readonly bytes: string;
  /** Without the label behind a jump. */
  readonly text: string;
  /** The label behind a jump: `name` or `name+0x8`. */
  readonly label: string | undefined;
  /** The source line printed in front, if one was. */
  readonly source: { readonly place: string; readonly text: string } | undefined;
}

export interface ObjdumpSection {
  readonly name: string;
  readonly instructions: ObjdumpInstruction[];
  /** `0000000000000000 <name>:`, as printed. */
  readonly headings: string[];
}

/** The sections of each file that the output is about, in the order of the output. */
export function readObjdump(output: string): ObjdumpSection[][] {
  const files: ObjdumpSection[][] = [];
  let section: ObjdumpSection | undefined;
  let comments: string[] = [];
  for (const line of output.split('\n')) {
    const title = /^Disassembly of section (.*):$/.exec(line);
    const instruction = /^ *([0-9]+):\t([0-9a-f ]+)\t(.*)$/.exec(line);
    if (/^.*:\tfile format elf64-bpf$/.test(line)) {
      files.push([]);
    } else if (title) {
      section = { name: title[1]!, instructions: [], headings: [] };
      files.at(-1)!.push(section);
    } else if (/^[0-9a-f]{16} <.*>:$/.test(line)) {
      section!.headings.push(line);
    } else if (/^; .*\(\):$/.test(line)) {
      // -l names the function in front of code without line records.
      comments = [];
    } else if (line.startsWith('; ')) {
      comments.push(line.slice(2));
    } else if (instruction) {
      const [, number, bytes, whole] = instruction;
      const [, text, label] = /^(.*?)(?: <([^<>=][^<>]*)>)?$/.exec(whole!)!;
      const isUnknown = whole === '<unknown>';
      section!.instructions.push({
        offset: Number(number) * 8,
        bytes: bytes!.trim(),
        text: isUnknown ? whole : text!,
        label: isUnknown ? undefined : label,
        source:
          comments.length === 0
            ? undefined
            : { place: comments[0]!, text: comments.slice(1).join('\n') },
      });
      comments = [];
    }
  }
  return files;
}
