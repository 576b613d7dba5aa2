//! `candour chronology merge`: the chronologies of many agencies, read from what they have, made into one.
//! It needs no data folder; nothing is sent anywhere, and the files are only read.

use std::fs::OpenOptions;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use chronology::{Chronology, File, Options, ReadError, Report};
use clap::{Args, Subcommand};
use jiff::Zoned;
use jiff::civil::Date;
use serde_json::json;

use super::{Stop, print_json, with_sources};

/// The commands for chronologies.
#[derive(Debug, Subcommand)]
pub enum ChronologyCommand {
    /// Merge chronologies from spreadsheets, documents and tables into one file; exits with 3 when there are rows to mend.
    Merge(MergeArgs),
}

/// What to merge, and where to.
#[derive(Debug, Args)]
pub struct MergeArgs {
    /// The files: XLSX, XLS, ODS, CSV, a table in DOCX, or a table saved from Outlook or a browser (HTML).
    /// `Name of an agency=FILE` says of which agency it is, where neither a column nor the file's name does.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
    /// The file to write: .xlsx, .csv or .json.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// The day the child was born: each entry then has the child's age.
    #[arg(long, value_name = "DATE")]
    child_born: Option<Date>,
    /// Where to write the rows to mend, as CSV, each with its cell and what is wrong.
    #[arg(long, value_name = "FILE")]
    mend: Option<PathBuf>,
    /// Print what was read as JSON to standard output.
    #[arg(long)]
    json: bool,
    /// Write over files that are there.
    #[arg(long)]
    force: bool,
    /// The day of reading, in place of today: a year of two digits lies before it.
    #[arg(long, value_name = "DATE", hide = true)]
    today: Option<Date>,
}

/// In which form to write.
#[derive(Clone, Copy)]
enum Form {
    Xlsx,
    Csv,
    Json,
}

fn form(out: &Path) -> Result<Form, Stop> {
    let end = out.extension().and_then(|end| end.to_str());
    match end.map(str::to_ascii_lowercase).as_deref() {
        Some("xlsx") => Ok(Form::Xlsx),
        Some("csv") => Ok(Form::Csv),
        Some("json") => Ok(Form::Json),
        _ => Err(Stop::BadInput(format!(
            "`{}` has to end in .xlsx, .csv or .json",
            out.display()
        ))),
    }
}

/// A file with the agency that was said of it.
fn named(argument: &str) -> (Option<String>, PathBuf) {
    // A file that is there under the whole name is meant, also with `=` in it.
    match argument.split_once('=') {
        Some((agency, file)) if !Path::new(argument).exists() && !agency.trim().is_empty() => {
            (Some(agency.trim().to_owned()), PathBuf::from(file))
        }
        _ => (None, PathBuf::from(argument)),
    }
}

/// Merges.
pub fn run(command: ChronologyCommand) -> Result<(), Stop> {
    let ChronologyCommand::Merge(args) = command;
    let form = form(&args.out)?;
    for file in std::iter::once(&args.out).chain(&args.mend) {
        if file.exists() && !args.force {
            return Err(Stop::BadInput(format!(
                "`{}` is there already: choose another name, or say --force",
                file.display()
            )));
        }
    }
    let today = args.today.unwrap_or_else(|| Zoned::now().date());
    if args.child_born.is_some_and(|born| born > today) {
        return Err(Stop::BadInput(
            "the child cannot be born after today".into(),
        ));
    }
    let sources: Vec<(Option<String>, PathBuf)> = args.files.iter().map(|f| named(f)).collect();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let read = chronology::read_each(sources.len(), threads, |at| {
        let (agency, path) = &sources[at];
        let options = Options {
            agency: agency.clone(),
            ..Options::on(today)
        };
        let most = options.limits.bytes as u64;
        let not = |why: String| ReadError::NotFetched(why);
        let length = std::fs::metadata(path)
            .map_err(|e| not(e.to_string()))?
            .len();
        if length > most {
            return Err(ReadError::TooLarge {
                what: "bytes".into(),
                most,
            });
        }
        let bytes = std::fs::read(path).map_err(|e| not(e.to_string()))?;
        let name = path.file_name().unwrap_or(path.as_os_str());
        Ok((name.to_string_lossy().into_owned(), bytes, options))
    });
    let mut files: Vec<File> = Vec::with_capacity(read.len());
    let mut refused = Vec::new();
    for ((_, path), one) in sources.iter().zip(read) {
        match one {
            Ok(file) => files.push(file),
            Err(error) => refused.push(format!("`{}`: {error}", path.display())),
        }
    }
    // All of them at once, so that whoever collects them asks once.
    if !refused.is_empty() {
        return Err(Stop::BadInput(format!(
            "nothing was written, because not every file can be read\n{}",
            refused.join("\n")
        )));
    }
    let report = Report::of(Chronology::merge(files), args.child_born, today, threads);
    write_to(&args.out, args.force, |out| {
        match form {
            Form::Xlsx => out.write_all(&report.xlsx()?)?,
            Form::Csv => report.write_csv(out)?,
            Form::Json => report.write_json(out)?,
        }
        Ok(())
    })?;
    if let Some(mend) = &args.mend {
        write_to(mend, args.force, |out| report.write_mend(out))?;
    }
    tell(&report, &args)
}

/// Writes a file that is there only when it is whole.
fn write_to(
    path: &Path,
    force: bool,
    write: impl FnOnce(&mut BufWriter<std::fs::File>) -> Result<(), chronology::WriteError>,
) -> Result<(), Stop> {
    let failed = |e: &dyn std::error::Error| {
        Stop::Failed(format!("write `{}`: {}", path.display(), with_sources(e)))
    };
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .open(&part)
        .map_err(|e| failed(&e))?;
    let mut out = BufWriter::new(file);
    let done = write(&mut out)
        .and_then(|()| Ok(out.flush()?))
        .and_then(|()| Ok(out.get_ref().sync_all()?));
    if let Err(error) = done {
        // What is half written is of no use to anyone; that it cannot be taken away either is the lesser news.
        let _ = std::fs::remove_file(&part);
        return Err(failed(&error));
    }
    if path.exists() && !force {
        let _ = std::fs::remove_file(&part);
        return Err(Stop::BadInput(format!(
            "`{}` was written by something else meanwhile",
            path.display()
        )));
    }
    std::fs::rename(&part, path).map_err(|e| failed(&e))
}

/// What was read, on standard error or as JSON; the rows to mend decide how the command ends.
fn tell(report: &Report, args: &MergeArgs) -> Result<(), Stop> {
    let files = report.chronology.files();
    let to_mend = report.chronology.to_mend();
    if args.json {
        let each: Vec<_> = files.iter().map(of_file).collect();
        print_json(&json!({
            "out": args.out,
            "files": each,
            "entries": report.chronology.len(),
            "rows_to_mend": to_mend,
            "pairs_to_look_at": report.pairs.pairs.len(),
            "more_pairs": report.pairs.more,
            "silent_months": report.gaps.len(),
            "abbreviations": report.glossary.len(),
        }))?;
    }
    for file in files {
        eprintln!(
            "{}, {}, of {}: {} in {}, {} to mend, {} blank",
            file.name,
            file.kind,
            file.agency,
            count(file.entries(), "entry", "entries"),
            count(file.rows, "row", "rows"),
            file.to_mend(),
            file.blank
        );
        for passed in &file.passed_over {
            eprintln!(
                "  not read: `{}`, {}: {}",
                passed.name,
                count(passed.rows, "row", "rows"),
                passed.why
            );
        }
        for remark in &file.remarks {
            eprintln!("  {remark}");
        }
    }
    eprintln!(
        "{} in `{}`; {} that may tell of the same, {}.",
        count(report.chronology.len(), "entry", "entries"),
        args.out.display(),
        count(report.pairs.pairs.len(), "pair", "pairs"),
        count(report.gaps.len(), "silent time", "silent times"),
    );
    if to_mend == 0 {
        return Ok(());
    }
    let where_they_are = match &args.mend {
        Some(mend) => format!("they stand in `{}`", mend.display()),
        None => match args.out.extension().and_then(|end| end.to_str()) {
            Some(end) if end.eq_ignore_ascii_case("csv") => {
                "say --mend FILE to have them written".to_owned()
            }
            _ => "they stand in the file beside the entries".to_owned(),
        },
    };
    Err(Stop::Missing(format!(
        "{} to mend, which {} no entries yet: {where_they_are}",
        count(to_mend, "row is", "rows are"),
        if to_mend == 1 { "makes" } else { "make" },
    )))
}

fn of_file(file: &File) -> serde_json::Value {
    json!({
        "name": file.name,
        "kind": file.kind,
        "agency": file.agency,
        "rows": file.rows,
        "entries": file.entries(),
        "rows_to_mend": file.to_mend(),
        "blank": file.blank,
        "tables": file.tables,
        "passed_over": file.passed_over,
        "remarks": file.remarks,
    })
}

fn count(number: usize, one: &str, many: &str) -> String {
    let noun = if number == 1 { one } else { many };
    format!("{number} {noun}")
}
