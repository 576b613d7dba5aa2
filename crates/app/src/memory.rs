//! What this process has in memory stays there: no core file is written when it ends badly, and other processes cannot look into it.

/// Switches core dumps off, for this process and what it starts. What cannot be switched off is said, and no reason not to start.
pub fn keep_to_itself() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    if let Err(error) = setrlimit(Resource::Core, none) {
        eprintln!("candour: core dumps could not be switched off: {error}");
    }
    // Covers core dumps that are piped to a program, which the limit does not, and another process attaching to this one.
    #[cfg(target_os = "linux")]
    if let Err(error) =
        rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)
    {
        eprintln!("candour: the memory of this process could not be closed to others: {error}");
    }
}
