//! Runs programs in uBPF, interpreted and compiled. Prints one line of JSON for each.
//!
//!     ubpf-machine FILE[=INPUT-HEX]...
//!
//! A static image (ET_EXEC) is mapped at the addresses it was linked for, and its code handed to uBPF. A shared object
//! (ET_DYN) is given an address and relocated before. An object (ET_REL) is left to uBPF's own ELF loader, with the function `entrypoint` as the program.
//!
//! Helpers: 1, log_number, logs a number; 2, log_text, logs the text of an address and a length. The same are alarm and
//! note, the helpers of examples/user-vm, to programs that look them up by name.

use std::ffi::{CStr, c_char, c_void};
use std::ops::Range;
use std::process::ExitCode;
use std::ptr::null_mut;
use std::sync::Mutex;

use libubpf_sys::*;
use machine_common::dynamic;
use machine_common::image::Image;
use machine_common::report::{self, Execution, Job};

const ET_REL: u8 = 1;

/// The function that is the program, in an object.
const ENTRY: &CStr = c"entrypoint";

/// Where shared objects go, and what their open names mean.
const BASE: u64 = 0x5000_0000;
const HELPERS: [(&str, u32); 2] = [("log_number", 1), ("log_text", 2)];

static LOG: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn main() -> ExitCode {
    report::main(run)
}

fn run(job: &Job) -> Result<Vec<Execution>, String> {
    let file = std::fs::read(&job.file).map_err(|error| format!("{}: {error}", job.file))?;
    let file = if dynamic::is_shared(&file) { dynamic::load(&file, BASE, &HELPERS)? } else { file };
    // Data may be written: each machine gets its own.
    let interpreted = Machine::load(&file)?.interpret(&job.input);
    let compiled = Machine::load(&file)?.compile(&job.input)?;
    Ok(vec![interpreted, compiled])
}

/// Where a program's code and data are.
enum Source {
    /// Mapped at the addresses it was linked for.
    Image(Image),
    /// In a copy of the file, for uBPF's own ELF loader.
    Object(Vec<u8>),
}

impl Source {
    /// What the program may access besides its stack and its input.
    fn memory(&self) -> Vec<Range<u64>> {
        match self {
            Source::Image(image) => image.segments.clone(),
            Source::Object(file) => Vec::from([file.as_ptr() as u64..file.as_ptr() as u64 + file.len() as u64]),
        }
    }
}

struct Machine {
    vm: *mut ubpf_vm,
    memory: Box<Vec<Range<u64>>>,
    source: Source,
}

impl Drop for Machine {
    fn drop(&mut self) {
        unsafe { ubpf_destroy(self.vm) };
    }
}

impl Machine {
    fn load(file: &[u8]) -> Result<Self, String> {
        let source = match file.get(16) {
            Some(&ET_REL) => Source::Object(file.to_vec()),
            _ => Source::Image(Image::map(file)?),
        };
        let machine = Machine { vm: unsafe { ubpf_create() }, memory: Box::new(source.memory()), source };
        let memory: *const Vec<Range<u64>> = &*machine.memory;
        let vm = machine.vm;
        let mut message = null_mut();
        let loaded = unsafe {
            ubpf_register(vm, 1, c"log_number".as_ptr(), Some(log_number));
            ubpf_register(vm, 2, c"log_text".as_ptr(), Some(log_text));
            ubpf_register(vm, 3, c"alarm".as_ptr(), Some(log_number));
            ubpf_register(vm, 4, c"note".as_ptr(), Some(log_text));
            ubpf_register_data_bounds_check(vm, memory as *mut c_void, Some(is_allowed));
            ubpf_register_data_relocation(vm, null_mut(), Some(address_of));
            match &machine.source {
                Source::Image(Image { code, .. }) => {
                    ubpf_load(vm, code.as_ptr().cast(), code.len() as u32, &mut message)
                }
                Source::Object(file) => {
                    ubpf_load_elf_ex(vm, file.as_ptr().cast(), file.len(), ENTRY.as_ptr(), &mut message)
                }
            }
        };
        if loaded < 0 { Err(said(message)) } else { Ok(machine) }
    }

    fn interpret(&self, input: &[u8]) -> Execution {
        let mut memory = input.to_vec();
        let mut value = 0;
        let status = unsafe { ubpf_exec(self.vm, memory.as_mut_ptr().cast(), memory.len(), &mut value) };
        let result = if status == 0 { Ok(value) } else { Err("stopped by the machine".to_string()) };
        Execution { by: "interpreter", result, log: logged(), memory }
    }

    fn compile(&self, input: &[u8]) -> Result<Execution, String> {
        let mut message = null_mut();
        let compiled = unsafe { ubpf_compile(self.vm, &mut message) };
        let program = compiled.ok_or_else(|| said(message))?;
        let mut memory = input.to_vec();
        let value = unsafe { program(memory.as_mut_ptr().cast(), memory.len()) };
        Ok(Execution { by: "compiler", result: Ok(value), log: logged(), memory })
    }
}

unsafe extern "C" fn is_allowed(memory: *mut c_void, address: u64, size: u64) -> bool {
    let memory = unsafe { &*(memory as *const Vec<Range<u64>>) };
    memory.iter().any(|range| range.start <= address && address.saturating_add(size) <= range.end)
}

/// Where a symbol is: sections stay where they are in the copy of the file.
unsafe extern "C" fn address_of(
    _: *mut c_void,
    section: *const u8,
    _: u64,
    _: *const c_char,
    offset: u64,
    _: u64,
) -> u64 {
    section as u64 + offset
}

unsafe extern "C" fn log_number(number: u64, _: u64, _: u64, _: u64, _: u64) -> u64 {
    log(format!("{number:#x}"));
    0
}

unsafe extern "C" fn log_text(address: u64, length: u64, _: u64, _: u64, _: u64) -> u64 {
    let bytes = unsafe { std::slice::from_raw_parts(address as *const u8, length as usize) };
    log(String::from_utf8_lossy(bytes).into_owned());
    0
}

fn log(line: String) {
    if let Ok(mut log) = LOG.lock() {
        log.push(line);
    }
}

fn logged() -> Vec<String> {
    LOG.lock().map(|mut log| std::mem::take(&mut *log)).unwrap_or_default()
}

/// What uBPF says of an error.
fn said(message: *mut c_char) -> String {
    if message.is_null() {
        return "refused".to_string();
    }
    unsafe { CStr::from_ptr(message) }.to_string_lossy().trim_end().to_string()
}
