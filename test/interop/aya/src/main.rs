//! Parses a BPF object with aya-obj, and resolves its BTF, calls and maps as aya does before it loads a program.
//! Prints one line of JSON.
//!
//!     aya-peer parse FILE
//!     aya-peer check FILE...    each by itself, one line for each
//!
//! The exit status is 0, 1 when the library refused (the JSON has `error`), or 2 for a wrong command.

#[path = "../../libbpf/src/json.rs"]
mod json;

use std::collections::HashSet;
use std::error::Error;
use std::process::ExitCode;

use aya_obj::btf::BtfFeatures;
use aya_obj::{Map, Object, Program};
use json::Json;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some((command, files)) = arguments.split_first()
        && command == "check"
    {
        // A panic is a refusal like any other.
        std::panic::set_hook(Box::new(|_| {}));
        files.iter().for_each(|file| println!("{}", check(file)));
        return ExitCode::SUCCESS;
    }
    let [command, file] = &arguments[..] else { return usage() };
    if command != "parse" {
        return usage();
    }
    match parse(file) {
        Ok(report) => {
            println!("{report}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            println!("{}", Json::Record(vec![("error", Json::text(chain(&*error)))]));
            ExitCode::from(1)
        }
    }
}

fn usage() -> ExitCode {
    eprintln!("usage: aya-peer parse FILE | check FILE...");
    ExitCode::from(2)
}

/// Whether the library takes an object; if not, why.
fn check(file: &str) -> Json {
    let mut report = vec![("file", Json::text(file))];
    let error = match std::panic::catch_unwind(|| parse(file).map_err(|error| chain(&*error))) {
        Ok(Ok(_)) => None,
        Ok(Err(error)) => Some(error),
        Err(panic) => Some(format!("panic: {}", panic.downcast_ref::<String>().cloned().unwrap_or_default())),
    };
    if let Some(error) = error {
        report.push(("stage", Json::text("open")));
        report.push(("error", Json::text(error)));
    }
    Json::Record(report)
}

/// An error with its causes, outermost first.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    text
}

fn parse(file: &str) -> Result<Json, Box<dyn Error>> {
    let bytes = std::fs::read(file)?;
    let mut object = Object::parse(&bytes)?;
    // The features of a current kernel: float, declaration tags, type tags, enum64 and the rest.
    let features = BtfFeatures::new(true, true, true, true, true, true, true, true);
    object.fixup_and_sanitize_btf(&features)?;
    // Sections of subprograms are those no program is in.
    let entries: HashSet<usize> = object.programs.values().map(|program| program.section_index).collect();
    let text_sections: HashSet<usize> =
        object.functions.keys().map(|(section, _)| *section).filter(|section| !entries.contains(section)).collect();
    // Any number will do for a map that is not created.
    let maps: Vec<(String, Map)> = object.maps.iter().map(|(name, map)| (name.clone(), map.clone())).collect();
    let numbered = maps.iter().enumerate().map(|(index, (name, map))| (name.as_str(), index as i32, map));
    object.relocate_maps(numbered, &text_sections)?;
    object.relocate_calls(&text_sections)?;
    Ok(describe(&object))
}

fn describe(object: &Object) -> Json {
    let mut programs: Vec<(&String, &Program)> = object.programs.iter().collect();
    programs.sort_by_key(|(name, _)| *name);
    let mut maps: Vec<(&String, &Map)> = object.maps.iter().collect();
    maps.sort_by_key(|(name, _)| *name);
    let mut functions: Vec<&str> = object.functions.values().map(|function| function.name.as_str()).collect();
    functions.sort_unstable();
    Json::Record(vec![
        ("license", Json::text(object.license.to_string_lossy())),
        ("programs", Json::List(programs.iter().map(|(name, each)| describe_program(object, name, each)).collect())),
        ("maps", Json::List(maps.iter().map(|(name, each)| describe_map(name, each)).collect())),
        ("functions", Json::List(functions.into_iter().map(Json::text).collect())),
    ])
}

fn describe_program(object: &Object, name: &str, program: &Program) -> Json {
    let instructions = object.functions.get(&program.function_key()).map_or(0, |function| function.instructions.len());
    Json::Record(vec![
        ("name", Json::text(name)),
        ("type", Json::text(format!("{:?}", program.section))),
        ("instructions", Json::Number(instructions as i64)),
    ])
}

fn describe_map(name: &str, map: &Map) -> Json {
    Json::Record(vec![
        ("name", Json::text(name)),
        ("type", Json::Number(map.map_type().into())),
        ("keySize", Json::Number(map.key_size().into())),
        ("valueSize", Json::Number(map.value_size().into())),
        ("maxEntries", Json::Number(map.max_entries().into())),
        ("flags", Json::Number(map.map_flags().into())),
        ("inner", Json::Bool(map.inner().is_some())),
    ])
}
