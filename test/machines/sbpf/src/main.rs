//! Loads and runs programs in solana-sbpf. Prints one line of JSON for each.
//!
//!     sbpf-machine FILE[=INPUT-HEX]...
//!
//! The loader is set as strict as Solana's deployment is: broken files are refused, names of functions are read, the
//! verifier for local use runs after the one of the chain. Each program runs in the interpreter and compiled, with
//! read-only sections copied (as the chain does) and left in place.

use std::process::ExitCode;
use std::ptr::NonNull;
use std::sync::Arc;

use machine_common::report::{self, Execution, Job};
use solana_sbpf::aligned_memory::AlignedMemory;
use solana_sbpf::ebpf::{HOST_ALIGN, MM_HEAP_START, MM_INPUT_START, MM_STACK_START};
use solana_sbpf::elf::Executable;
use solana_sbpf::memory_region::{AccessType, MemoryMapping, MemoryRegion};
use solana_sbpf::program::{BuiltinFunctionDefinition, BuiltinProgram, SBPFVersion};
use solana_sbpf::verifier::{LocalVerifier, RequisiteVerifier};
use solana_sbpf::vm::{CallFrame, Config, ContextObject, EbpfVm, ExecutionMode};

const INSTRUCTIONS: u64 = 1_000_000;
const HEAP: usize = 32 << 10;

type Failure = Box<dyn std::error::Error>;
type Memory = AlignedMemory<{ HOST_ALIGN }>;

/// What syscalls see of the machine.
struct Context {
    memory: MemoryMapping,
    remaining: u64,
    log: Vec<String>,
}

impl ContextObject for Context {
    fn consume(&mut self, amount: u64) {
        self.remaining = self.remaining.saturating_sub(amount);
    }

    fn get_remaining(&self) -> u64 {
        self.remaining
    }

    fn active_mapping_ptr(&mut self) -> NonNull<MemoryMapping> {
        NonNull::from(&mut self.memory)
    }
}

impl Context {
    fn read(&self, address: u64, size: u64) -> Result<Vec<u8>, Failure> {
        let buffer: Result<_, _> = self.memory.map(AccessType::Load, address, size).into();
        Ok(unsafe { &*buffer?.ptr() }.to_vec())
    }

    fn write(&self, address: u64, bytes: &[u8]) -> Result<(), Failure> {
        let buffer: Result<_, _> = self.memory.map(AccessType::Store, address, bytes.len() as u64).into();
        unsafe { &mut *buffer?.ptr_mut() }.copy_from_slice(bytes);
        Ok(())
    }
}

/// `void sol_log_(const char *text, u64 length)`
struct LogText;

impl BuiltinFunctionDefinition<Context> for LogText {
    type Error = Failure;

    fn rust(context: &mut Context, text: u64, length: u64, _c: u64, _d: u64, _e: u64) -> Result<u64, Failure> {
        let bytes = context.read(text, length)?;
        context.log.push(String::from_utf8_lossy(&bytes).into_owned());
        Ok(0)
    }
}

/// `void sol_log_64_(u64, u64, u64, u64, u64)`
struct LogNumbers;

impl BuiltinFunctionDefinition<Context> for LogNumbers {
    type Error = Failure;

    fn rust(context: &mut Context, a: u64, b: u64, c: u64, d: u64, e: u64) -> Result<u64, Failure> {
        let numbers = [a, b, c, d, e];
        // Less the zeros at the end: most calls have fewer numbers to say.
        let said = numbers.iter().rposition(|number| *number != 0).map_or(1, |last| last + 1);
        let words: Vec<String> = numbers[..said].iter().map(|number| format!("{number:#x}")).collect();
        context.log.push(words.join(", "));
        Ok(0)
    }
}

/// `void sol_memcpy_(void *to, const void *from, u64 size)`
struct CopyMemory;

impl BuiltinFunctionDefinition<Context> for CopyMemory {
    type Error = Failure;

    fn rust(context: &mut Context, to: u64, from: u64, size: u64, _d: u64, _e: u64) -> Result<u64, Failure> {
        let bytes = context.read(from, size)?;
        context.write(to, &bytes)?;
        Ok(0)
    }
}

/// `void abort(void)`
struct Abort;

impl BuiltinFunctionDefinition<Context> for Abort {
    type Error = Failure;

    fn rust(_context: &mut Context, _a: u64, _b: u64, _c: u64, _d: u64, _e: u64) -> Result<u64, Failure> {
        Err("abort".into())
    }
}

fn main() -> ExitCode {
    report::main(run)
}

fn run(job: &Job) -> Result<Vec<Execution>, String> {
    let file = std::fs::read(&job.file).map_err(|error| format!("{}: {error}", job.file))?;
    let mut runs = Vec::new();
    for optimize_rodata in [false, true] {
        let executable = load(&file, optimize_rodata).map_err(|error| error.to_string())?;
        let [interpreter, compiler] = match optimize_rodata {
            false => ["interpreter", "compiler"],
            true => ["interpreter, sections in place", "compiler, sections in place"],
        };
        runs.push(execute(&executable, ExecutionMode::Interpreted, interpreter, &job.input)?);
        runs.push(execute(&executable, ExecutionMode::Jit, compiler, &job.input)?);
    }
    Ok(runs)
}

fn load(file: &[u8], optimize_rodata: bool) -> Result<Executable<Context>, Failure> {
    let config = Config {
        enabled_sbpf_versions: SBPFVersion::V0..=SBPFVersion::V3,
        enable_symbol_and_section_labels: true,
        reject_broken_elfs: true,
        optimize_rodata,
        ..Config::default()
    };
    let mut loader = BuiltinProgram::new_loader(config);
    LogText::register(&mut loader, "sol_log_")?;
    LogNumbers::register(&mut loader, "sol_log_64_")?;
    CopyMemory::register(&mut loader, "sol_memcpy_")?;
    Abort::register(&mut loader, "abort")?;
    let executable = Executable::from_elf(file, Arc::new(loader))?;
    executable.verify::<RequisiteVerifier>()?;
    executable.verify::<LocalVerifier>()?;
    executable.jit_compile()?;
    Ok(executable)
}

fn execute(
    executable: &Executable<Context>,
    mut mode: ExecutionMode,
    by: &'static str,
    input: &[u8],
) -> Result<Execution, String> {
    let config = executable.get_config();
    let version = executable.get_sbpf_version();
    let mut stack = Memory::zero_filled(config.stack_size());
    let mut heap = Memory::zero_filled(HEAP);
    let mut memory = Memory::from_slice(input);
    let gap = match version.stack_frame_gaps() && config.enable_stack_frame_gaps {
        true => config.stack_frame_size as u64,
        false => 0,
    };
    let stack_size = stack.len();
    let regions = vec![
        executable.get_ro_region(),
        MemoryRegion::new_gapped(stack.as_slice_mut() as *mut [u8], MM_STACK_START, gap),
        MemoryRegion::new(heap.as_slice_mut() as *mut [u8], MM_HEAP_START),
        MemoryRegion::new(memory.as_slice_mut() as *mut [u8], MM_INPUT_START),
    ];
    let mapping = unsafe { MemoryMapping::new(regions, config, version) }.map_err(|error| error.to_string())?;
    let mut context = Context { memory: mapping, remaining: INSTRUCTIONS, log: Vec::new() };
    let mut vm = EbpfVm::new(executable.get_loader().clone(), version, &mut context, stack_size);
    vm.registers[1] = MM_INPUT_START;
    let mut frames = vec![CallFrame::default(); config.max_call_depth];
    let (_, result) = vm.execute_program(executable, &mut mode, &mut frames);
    let result: Result<u64, _> = result.into();
    Ok(Execution {
        by,
        result: result.map_err(|error| error.to_string()),
        log: context.log,
        memory: memory.as_slice().to_vec(),
    })
}
