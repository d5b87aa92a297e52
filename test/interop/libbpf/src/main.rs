//! Links, loads and test-runs BPF objects with libbpf and the running kernel. Prints one line of JSON.
//!
//!     libbpf-peer link OUT IN...       link with bpf_linker
//!     libbpf-peer load FILE            open FILE, load it into the kernel, list what is in it
//!     libbpf-peer run FILE STEP...     load FILE, take the steps in order, print what is in every map afterwards
//!     libbpf-peer check FILE...        open and load each FILE by itself, print one line for each
//!
//! A step is `run:PROGRAM:HEX` (see Program::run), `set:MAP:KEY-HEX:VALUE-HEX`, or `wait:MILLISECONDS`.
//!
//! Nothing is attached and nothing is pinned: all of it is gone when the process ends. The exit status is 0, 1 when
//! libbpf or the kernel refused (the JSON has `error`, and libbpf's own words in `log`), or 2 for a wrong command.

mod json;
mod object;

use std::ffi::{c_char, c_int};
use std::io::Error;
use std::process::ExitCode;
use std::sync::Mutex;

use json::Json;
use libbpf_sys::*;
use object::{Map, Object, Outcome};

static LOG: Mutex<String> = Mutex::new(String::new());

unsafe extern "C" {
    fn vsnprintf(to: *mut c_char, size: usize, format: *const c_char, arguments: *mut __va_list_tag) -> c_int;
    fn sched_setaffinity(pid: c_int, size: usize, mask: *const u64) -> c_int;
}

unsafe extern "C" fn keep_log(
    level: libbpf_print_level,
    format: *const c_char,
    arguments: *mut __va_list_tag,
) -> c_int {
    if level > LIBBPF_WARN {
        return 0;
    }
    let mut line = vec![0u8; 1 << 16];
    let length = unsafe { vsnprintf(line.as_mut_ptr() as *mut c_char, line.len(), format, arguments) };
    line.truncate((length.max(0) as usize).min(line.len() - 1));
    if let Ok(mut log) = LOG.lock() {
        log.push_str(&String::from_utf8_lossy(&line));
    }
    0
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    unsafe {
        libbpf_set_print(Some(keep_log));
        // One CPU, so that per-CPU values are in the same place from run to run.
        sched_setaffinity(0, size_of::<u64>(), &1);
    }
    let result = match arguments.split_first() {
        Some((command, rest)) if command == "link" && rest.len() > 1 => link(&rest[0], &rest[1..]),
        Some((command, rest)) if command == "load" && rest.len() == 1 => load(&rest[0]),
        Some((command, rest)) if command == "run" && !rest.is_empty() => run(&rest[0], &rest[1..]),
        Some((command, rest)) if command == "check" => {
            rest.iter().for_each(|file| println!("{}", check(file)));
            return ExitCode::SUCCESS;
        }
        _ => {
            eprintln!("usage: libbpf-peer link OUT IN... | load FILE | run FILE STEP... | check FILE...");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(report) => {
            println!("{report}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            let log = LOG.lock().map(|log| log.clone()).unwrap_or_default();
            let report = [("error", Json::text(error.to_string())), ("log", Json::text(log))];
            println!("{}", Json::Record(report.into()));
            ExitCode::from(1)
        }
    }
}

fn link(output: &str, inputs: &[String]) -> Outcome<Json> {
    object::link(output, inputs)?;
    Ok(Json::Record(vec![("linked", Json::text(output)), ("libbpf", Json::text(version()))]))
}

fn version() -> String {
    format!("{}.{}", unsafe { libbpf_major_version() }, unsafe { libbpf_minor_version() })
}

fn load(path: &str) -> Outcome<Json> {
    let object = Object::open(path)?;
    object.load()?;
    Ok(Json::Record(vec![
        ("libbpf", Json::text(version())),
        ("programs", Json::List(object.programs().iter().map(describe_program).collect())),
        ("maps", Json::List(object.maps().iter().map(describe_map).collect())),
    ]))
}

/// How far libbpf and the kernel get with an object: `open` or `load` is where they refused it.
fn check(path: &str) -> Json {
    let object = Object::open(path);
    let stage = if object.is_ok() { "load" } else { "open" };
    let mut report = vec![("file", Json::text(path))];
    if let Err(error) = object.and_then(|object| object.load()) {
        report.push(("stage", Json::text(stage)));
        report.push(("error", Json::text(error.to_string())));
    }
    let log = LOG.lock().map(|mut log| std::mem::take(&mut *log)).unwrap_or_default();
    report.push(("log", Json::text(log)));
    Json::Record(report)
}

fn describe_program(program: &object::Program) -> Json {
    Json::Record(vec![
        ("name", Json::text(program.name())),
        ("section", Json::text(program.section())),
        ("type", Json::text(program.kind_name())),
        ("loaded", Json::Bool(program.autoload())),
        ("instructions", Json::Number(program.instructions() as i64)),
    ])
}

fn describe_map(map: &Map) -> Json {
    Json::Record(vec![
        ("name", Json::text(map.name())),
        ("type", Json::text(map.kind_name())),
        ("keySize", Json::Number(map.key_size() as i64)),
        ("valueSize", Json::Number(map.value_size() as i64)),
        ("maxEntries", Json::Number(map.max_entries().into())),
        ("flags", Json::Number(map.flags().into())),
    ])
}

fn run(path: &str, steps: &[String]) -> Outcome<Json> {
    let object = Object::open(path)?;
    object.load()?;
    let mut results = Vec::new();
    for step in steps {
        results.push(take_step(&object, step)?);
    }
    let maps = object.maps().iter().map(|map| dump_map(&object, map)).collect::<Outcome<Vec<Json>>>()?;
    Ok(Json::Record(vec![("steps", Json::List(results)), ("maps", Json::List(maps))]))
}

/// A step the kernel refuses is a result like any other; one that names what is not there is an error.
fn take_step(object: &Object, step: &str) -> Outcome<Json> {
    let parts: Vec<&str> = step.split(':').collect();
    let mut report = vec![("step", Json::text(step))];
    match parts[..] {
        ["run", name, input] => {
            let programs = object.programs();
            let program = programs.iter().find(|program| program.name() == name);
            let program = program.ok_or_else(|| Error::other(format!("no program {name}")))?;
            match program.run(&bytes(input)?) {
                Ok(result) => {
                    report.push(("retval", Json::Number((result.retval as i32).into())));
                    report.push(("output", hex(&result.output)));
                }
                Err(error) => report.push(("error", Json::text(error.to_string()))),
            }
        }
        ["set", name, key, value] => {
            let maps = object.maps();
            let map = maps.iter().find(|map| map.name() == name);
            map.ok_or_else(|| Error::other(format!("no map {name}")))?.update(&bytes(key)?, &bytes(value)?)?;
        }
        ["wait", milliseconds] => {
            let milliseconds = milliseconds.parse().map_err(|_| Error::other(format!("bad step {step}")))?;
            std::thread::sleep(std::time::Duration::from_millis(milliseconds));
        }
        _ => return Err(Error::other(format!("bad step {step}"))),
    }
    Ok(Json::Record(report))
}

/// Bytes as lowercase hexadecimal, in memory order.
fn hex(bytes: &[u8]) -> Json {
    Json::Text(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn bytes(hex: &str) -> Outcome<Vec<u8>> {
    let digits = hex.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap_or_default());
    digits
        .map(|pair| u8::from_str_radix(pair, 16).ok().filter(|_| pair.len() == 2))
        .collect::<Option<Vec<u8>>>()
        .ok_or_else(|| Error::other(format!("not hexadecimal: {hex}")))
}

/// The contents of a map: variables by name for a data section, samples for a ring buffer, else the entries that are
/// not all zero.
fn dump_map(object: &Object, map: &Map) -> Outcome<Json> {
    let name = map.name();
    let mut report = vec![("name", Json::text(name.clone())), ("type", Json::text(map.kind_name()))];
    match map.kind() {
        BPF_MAP_TYPE_STRUCT_OPS => {}
        BPF_MAP_TYPE_RINGBUF => {
            let samples = map.samples()?;
            report.push(("samples", Json::List(samples.iter().map(|sample| hex(sample)).collect())));
        }
        _ if map.is_section() => {
            let section = &name[name.find('.').unwrap_or(0)..];
            report.push(("variables", dump_variables(object, map, section)));
        }
        kind => {
            let holds_ids =
                matches!(kind, BPF_MAP_TYPE_PROG_ARRAY | BPF_MAP_TYPE_ARRAY_OF_MAPS | BPF_MAP_TYPE_HASH_OF_MAPS);
            let mut entries = Vec::new();
            for key in map.keys() {
                let Some(value) = map.lookup(&key) else { continue };
                if value.iter().all(|byte| *byte == 0) {
                    continue;
                }
                let value = match value.first_chunk::<4>() {
                    Some(id) if holds_ids => Json::text(object::name_by_id(kind, u32::from_ne_bytes(*id))),
                    _ => hex(&value),
                };
                entries.push(Json::List(vec![hex(&key), value]));
            }
            report.push(("entries", Json::List(entries)));
        }
    }
    Ok(Json::Record(report))
}

fn dump_variables(object: &Object, map: &Map, section: &str) -> Json {
    let contents = map.lookup(&0u32.to_ne_bytes()).unwrap_or_default();
    let variables = object.variables(section).into_iter().map(|(name, range)| {
        let value = contents.get(range).map_or(Json::text("outside the section"), |bytes| hex(bytes));
        Json::List(vec![Json::text(name), value])
    });
    Json::List(variables.collect())
}
