//! A static image in this process's memory, at the addresses it was linked for.
//!
//! The user-space machines that take bare instructions let them use addresses of the host. So the loader is the host's
//! own: it maps each PT_LOAD where its program header says, and hands the executable one to the machine.

use std::ffi::{c_int, c_void};
use std::io::Error;
use std::ops::Range;

const ET_EXEC: u16 = 2;
const EM_BPF: u16 = 247;
const PT_LOAD: u32 = 1;
pub const PF_X: u32 = 1;
const PF_W: u32 = 2;
const INSTRUCTION: u64 = 8;
const PAGE: u64 = 4096;

const PROT_READ: c_int = 1;
const PROT_WRITE: c_int = 2;
const MAP_PRIVATE: c_int = 2;
const MAP_ANONYMOUS: c_int = 0x20;
const MAP_FIXED_NOREPLACE: c_int = 0x10_0000;

unsafe extern "C" {
    fn mmap(at: *mut c_void, size: usize, protection: c_int, flags: c_int, file: c_int, offset: i64) -> *mut c_void;
    fn mprotect(at: *mut c_void, size: usize, protection: c_int) -> c_int;
    fn munmap(at: *mut c_void, size: usize) -> c_int;
}

/// An image of machine EM_BPF, mapped while this lives.
pub struct Image {
    /// The instructions to run from their first one on: those of the executable segment, behind a call of the entry point
    /// where that is not the first.
    pub code: Vec<u8>,
    /// The addresses of all segments.
    pub segments: Vec<Range<u64>>,
    mappings: Vec<Mapping>,
}

struct Mapping {
    range: Range<u64>,
}

impl Drop for Mapping {
    fn drop(&mut self) {
        unsafe { munmap(self.range.start as *mut c_void, (self.range.end - self.range.start) as usize) };
    }
}

/// A PT_LOAD program header.
pub struct Segment {
    pub flags: u32,
    pub offset: u64,
    pub address: u64,
    pub file_size: u64,
    pub memory_size: u64,
}

impl Image {
    /// Maps the PT_LOAD segments of an ET_EXEC image: read-only, unless PF_W asks for more.
    pub fn map(file: &[u8]) -> Result<Self, String> {
        let entry = header(file)?;
        let loads = loads(file)?;
        let executable = loads.iter().find(|load| load.flags & PF_X != 0).ok_or("no executable segment")?;
        let bytes = contents(file, executable)?;
        if entry < executable.address || entry >= executable.address + executable.file_size {
            return Err(format!("the entry point {entry:#x} is outside the executable segment"));
        }
        let mut code = prologue((entry - executable.address) / INSTRUCTION);
        code.extend_from_slice(bytes);
        let mut image = Image { code, segments: Vec::new(), mappings: Vec::new() };
        for load in loads.iter().filter(|load| load.memory_size > 0) {
            image.segments.push(load.address..load.address + load.memory_size);
        }
        // Segments may share a page: what a page allows is what any of its segments needs.
        for pages in pages(&loads) {
            image.mappings.push(reserve(pages)?);
        }
        for load in &loads {
            let bytes = contents(file, load)?;
            unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), load.address as *mut u8, bytes.len()) };
        }
        for mapping in &image.mappings {
            if !loads.iter().any(|load| load.flags & PF_W != 0 && overlap(&mapping.range, load)) {
                let size = (mapping.range.end - mapping.range.start) as usize;
                unsafe { mprotect(mapping.range.start as *mut c_void, size, PROT_READ) };
            }
        }
        Ok(image)
    }
}

/// `call entry; exit`, where the entry point is not the first instruction: these machines start there.
fn prologue(target: u64) -> Vec<u8> {
    if target == 0 {
        return Vec::new();
    }
    let mut code = vec![0x85, 0x10, 0, 0];
    code.extend_from_slice(&(target as i32 + 1).to_le_bytes());
    code.extend_from_slice(&[0x95, 0, 0, 0, 0, 0, 0, 0]);
    code
}

/// Checks the ELF header and gives the entry point.
fn header(file: &[u8]) -> Result<u64, String> {
    if file.get(..6) != Some(b"\x7fELF\x02\x01") {
        return Err("not a little-endian ELF64 file".to_string());
    }
    let [kind, machine] = [16, 18].map(|at| number(file, at, 2) as u16);
    if kind != ET_EXEC || machine != EM_BPF {
        return Err(format!("type {kind} of machine {machine} is not a static image of BPF"));
    }
    Ok(number(file, 24, 8))
}

/// The PT_LOAD program headers, in the order of the file.
pub fn loads(file: &[u8]) -> Result<Vec<Segment>, String> {
    let table = number(file, 32, 8) as usize;
    let (size, count) = (number(file, 54, 2) as usize, number(file, 56, 2) as usize);
    let headers = (0..count).map(|index| table + index * size);
    let loads: Vec<Segment> = headers
        .filter(|at| number(file, *at, 4) as u32 == PT_LOAD)
        .map(|at| Segment {
            flags: number(file, at + 4, 4) as u32,
            offset: number(file, at + 8, 8),
            address: number(file, at + 16, 8),
            file_size: number(file, at + 32, 8),
            memory_size: number(file, at + 40, 8),
        })
        .collect();
    if loads.is_empty() { Err("no segment to load".to_string()) } else { Ok(loads) }
}

fn contents<'a>(file: &'a [u8], load: &Segment) -> Result<&'a [u8], String> {
    // Zero-initialised data alone: where that would be in the file means nothing.
    if load.file_size == 0 {
        return Ok(&[]);
    }
    let end = load.offset.checked_add(load.file_size).ok_or("a segment beyond the file")?;
    file.get(load.offset as usize..end as usize).ok_or_else(|| "a segment beyond the file".to_string())
}

/// A little-endian number; 0 beyond the end of the file.
pub fn number(file: &[u8], at: usize, size: usize) -> u64 {
    let bytes = file.get(at..at + size).unwrap_or_default();
    bytes.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte))
}

/// The pages of all segments, as ranges that do not touch.
fn pages(loads: &[Segment]) -> Vec<Range<u64>> {
    let whole = |load: &Segment| load.address / PAGE * PAGE..(load.address + load.memory_size).next_multiple_of(PAGE);
    let mut ranges: Vec<Range<u64>> = loads.iter().map(whole).filter(|range| !range.is_empty()).collect();
    ranges.sort_by_key(|range| range.start);
    let mut merged: Vec<Range<u64>> = Vec::new();
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

fn overlap(range: &Range<u64>, load: &Segment) -> bool {
    load.address < range.end && range.start < load.address + load.memory_size
}

fn reserve(range: Range<u64>) -> Result<Mapping, String> {
    let at = range.start as *mut c_void;
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE;
    let size = (range.end - range.start) as usize;
    let got = unsafe { mmap(at, size, PROT_READ | PROT_WRITE, flags, -1, 0) };
    if got == at {
        return Ok(Mapping { range });
    }
    Err(format!("{:#x} cannot be mapped: {}", range.start, Error::last_os_error()))
}
