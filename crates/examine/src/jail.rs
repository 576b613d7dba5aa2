//! What the process apart gives up before it reads the first byte: network, files, other processes, memory and time beyond a measure.

use rustix::process::{Resource, Rlimit, setrlimit};

/// Seconds of computing it may use.
const SECONDS: u64 = 30;
/// Addresses it may use beyond what it has at its start, in bytes.
const MEMORY: u64 = 1 << 30;

/// Gives everything up, and answers with what the system would not take away.
pub(crate) fn close() -> Vec<&'static str> {
    let mut not = Vec::new();
    let mut limit = |what: Resource, to: u64, words: &'static str| {
        let limit = Rlimit {
            current: Some(to),
            maximum: Some(to),
        };
        if setrlimit(what, limit).is_err() {
            not.push(words);
        }
    };
    limit(Resource::Core, 0, "core files");
    limit(Resource::Cpu, SECONDS, "computing without end");
    limit(Resource::As, used().saturating_add(MEMORY), "memory");
    limit(Resource::Fsize, 0, "writing files");
    // The three it has; none can be opened besides.
    limit(Resource::Nofile, 3, "opening files");
    limit(Resource::Nproc, 0, "other processes");
    #[cfg(target_os = "linux")]
    if rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)
        .is_err()
    {
        not.push("being looked into");
    }
    #[cfg(target_os = "linux")]
    if filter::close().is_err() {
        not.push("calls of the system");
    }
    not
}

/// The addresses this process has, as the system counts them; a guess where it does not say.
fn used() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").ok();
    let pages = pages.and_then(|text| text.split(' ').next()?.parse::<u64>().ok());
    pages.map_or(1 << 30, |pages| {
        pages.saturating_mul(rustix::param::page_size() as u64)
    })
}

#[cfg(target_os = "linux")]
mod filter {
    //! The calls of the system that reading, computing and answering need; every other one fails, whatever it is.

    use std::collections::BTreeMap;

    use seccompiler::{
        BpfProgram, SeccompAction, SeccompFilter, TargetArch, apply_filter_all_threads,
    };

    /// Numbers of calls that are the same to a file however it is named: nothing here opens, connects, starts or sends.
    #[cfg(target_arch = "x86_64")]
    const NEEDED: &[i64] = &[
        0,   // read
        1,   // write
        3,   // close
        5,   // fstat
        7,   // poll
        8,   // lseek
        9,   // mmap
        10,  // mprotect
        11,  // munmap
        12,  // brk
        13,  // rt_sigaction
        14,  // rt_sigprocmask
        15,  // rt_sigreturn
        19,  // readv
        20,  // writev
        24,  // sched_yield
        25,  // mremap
        28,  // madvise
        35,  // nanosleep
        39,  // getpid
        60,  // exit
        131, // sigaltstack
        158, // arch_prctl
        186, // gettid
        200, // tkill
        202, // futex
        228, // clock_gettime
        230, // clock_nanosleep
        231, // exit_group
        234, // tgkill
        318, // getrandom
    ];
    #[cfg(target_arch = "aarch64")]
    const NEEDED: &[i64] = &[
        57,  // close
        62,  // lseek
        63,  // read
        64,  // write
        65,  // readv
        66,  // writev
        73,  // ppoll
        80,  // fstat
        93,  // exit
        94,  // exit_group
        98,  // futex
        101, // nanosleep
        113, // clock_gettime
        115, // clock_nanosleep
        124, // sched_yield
        130, // tkill
        131, // tgkill
        132, // sigaltstack
        134, // rt_sigaction
        135, // rt_sigprocmask
        139, // rt_sigreturn
        172, // getpid
        178, // gettid
        214, // brk
        215, // munmap
        216, // mremap
        222, // mmap
        226, // mprotect
        233, // madvise
        278, // getrandom
    ];

    pub(super) fn close() -> Result<(), Box<dyn std::error::Error>> {
        let arch = TargetArch::try_from(std::env::consts::ARCH)?;
        let rules: BTreeMap<i64, Vec<seccompiler::SeccompRule>> =
            NEEDED.iter().map(|call| (*call, Vec::new())).collect();
        // 1: not permitted.
        let filter =
            SeccompFilter::new(rules, SeccompAction::Errno(1), SeccompAction::Allow, arch)?;
        let program: BpfProgram = filter.try_into()?;
        Ok(apply_filter_all_threads(&program)?)
    }
}
