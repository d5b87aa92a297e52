//! The run-time loader of a shared object, as docs/dynamic.md describes it: gives it an address, applies its dynamic
//! relocations, binds its open names to the machine's helpers. What comes out is a static image.

use crate::image::{PF_X, Segment, loads, number};

const ET_EXEC: u8 = 2;
const ET_DYN: u64 = 3;
const PT_LOAD: u64 = 1;
const PT_DYNAMIC: u64 = 2;
const DT_STRTAB: u64 = 5;
const DT_SYMTAB: u64 = 6;
const DT_REL: u64 = 17;
const DT_RELSZ: u64 = 18;
const SYMBOL: usize = 24;
const RELOCATION: usize = 16;
const INSTRUCTION: u64 = 8;

const STB_WEAK: u64 = 2;

const R_BPF_64_64: u64 = 1;
const R_BPF_64_ABS64: u64 = 2;
const R_BPF_64_RELATIVE: u64 = 8;
const R_BPF_64_32: u64 = 10;

/// Whether a file is a shared object.
pub fn is_shared(file: &[u8]) -> bool {
    number(file, 16, 2) == ET_DYN
}

/// The static image that a shared object is at an address.
pub fn load(file: &[u8], base: u64, helpers: &[(&str, u32)]) -> Result<Vec<u8>, String> {
    let mut object = Object { segments: loads(file)?, bytes: file.to_vec(), base };
    if let Some(dynamic) = object.dynamic() {
        let count = dynamic.size / RELOCATION;
        for index in 0..count {
            let at = dynamic.relocations + index * RELOCATION;
            let place = number(file, at, 8);
            let info = number(file, at + 8, 8);
            object.relocate(place, info & 0xffff_ffff, &dynamic.symbol(file, info >> 32), helpers)?;
        }
    }
    object.place();
    Ok(object.bytes)
}

/// Where the tables of the dynamic section are in the file.
struct Dynamic {
    relocations: usize,
    size: usize,
    symbols: usize,
    strings: usize,
}

struct Symbol {
    name: String,
    defined: bool,
    weak: bool,
    value: u64,
}

impl Dynamic {
    fn symbol(&self, file: &[u8], index: u64) -> Symbol {
        let at = self.symbols + index as usize * SYMBOL;
        let start = self.strings + number(file, at, 4) as usize;
        let bytes = file.get(start..).unwrap_or_default();
        let name = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
        Symbol {
            name: String::from_utf8_lossy(name).into_owned(),
            defined: number(file, at + 6, 2) != 0,
            weak: number(file, at + 4, 1) >> 4 == STB_WEAK,
            value: number(file, at + 8, 8),
        }
    }
}

struct Object {
    segments: Vec<Segment>,
    bytes: Vec<u8>,
    base: u64,
}

impl Object {
    fn headers(&self) -> Vec<usize> {
        let table = number(&self.bytes, 32, 8) as usize;
        let (size, count) = (number(&self.bytes, 54, 2) as usize, number(&self.bytes, 56, 2) as usize);
        (0..count).map(|index| table + index * size).collect()
    }

    fn dynamic(&self) -> Option<Dynamic> {
        let header = self.headers().into_iter().find(|at| number(&self.bytes, *at, 4) == PT_DYNAMIC)?;
        let start = number(&self.bytes, header + 8, 8) as usize;
        let end = start + number(&self.bytes, header + 32, 8) as usize;
        let entries = (start..end).step_by(16).map(|at| (number(&self.bytes, at, 8), number(&self.bytes, at + 8, 8)));
        let entries: Vec<(u64, u64)> = entries.take_while(|(tag, _)| *tag != 0).collect();
        let value = |wanted| entries.iter().find(|(tag, _)| *tag == wanted).map(|(_, value)| *value);
        Some(Dynamic {
            relocations: self.offset(value(DT_REL)?)?.0,
            size: value(DT_RELSZ)? as usize,
            symbols: self.offset(value(DT_SYMTAB)?)?.0,
            strings: self.offset(value(DT_STRTAB)?)?.0,
        })
    }

    /// Where in the file an address is, and whether that is code.
    fn offset(&self, address: u64) -> Option<(usize, bool)> {
        let holds = |segment: &&Segment| {
            segment.address <= address && address < segment.address.saturating_add(segment.file_size)
        };
        let segment = self.segments.iter().find(holds)?;
        Some(((address - segment.address + segment.offset) as usize, segment.flags & PF_X != 0))
    }

    fn relocate(&mut self, place: u64, kind: u64, symbol: &Symbol, helpers: &[(&str, u32)]) -> Result<(), String> {
        let (at, in_code) =
            self.offset(place).ok_or_else(|| format!("relocation of {place:#x}, outside the segments"))?;
        let helper = helpers.iter().find(|(name, _)| *name == symbol.name).map(|(_, number)| *number);
        match kind {
            R_BPF_64_32 if symbol.defined => {
                let distance = symbol.value.wrapping_sub(place) as i64 / INSTRUCTION as i64 - 1;
                self.write(at + 4, distance as u64, 4);
            }
            R_BPF_64_32 if helper.is_none() && symbol.weak => {
                // `r0 = 0`
                self.write(at, 0xb7, 8);
            }
            R_BPF_64_32 => {
                let number = helper.ok_or_else(|| format!("no helper {}", symbol.name))?;
                // Source register 0: a call of a helper, not of a function.
                let registers = self.bytes[at + 1] & 0x0f;
                self.write(at + 1, registers.into(), 1);
                self.write(at + 4, number.into(), 4);
            }
            R_BPF_64_RELATIVE | R_BPF_64_64 | R_BPF_64_ABS64 => {
                let target = match kind {
                    R_BPF_64_RELATIVE => self.base,
                    _ if symbol.defined => self.base + symbol.value,
                    _ if symbol.weak => 0,
                    _ => return Err(format!("{} is not defined", symbol.name)),
                };
                if in_code {
                    let [low, high] = [4, 12].map(|half| number(&self.bytes, at + half, 4));
                    let address = (high << 32 | low).wrapping_add(target);
                    self.write(at + 4, address & 0xffff_ffff, 4);
                    self.write(at + 12, address >> 32, 4);
                } else {
                    let address = number(&self.bytes, at, 8).wrapping_add(target);
                    self.write(at, address, 8);
                }
            }
            _ => return Err(format!("relocation type {kind} at {place:#x}")),
        }
        Ok(())
    }

    /// Moves the segments and the entry point to the base, and makes the file an executable.
    fn place(&mut self) {
        for header in self.headers() {
            if number(&self.bytes, header, 4) == PT_LOAD {
                let address = number(&self.bytes, header + 16, 8) + self.base;
                self.write(header + 16, address, 8);
            }
        }
        let entry = number(&self.bytes, 24, 8) + self.base;
        self.write(24, entry, 8);
        self.write(16, ET_EXEC.into(), 2);
    }

    fn write(&mut self, at: usize, value: u64, size: usize) {
        self.bytes[at..at + size].copy_from_slice(&value.to_le_bytes()[..size]);
    }
}
