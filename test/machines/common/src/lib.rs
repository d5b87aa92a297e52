//! What the programs around user-space BPF machines share.

pub mod dynamic;
#[path = "../../../../examples/user-vm/host/src/image.rs"]
pub mod image;
#[path = "../../../interop/libbpf/src/json.rs"]
pub mod json;
pub mod report;
