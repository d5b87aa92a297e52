//! What the programs around user-space BPF machines share.

pub mod image;
#[path = "../../../interop/libbpf/src/json.rs"]
pub mod json;
pub mod report;
