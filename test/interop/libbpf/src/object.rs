//! A BPF object opened by libbpf: its programs, its maps, and what running it leaves in them.

use std::ffi::{CStr, CString, c_char, c_void};
use std::io::Error;
use std::mem::{size_of, zeroed};
use std::ptr::{null, null_mut};

use libbpf_sys::*;

/// libbpf's errors are negative errno values, or null with errno set.
pub type Outcome<T> = Result<T, Error>;

pub struct Object {
    handle: *mut bpf_object,
}

pub struct Program {
    handle: *mut bpf_program,
}

pub struct Map {
    handle: *mut bpf_map,
}

/// What BPF_PROG_TEST_RUN gave back.
pub struct RunResult {
    pub retval: u32,
    /// The packet afterwards, or the context of programs that take one.
    pub output: Vec<u8>,
}

fn check(result: i32) -> Outcome<i32> {
    if result < 0 { Err(Error::from_raw_os_error(-result)) } else { Ok(result) }
}

/// Text that libbpf owns; empty where it gives null.
fn text(pointer: *const c_char) -> String {
    if pointer.is_null() {
        return String::new();
    }
    unsafe { CStr::from_ptr(pointer) }.to_string_lossy().into_owned()
}

fn path_text(path: &str) -> Outcome<CString> {
    CString::new(path).map_err(|_| Error::other("a name holds a NUL byte"))
}

/// Links `inputs` in order into `output` with bpf_linker.
pub fn link(output: &str, inputs: &[String]) -> Outcome<()> {
    let output = path_text(output)?;
    unsafe {
        let linker = bpf_linker__new(output.as_ptr(), null_mut());
        if linker.is_null() {
            return Err(Error::last_os_error());
        }
        let result = add_and_finalize(linker, inputs);
        bpf_linker__free(linker);
        result
    }
}

unsafe fn add_and_finalize(linker: *mut bpf_linker, inputs: &[String]) -> Outcome<()> {
    for input in inputs {
        let input = path_text(input)?;
        check(unsafe { bpf_linker__add_file(linker, input.as_ptr(), null()) })?;
    }
    check(unsafe { bpf_linker__finalize(linker) })?;
    Ok(())
}

impl Object {
    /// Opens the object under a fixed name, so that maps made from its sections are named alike for every file.
    pub fn open(path: &str) -> Outcome<Self> {
        let path = path_text(path)?;
        let mut options: bpf_object_open_opts = unsafe { zeroed() };
        options.sz = size_of::<bpf_object_open_opts>() as size_t;
        options.object_name = c"object".as_ptr();
        let handle = unsafe { bpf_object__open_file(path.as_ptr(), &options) };
        if handle.is_null() { Err(Error::last_os_error()) } else { Ok(Object { handle }) }
    }

    /// Creates the maps and loads every program that is not left to the user ("?" before its section name).
    pub fn load(&self) -> Outcome<()> {
        check(unsafe { bpf_object__load(self.handle) })?;
        Ok(())
    }

    pub fn programs(&self) -> Vec<Program> {
        let mut programs = Vec::new();
        let mut handle = null_mut();
        loop {
            handle = unsafe { bpf_object__next_program(self.handle, handle) };
            if handle.is_null() {
                return programs;
            }
            programs.push(Program { handle });
        }
    }

    pub fn maps(&self) -> Vec<Map> {
        let mut maps = Vec::new();
        let mut handle = null_mut();
        loop {
            handle = unsafe { bpf_object__next_map(self.handle, handle) };
            if handle.is_null() {
                return maps;
            }
            maps.push(Map { handle });
        }
    }

    /// The variables of a data section as its DATASEC lists them: name, and range of bytes in the section.
    pub fn variables(&self, section: &str) -> Vec<(String, std::ops::Range<usize>)> {
        const VLEN: u32 = 0xffff;
        let Ok(section) = path_text(section) else { return Vec::new() };
        let mut variables = Vec::new();
        unsafe {
            let btf = bpf_object__btf(self.handle);
            if btf.is_null() {
                return variables;
            }
            let id = btf__find_by_name_kind(btf, section.as_ptr(), BTF_KIND_DATASEC as u32);
            if id < 0 {
                return variables;
            }
            let datasec = btf__type_by_id(btf, id as u32);
            let entries = datasec.add(1) as *const btf_var_secinfo;
            for index in 0..((*datasec).info & VLEN) as usize {
                let entry = &*entries.add(index);
                let variable = btf__type_by_id(btf, entry.type_);
                let name = text(btf__name_by_offset(btf, (*variable).name_off));
                let start = entry.offset as usize;
                variables.push((name, start..start + entry.size as usize));
            }
        }
        variables
    }
}

impl Drop for Object {
    fn drop(&mut self) {
        unsafe { bpf_object__close(self.handle) }
    }
}

impl Program {
    pub fn name(&self) -> String {
        text(unsafe { bpf_program__name(self.handle) })
    }

    pub fn section(&self) -> String {
        text(unsafe { bpf_program__section_name(self.handle) })
    }

    pub fn kind(&self) -> bpf_prog_type {
        unsafe { bpf_program__type(self.handle) }
    }

    pub fn kind_name(&self) -> String {
        text(unsafe { libbpf_bpf_prog_type_str(self.kind()) })
    }

    pub fn autoload(&self) -> bool {
        unsafe { bpf_program__autoload(self.handle) }
    }

    /// Instructions, subprograms included once the object is loaded.
    pub fn instructions(&self) -> usize {
        unsafe { bpf_program__insn_cnt(self.handle) as usize }
    }

    /// Runs the program once. Packet programs take `input` as the packet; the others as their context: a struct_ops
    /// program of bpf_dummy_ops the 4 bytes of its state (none: a null state) and then its further 8-byte arguments.
    pub fn run(&self, input: &[u8]) -> Outcome<RunResult> {
        match self.kind() {
            BPF_PROG_TYPE_RAW_TRACEPOINT | BPF_PROG_TYPE_SYSCALL => self.run_with_context(input.to_vec()),
            BPF_PROG_TYPE_STRUCT_OPS => {
                let mut state = input.get(..4).unwrap_or_default().to_vec();
                let pointer = if state.is_empty() { 0 } else { state.as_mut_ptr() as u64 };
                let mut context = pointer.to_ne_bytes().to_vec();
                context.extend_from_slice(input.get(4..).unwrap_or_default());
                let result = self.run_with_context(context)?;
                Ok(RunResult { retval: result.retval, output: state })
            }
            _ => self.run_with_packet(input),
        }
    }

    fn run_with_context(&self, mut context: Vec<u8>) -> Outcome<RunResult> {
        let mut options = run_options();
        // The kernel takes a context of no size only where there is none.
        if !context.is_empty() {
            options.ctx_in = context.as_mut_ptr() as *const c_void;
        }
        options.ctx_size_in = context.len() as u32;
        check(unsafe { bpf_prog_test_run_opts(bpf_program__fd(self.handle), &mut options) })?;
        Ok(RunResult { retval: options.retval, output: context })
    }

    fn run_with_packet(&self, packet: &[u8]) -> Outcome<RunResult> {
        let mut output = vec![0; packet.len() + 512];
        let mut options = run_options();
        options.data_in = packet.as_ptr() as *const c_void;
        options.data_size_in = packet.len() as u32;
        options.data_out = output.as_mut_ptr() as *mut c_void;
        options.data_size_out = output.len() as u32;
        options.repeat = 1;
        check(unsafe { bpf_prog_test_run_opts(bpf_program__fd(self.handle), &mut options) })?;
        output.truncate(options.data_size_out as usize);
        Ok(RunResult { retval: options.retval, output })
    }
}

fn run_options() -> bpf_test_run_opts {
    let mut options: bpf_test_run_opts = unsafe { zeroed() };
    options.sz = size_of::<bpf_test_run_opts>() as size_t;
    options
}

impl Map {
    pub fn name(&self) -> String {
        text(unsafe { bpf_map__name(self.handle) })
    }

    pub fn kind(&self) -> bpf_map_type {
        unsafe { bpf_map__type(self.handle) }
    }

    pub fn kind_name(&self) -> String {
        text(unsafe { libbpf_bpf_map_type_str(self.kind()) })
    }

    pub fn key_size(&self) -> usize {
        unsafe { bpf_map__key_size(self.handle) as usize }
    }

    pub fn value_size(&self) -> usize {
        unsafe { bpf_map__value_size(self.handle) as usize }
    }

    pub fn max_entries(&self) -> u32 {
        unsafe { bpf_map__max_entries(self.handle) }
    }

    pub fn flags(&self) -> u32 {
        unsafe { bpf_map__map_flags(self.handle) }
    }

    /// Whether libbpf made the map from a data section of the object.
    pub fn is_section(&self) -> bool {
        unsafe { bpf_map__is_internal(self.handle) }
    }

    pub fn update(&self, key: &[u8], value: &[u8]) -> Outcome<()> {
        if key.len() != self.key_size() || value.len() != self.value_size() {
            return Err(Error::other(format!("{}: key or value of the wrong size", self.name())));
        }
        let (key, value) = (key.as_ptr() as *const c_void, value.as_ptr() as *const c_void);
        check(unsafe { bpf_map_update_elem(bpf_map__fd(self.handle), key, value, BPF_ANY as u64) })?;
        Ok(())
    }

    /// Bytes a look-up from user space gives: of per-CPU maps one value for each possible CPU.
    fn lookup_size(&self) -> usize {
        match self.kind() {
            BPF_MAP_TYPE_PERCPU_ARRAY | BPF_MAP_TYPE_PERCPU_HASH | BPF_MAP_TYPE_LRU_PERCPU_HASH => {
                self.value_size().next_multiple_of(8) * unsafe { libbpf_num_possible_cpus() }.max(1) as usize
            }
            _ => self.value_size(),
        }
    }

    pub fn lookup(&self, key: &[u8]) -> Option<Vec<u8>> {
        let mut value = vec![0; self.lookup_size()];
        let (key, into) = (key.as_ptr() as *const c_void, value.as_mut_ptr() as *mut c_void);
        (unsafe { bpf_map_lookup_elem(bpf_map__fd(self.handle), key, into) } == 0).then_some(value)
    }

    /// All keys, sorted: a hash has no order of its own.
    pub fn keys(&self) -> Vec<Vec<u8>> {
        let mut keys: Vec<Vec<u8>> = Vec::new();
        loop {
            let last = keys.last().map_or(null(), |key| key.as_ptr() as *const c_void);
            let mut next = vec![0; self.key_size()];
            let fd = unsafe { bpf_map__fd(self.handle) };
            if unsafe { bpf_map_get_next_key(fd, last, next.as_mut_ptr() as *mut c_void) } != 0 {
                keys.sort();
                return keys;
            }
            keys.push(next);
        }
    }

    /// The samples waiting in a ring buffer; they are consumed.
    pub fn samples(&self) -> Outcome<Vec<Vec<u8>>> {
        let mut samples: Vec<Vec<u8>> = Vec::new();
        unsafe {
            let context = &raw mut samples as *mut c_void;
            let ring = ring_buffer__new(bpf_map__fd(self.handle), Some(keep_sample), context, null());
            if ring.is_null() {
                return Err(Error::last_os_error());
            }
            let result = check(ring_buffer__consume(ring));
            ring_buffer__free(ring);
            result?;
        }
        Ok(samples)
    }
}

unsafe extern "C" fn keep_sample(context: *mut c_void, data: *mut c_void, size: size_t) -> i32 {
    let samples = unsafe { &mut *(context as *mut Vec<Vec<u8>>) };
    samples.push(unsafe { std::slice::from_raw_parts(data as *const u8, size as usize) }.to_vec());
    0
}

/// The name of the map or program that a slot of a map of maps or a program array holds, by its kernel id.
pub fn name_by_id(kind: bpf_map_type, id: u32) -> String {
    unsafe {
        let name = if kind == BPF_MAP_TYPE_PROG_ARRAY {
            let mut info: bpf_prog_info = zeroed();
            info_by_fd(bpf_prog_get_fd_by_id(id), &mut info).then(|| text(info.name.as_ptr()))
        } else {
            let mut info: bpf_map_info = zeroed();
            info_by_fd(bpf_map_get_fd_by_id(id), &mut info).then(|| text(info.name.as_ptr()))
        };
        name.unwrap_or_else(|| "?".into())
    }
}

unsafe fn info_by_fd<Info>(fd: i32, info: &mut Info) -> bool {
    if fd < 0 {
        return false;
    }
    let mut size = size_of::<Info>() as u32;
    let known = unsafe { bpf_obj_get_info_by_fd(fd, info as *mut Info as *mut c_void, &mut size) } == 0;
    unsafe { close(fd) };
    known
}

unsafe extern "C" {
    fn close(fd: i32) -> i32;
}
