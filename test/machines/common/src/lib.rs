//! What the programs around user-space BPF machines share.

#[path = "../../../../examples/user-vm/host/src/image.rs"]
pub mod image;
#[path = "../../../interop/libbpf/src/json.rs"]
pub mod json;
pub mod report;
