//! Runs static images, and shared objects, in rbpf, interpreted and compiled. Prints one line of JSON for each.
//!
//!     rbpf-machine FILE[=INPUT-HEX]...
//!
//! A shared object is given an address and relocated before. Helpers: 1, log_number, logs a number; 2, log_text, logs
//! the text of an address and a length.

use std::arch::naked_asm;
use std::process::ExitCode;
use std::sync::Mutex;

use machine_common::dynamic;
use machine_common::image::Image;
use machine_common::report::{self, Execution, Job};
use rbpf::EbpfVmRaw;
use rbpf::ebpf::Helper;

/// Bytes of stack for each function: rbpf has 512 for all frames together.
const FRAME: u16 = 64;

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
    let image = Image::map(&file)?;
    let mut runs = vec![interpret(&image, &job.input)?];
    drop(image);
    // Data may have been written: the compiled program gets a fresh image.
    let image = Image::map(&file)?;
    runs.push(compile(&image, &job.input)?);
    Ok(runs)
}

fn machine(image: &Image) -> Result<EbpfVmRaw<'_>, String> {
    let mut machine = EbpfVmRaw::new(None).map_err(|error| error.to_string())?;
    let frame = |_: &[u8], _: usize, _: &mut dyn std::any::Any| FRAME;
    machine.set_stack_usage_calculator(frame, Box::new(())).map_err(|error| error.to_string())?;
    machine.register_helper(1, helper(log_number_aligned)).map_err(|error| error.to_string())?;
    machine.register_helper(2, helper(log_text_aligned)).map_err(|error| error.to_string())?;
    for segment in &image.segments {
        machine.register_allowed_memory(segment.clone());
    }
    machine.set_program(&image.code).map_err(|error| error.to_string())?;
    Ok(machine)
}

fn interpret(image: &Image, input: &[u8]) -> Result<Execution, String> {
    let machine = machine(image)?;
    let mut memory = input.to_vec();
    let result = machine.execute_program(unsafe { std::slice::from_raw_parts_mut(memory.as_mut_ptr(), memory.len()) });
    Ok(report_of("interpreter", result.map_err(|error| error.to_string()), memory))
}

fn compile(image: &Image, input: &[u8]) -> Result<Execution, String> {
    let mut memory = input.to_vec();
    let bytes = unsafe { std::slice::from_raw_parts_mut(memory.as_mut_ptr(), memory.len()) };
    let mut machine = machine(image)?;
    machine.jit_compile().map_err(|error| error.to_string())?;
    let result = unsafe { machine.execute_program_jit(bytes) };
    Ok(report_of("compiler", result.map_err(|error| error.to_string()), memory))
}

fn report_of(by: &'static str, result: Result<u64, String>, memory: Vec<u8>) -> Execution {
    let log = LOG.lock().map(|mut log| std::mem::take(&mut *log)).unwrap_or_default();
    Execution { by, result, log, memory }
}

type CHelper = extern "C" fn(u64, u64, u64, u64, u64) -> u64;

/// rbpf declares helpers without an ABI, and its compiler calls them by that of C.
fn helper(function: CHelper) -> Helper {
    unsafe { std::mem::transmute::<CHelper, Helper>(function) }
}

/// Compiled programs call helpers with a stack that is aligned to 16 bytes or not, by how deep the call is.
macro_rules! aligned {
    ($name:ident, $function:path) => {
        #[unsafe(naked)]
        extern "C" fn $name(_: u64, _: u64, _: u64, _: u64, _: u64) -> u64 {
            naked_asm!(
                "push rbp",
                "mov rbp, rsp",
                "and rsp, -16",
                "call {function}",
                "mov rsp, rbp",
                "pop rbp",
                "ret",
                function = sym $function,
            )
        }
    };
}

aligned!(log_number_aligned, log_number);
aligned!(log_text_aligned, log_text);

extern "C" fn log_number(number: u64, _: u64, _: u64, _: u64, _: u64) -> u64 {
    log(format!("{number:#x}"));
    0
}

extern "C" fn log_text(address: u64, length: u64, _: u64, _: u64, _: u64) -> u64 {
    let bytes = unsafe { std::slice::from_raw_parts(address as *const u8, length as usize) };
    log(String::from_utf8_lossy(bytes).into_owned());
    0
}

fn log(line: String) {
    if let Ok(mut log) = LOG.lock() {
        log.push(line);
    }
}
