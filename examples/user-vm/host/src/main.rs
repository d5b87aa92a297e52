//! A host of the meter program: gives it readings, one after the other, in one machine.
//!
//!     meter-host IMAGE CHANNEL:RAW...

mod image;

use std::process::ExitCode;

use image::Image;
use rbpf::EbpfVmRaw;

/// struct reading of meter.h.
#[repr(C)]
struct Reading {
    channel: u32,
    raw: u32,
    value: u64,
    excess: u64,
}

/// Bytes of stack for each function: rbpf has 512 for all of them.
const FRAME: u16 = 64;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let readings = arguments.iter().skip(1).map(|argument| reading(argument)).collect::<Option<Vec<Reading>>>();
    let (Some(path), Some(readings)) = (arguments.first(), readings) else {
        eprintln!("usage: meter-host IMAGE CHANNEL:RAW...");
        return ExitCode::from(2);
    };
    match run(path, readings) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("meter-host: {error}");
            ExitCode::FAILURE
        }
    }
}

fn reading(argument: &str) -> Option<Reading> {
    let (channel, raw) = argument.split_once(':')?;
    Some(Reading { channel: channel.parse().ok()?, raw: raw.parse().ok()?, value: 0, excess: 0 })
}

fn run(path: &str, readings: Vec<Reading>) -> Result<(), Box<dyn std::error::Error>> {
    let image = Image::map(&std::fs::read(path)?)?;
    let mut machine = EbpfVmRaw::new(None)?;
    machine.set_stack_usage_calculator(|_, _, _| FRAME, Box::new(()))?;
    // The numbers that the link gave them, by --helper.
    machine.register_helper(1, alarm)?;
    machine.register_helper(2, note)?;
    // Addresses of the program are addresses of this process; these it may use.
    for segment in &image.segments {
        machine.register_allowed_memory(segment.clone());
    }
    machine.set_program(&image.code)?;
    for mut reading in readings {
        let memory = (&raw mut reading).cast::<u8>();
        let count = machine.execute_program(unsafe { std::slice::from_raw_parts_mut(memory, size_of::<Reading>()) })?;
        println!("{count}: channel {} raw {} is {}", reading.channel, reading.raw, reading.value);
    }
    Ok(())
}

fn alarm(channel: u64, value: u64, _: u64, _: u64, _: u64) -> u64 {
    println!("alarm: channel {channel} at {value}");
    0
}

/// The program's constant data is mapped: its pointers are good here.
fn note(text: u64, length: u64, _: u64, _: u64, _: u64) -> u64 {
    let bytes = unsafe { std::slice::from_raw_parts(text as *const u8, length as usize) };
    println!("note: {}", String::from_utf8_lossy(bytes));
    0
}
