//! One line of JSON for each file that was run.

use std::process::ExitCode;

use crate::json::Json;

/// A program and the memory it gets: `FILE` or `FILE=HEX` on the command line.
pub struct Job {
    pub file: String,
    pub input: Vec<u8>,
}

/// What one execution did.
pub struct Execution {
    /// The interpreter or the compiler that ran it.
    pub by: &'static str,
    /// r0 at the end, or why there was none.
    pub result: Result<u64, String>,
    /// What the program said through helpers or syscalls, in order.
    pub log: Vec<String>,
    /// The program's memory afterwards.
    pub memory: Vec<u8>,
}

impl Execution {
    fn json(&self) -> Json {
        let mut report = vec![("by", Json::text(self.by))];
        match &self.result {
            Ok(value) => report.push(("result", Json::text(format!("{value:#x}")))),
            Err(error) => report.push(("error", Json::text(error.clone()))),
        }
        report.push(("log", Json::List(self.log.iter().map(|line| Json::text(line.clone())).collect())));
        report.push(("memory", Json::text(hex(&self.memory))));
        Json::Record(report)
    }
}

/// Runs every job of the command line and prints its executions, or why the machine refused it. The exit status is 0
/// when all were at least taken by the machine, 1 when one was refused, 2 for a wrong command.
pub fn main(run: impl Fn(&Job) -> Result<Vec<Execution>, String>) -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let jobs: Option<Vec<Job>> = arguments.iter().map(|argument| job(argument)).collect();
    let Some(jobs) = jobs.filter(|jobs| !jobs.is_empty()) else {
        eprintln!("usage: FILE[=INPUT-HEX]...");
        return ExitCode::from(2);
    };
    let mut status = ExitCode::SUCCESS;
    for job in &jobs {
        let mut report = vec![("file", Json::text(job.file.clone()))];
        match run(job) {
            Ok(runs) => report.push(("runs", Json::List(runs.iter().map(Execution::json).collect()))),
            Err(error) => {
                report.push(("error", Json::text(error)));
                status = ExitCode::from(1);
            }
        }
        println!("{}", Json::Record(report));
    }
    status
}

fn job(argument: &str) -> Option<Job> {
    let (file, digits) = argument.split_once('=').unwrap_or((argument, ""));
    let pairs = digits.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap_or_default());
    let input = pairs.map(|pair| u8::from_str_radix(pair, 16).ok().filter(|_| pair.len() == 2));
    Some(Job { file: file.to_string(), input: input.collect::<Option<Vec<u8>>>()? })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
