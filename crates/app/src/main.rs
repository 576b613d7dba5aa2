//! The executable `candour`: settings, wiring, commands.
//! Exit codes: 0 complete, 1 a check failed, 2 bad input or usage, 3 something required is missing.

mod commands;
mod demo;
mod memory;
mod passphrase;

use std::process::ExitCode;

use clap::Parser;

#[tokio::main]
async fn main() -> ExitCode {
    memory::keep_to_itself();
    store::ask_passphrase_with(passphrase::ask);
    // A bad line of usage exits with 2, as clap does.
    commands::run(commands::Cli::parse()).await
}
