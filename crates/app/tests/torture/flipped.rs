//! One byte of the database is flipped, in each table and each index: it is noticed when it is read or when the record is verified,
//! or it changes nothing that is shown. Never is something else shown as if it were the record, and never does the program break.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use sqlx::{Connection, Row};

use crate::house::{House, ask, random, ready_within, seed, spawn, times};

/// A page of the database: whose it is, its number, and how much of it is in use.
struct Page {
    name: String,
    number: u64,
    used: u64,
}

async fn pages(file: &std::path::Path) -> (u64, Vec<Page>) {
    let mut connection = sqlx::SqliteConnection::connect(&format!("sqlite://{}", file.display()))
        .await
        .expect("the database opens");
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
        .execute(&mut connection)
        .await
        .expect("written back");
    let size: i64 = sqlx::query("PRAGMA page_size")
        .fetch_one(&mut connection)
        .await
        .expect("a size")
        .get(0);
    let rows = sqlx::query("SELECT name, pageno, payload FROM dbstat WHERE pagetype IN ('leaf', 'internal', 'overflow')")
        .fetch_all(&mut connection)
        .await
        .expect("the pages");
    let pages = rows
        .iter()
        .map(|row| Page {
            name: row.get(0),
            number: u64::try_from(row.get::<i64, _>(1)).expect("a page"),
            used: u64::try_from(row.get::<i64, _>(2)).expect("bytes"),
        })
        .collect();
    connection.close().await.expect("closed");
    (u64::try_from(size).expect("a size"), pages)
}

/// What pages of the case say, without the marks that differ each time.
fn shown(house: &House) -> Option<String> {
    let mut all = String::new();
    for path in ["", "/incident", "/story", "/clocks", "/people", "/decision"] {
        let page = ask(
            house.port,
            "GET",
            &format!("{}{path}", house.case),
            &house.robin.cookie,
            "",
        )?;
        if page.status != 200 {
            writeln!(all, "{path}: {}", page.status).ok()?;
            continue;
        }
        let main = page
            .body
            .split("<main")
            .nth(1)
            .unwrap_or_default()
            .to_owned();
        let mut parts = main.split("value=\"");
        all.push_str(parts.next()?);
        for part in parts {
            all.push_str(part.split_once('"').map_or("", |(_, rest)| rest));
        }
    }
    Some(all)
}

#[test]
fn a_flipped_byte_in_any_table_or_index_is_never_shown_as_the_record_and_never_breaks_the_program()
{
    let (house, mut child) = House::new();
    for _ in 0..12 {
        let n = house.number();
        assert_eq!(house.contact(n).map(|a| a.status), Some(303));
    }
    // The page drawn last is kept as it was read, so it is read once before it is compared.
    shown(&house);
    let before = shown(&house).expect("the case");
    child.stop();
    let file = house.data.join("candour.sqlite");
    let (size, pages) = tokio::runtime::Runtime::new()
        .expect("a runtime")
        .block_on(pages(&file));
    let good = std::fs::read(&file).expect("the database");
    let mut seed = seed();
    let mut tally: BTreeMap<String, BTreeMap<&str, u32>> = BTreeMap::new();
    let mut served = Vec::new();
    let used: Vec<&Page> = pages.iter().filter(|p| p.used > 0).collect();
    // In a short run some pages, others each time; in a long one every page many times.
    let begin = usize::try_from(random(&mut seed)).expect("a number") % used.len();
    let some = used.iter().cycle().skip(begin).take(times(8, used.len()));
    for page in some {
        for _ in 0..times(1, 6) {
            let at = usize::try_from(
                (page.number - 1) * size + size - 1 - random(&mut seed) % page.used.min(size - 120),
            )
            .expect("a place");
            let mut bad = good.clone();
            bad[at] ^= 1 << (random(&mut seed) % 8);
            for beside in ["-wal", "-shm"] {
                std::fs::remove_file(format!("{}{beside}", file.display())).ok();
            }
            std::fs::write(&file, &bad).expect("flipped");
            let verified = house.verified();
            let said = String::from_utf8_lossy(&verified.stderr).into_owned();
            assert!(!said.contains("panicked"), "{}: {said}", page.name);
            let found = !verified.status.success();
            let mut again = spawn(&[], &[], &house.data, house.port);
            let up = ready_within(&mut again, house.port, Duration::from_secs(2));
            let now = up.then(|| shown(&house)).flatten();
            again.kill();
            let same = now.as_deref() == Some(before.as_str());
            let refused = now.as_ref().is_none_or(|now| {
                now.contains(": 500")
                    || now.contains(": 503")
                    || now.contains(": 303")
                    || now.contains(": 404")
                    || now.contains(": 403")
            });
            let outcome = match (found, same, refused) {
                (true, _, true) => "found by verify, not shown",
                (true, true, _) => "found by verify, shown as it was",
                (true, false, false) => "found by verify, shown changed",
                (false, _, true) => "not shown",
                (false, true, _) => "changes nothing that is shown",
                (false, false, false) => "SHOWN CHANGED AND NOT FOUND",
            };
            if !same && !refused {
                served.push(format!(
                    "{} at byte {at} of page {}: {outcome}: {}",
                    page.name,
                    page.number,
                    differs(&before, now.as_deref().unwrap_or_default())
                ));
            }
            *tally
                .entry(page.name.clone())
                .or_default()
                .entry(outcome)
                .or_default() += 1;
        }
    }
    std::fs::write(&file, &good).expect("as it was");
    for (name, outcomes) in &tally {
        println!("{name}: {outcomes:?}");
    }
    assert!(
        served.is_empty(),
        "shown as if it were the record:\n{}",
        served.join("\n")
    );
}

/// Where two texts begin to differ.
fn differs(one: &str, other: &str) -> String {
    let at = one
        .bytes()
        .zip(other.bytes())
        .take_while(|(a, b)| a == b)
        .count();
    let part = |text: &str| {
        String::from_utf8_lossy(
            text.as_bytes()
                .get(at.saturating_sub(40)..(at + 60).min(text.len()))
                .unwrap_or_default(),
        )
        .into_owned()
    };
    format!("`{}` became `{}`", part(one), part(other))
}
