//! The executable `candour`: settings, wiring, commands.
//! Exit codes: 0 complete, 1 a check failed, 2 bad input or usage, 3 something required is missing.

mod commands;
mod demo;
mod memory;
mod passphrase;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    memory::keep_to_itself();
    // The process in which files are looked at: nothing else of the program has begun in it, no thread and no file.
    if std::env::args_os()
        .nth(1)
        .is_some_and(|word| word == examine::child::COMMAND)
    {
        return examine::child::run();
    }
    serve_commands()
}

#[tokio::main]
async fn serve_commands() -> ExitCode {
    store::ask_passphrase_with(passphrase::ask);
    // A bad line of usage exits with 2, as clap does.
    commands::run(commands::Cli::parse()).await
}
