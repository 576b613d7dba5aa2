//! Where the database is: choosing PostgreSQL when a partnership is set up, bringing its layout up to date, and moving a whole installation.

use clap::Args;
use desk::DatabaseAt;
use store::Store;

use super::{DataArgs, Stop, with_sources};

/// Where a new database goes; in the data folder when nothing is said.
#[derive(Debug, Args)]
pub struct DatabaseArgs {
    /// An empty PostgreSQL database, with the role the server will use: postgres://ROLE@HOST/DATABASE.
    #[arg(
        long,
        value_name = "URL",
        env = "CANDOUR_DATABASE_URL",
        hide_env_values = true
    )]
    database: Option<String>,
    /// The same database with the role that owns the tables; it is used now and not kept.
    #[arg(
        long,
        value_name = "URL",
        env = "CANDOUR_DATABASE_OWNER",
        hide_env_values = true
    )]
    database_owner: Option<String>,
}

impl DatabaseArgs {
    /// What was chosen.
    pub fn chosen(self) -> Result<DatabaseAt, Stop> {
        match (self.database, self.database_owner) {
            (None, _) => Ok(DatabaseAt::Folder),
            (Some(server), Some(owner)) => Ok(DatabaseAt::Postgres { server, owner }),
            (Some(_), None) => Err(owner_missing()),
        }
    }
}

fn owner_missing() -> Stop {
    Stop::Missing(
        "the address of the role that owns the tables is needed too: give it with `--database-owner` or in CANDOUR_DATABASE_OWNER; it is used now and not kept, so that the server itself cannot alter the record (see docs/postgresql.md)"
            .into(),
    )
}

/// What `upgrade` takes.
#[derive(Debug, Args)]
pub struct UpgradeArgs {
    #[command(flatten)]
    data: DataArgs,
    /// The database with the role that owns the tables; it is used now and not kept.
    #[arg(
        long,
        value_name = "URL",
        env = "CANDOUR_DATABASE_OWNER",
        hide_env_values = true
    )]
    database_owner: Option<String>,
}

/// What `move` takes.
#[derive(Debug, Args)]
pub struct MoveArgs {
    #[command(flatten)]
    data: DataArgs,
    /// Where to: `sqlite`, or an empty PostgreSQL database with the role the server will use: postgres://ROLE@HOST/DATABASE.
    #[arg(long, value_name = "URL")]
    to: String,
    /// The PostgreSQL database with the role that owns the tables; it is used now and not kept.
    #[arg(
        long,
        value_name = "URL",
        env = "CANDOUR_DATABASE_OWNER",
        hide_env_values = true
    )]
    database_owner: Option<String>,
    /// Do it; without this, only what would be done is said.
    #[arg(long)]
    yes: bool,
}

fn stopped(error: store::StoreError) -> Stop {
    Stop::from(desk::DeskError::from(error))
}

/// Runs `upgrade`.
pub async fn upgrade(args: UpgradeArgs) -> Result<(), Stop> {
    let dir = &args.data.data;
    if dir.join("database.toml").exists() {
        let owner = args.database_owner.ok_or_else(owner_missing)?;
        store::upgrade(dir, &owner).await.map_err(stopped)?;
    }
    // Opening brings a SQLite database up to date, and finishes what is made from the record.
    let store = Store::open(dir).await.map_err(stopped)?;
    let head = store.head().await;
    store.close().await;
    say!(
        "The database of {} is up to date; the record has {} entries.",
        dir.display(),
        head.map_err(stopped)?.position
    );
    Ok(())
}

/// Runs `move`.
pub async fn move_it(args: MoveArgs) -> Result<(), Stop> {
    let dir = &args.data.data;
    let to = match (args.to.as_str(), args.database_owner) {
        ("sqlite", _) => DatabaseAt::Folder,
        (_, None) => return Err(owner_missing()),
        (server, Some(owner)) => DatabaseAt::Postgres {
            server: server.to_owned(),
            owner,
        },
    };
    let store = Store::open(dir).await.map_err(stopped)?;
    if !args.yes {
        let tables = store.logical_dump().await;
        store.close().await;
        let tables = tables.map_err(stopped)?;
        say!(
            "{} rows in {} tables would be copied and compared; the old database would be kept and marked as moved.\nMake a backup first. Then do it with: --yes",
            tables.iter().map(|table| table.rows).sum::<u64>(),
            tables.len()
        );
        return Ok(());
    }
    let verified = store.verify().await;
    if let Err(error) = verified {
        store.close().await;
        return Err(Stop::Failed(format!(
            "nothing was moved, because the record does not hold: {}",
            with_sources(&error)
        )));
    }
    let closing = store.clone();
    let moved = store.move_to(&to).await;
    closing.close().await;
    let moved = moved.map_err(stopped)?;
    say!(
        "{} rows in {} tables copied, compared and the same; {} entries verified in {}.",
        moved.tables.iter().map(|table| table.rows).sum::<u64>(),
        moved.tables.len(),
        moved.verified.entries,
        moved.to
    );
    match to {
        DatabaseAt::Folder => {
            say!(
                "The PostgreSQL database is kept, marked as moved; drop it when you have a backup."
            );
        }
        DatabaseAt::Postgres { .. } => {
            say!(
                "The old file is kept as candour.sqlite.moved, marked as moved; delete it when you have a backup."
            );
        }
    }
    Ok(())
}
