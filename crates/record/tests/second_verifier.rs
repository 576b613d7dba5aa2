//! The second checker, written in Python from the format page alone, against the one here: on sound and damaged logs and bundles
//! both give the same verdict and name the same first broken entry.
//! It needs PyNaCl; where that is missing the test fails and says what to install.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a comparison that cannot be made has to stop, saying why"
)]

mod shared;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use record::{
    Broken, Hash,
    audit::Audit,
    checkpoint::Checkpoint,
    proof::{BundleError, Shown, check_bundle},
    tree::Frontier,
};
use shared::{Dice, Row, bundle, checkpoint, log, relink, row, signer};

/// A Python that has PyNaCl.
fn python() -> &'static str {
    static PYTHON: OnceLock<Option<&'static str>> = OnceLock::new();
    let found = PYTHON.get_or_init(|| {
        ["/usr/bin/python3", "python3"].into_iter().find(|python| {
            Command::new(python)
                .args(["-c", "import nacl.bindings, sqlite3"])
                .output()
                .is_ok_and(|output| output.status.success())
        })
    });
    found.unwrap_or_else(|| {
        panic!("the second checker needs Python 3 with PyNaCl: install it with `sudo apt-get install python3-nacl`")
    })
}

/// What the second checker said: its exit code, the entry it names, and all of its words.
#[derive(Debug)]
struct Verdict {
    code: i32,
    entry: Option<u64>,
    said: String,
}

fn second(arguments: &[&str]) -> Verdict {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools/verify/verify.py");
    let output = Command::new(python())
        .arg(script)
        .args(arguments)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    let entry = said
        .strip_prefix("broken at entry ")
        .and_then(|rest| rest.split(':').next()?.parse().ok());
    Verdict {
        code: output.status.code().unwrap_or(-1),
        entry,
        said,
    }
}

/// A folder of this test, empty.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("second-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// What is kept beside the entries of a log, as the store keeps it.
#[derive(Clone, Default)]
struct Kept {
    /// How many of the rows the kept heads and tree were made from; the rows are damaged afterwards.
    from: Vec<Row>,
    checkpoints: Vec<Checkpoint>,
}

fn hex(bytes: &[u8]) -> String {
    format!(
        "x'{}'",
        bytes
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    )
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The statements that make a database with these rows, in the layout of the store's own migrations.
fn statements(rows: &[Row], kept: &Kept) -> String {
    statements_of_an_earlier_layout(rows, kept)
        + include_str!("../../store/migrations/sqlite/0011_positions.sql")
}

/// The same, in the layout before keys lay under positions.
fn statements_of_an_earlier_layout(rows: &[Row], kept: &Kept) -> String {
    let mut sql = String::from("PRAGMA synchronous = OFF;\n");
    sql.push_str(include_str!(
        "../../store/migrations/sqlite/0001_record.sql"
    ));
    sql.push_str(include_str!("../../store/migrations/sqlite/0005_tree.sql"));
    sql.push_str("BEGIN;\n");
    for (index, row) in rows.iter().enumerate() {
        let Row { entry, .. } = row;
        sql.push_str(&format!(
            "INSERT INTO entry VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {});\n",
            quoted(&entry.partnership),
            entry.position as i64,
            quoted(&entry.stream),
            entry.number as i64,
            quoted(&entry.kind),
            entry.version,
            quoted(&entry.at),
            quoted(&entry.actor),
            quoted(&entry.key_id),
            hex(&entry.nonce),
            hex(&entry.content_hash.0),
            hex(&entry.previous.0),
            hex(&row.hash.0),
            hex(&row.sealed),
        ));
        // Every fifth content is destroyed.
        let beside = if index % 5 == 4 {
            format!(
                "INSERT INTO destroyed_key VALUES ({}, '', '', '');\n",
                quoted(&entry.key_id)
            )
        } else {
            format!(
                "INSERT INTO entry_key VALUES ({}, zeroblob(72));\n",
                quoted(&entry.key_id)
            )
        };
        sql.push_str(&beside);
    }
    let (mut frontier, mut streams) = (Frontier::new(), std::collections::BTreeMap::new());
    for row in &kept.from {
        for node in frontier.push(row.hash) {
            sql.push_str(&format!(
                "INSERT INTO tree_node VALUES ('merrowshire', {}, {}, {});\n",
                node.level,
                node.index,
                hex(&node.hash.0)
            ));
        }
        streams.insert(&row.entry.stream, (row.entry.number, row.entry.position));
    }
    for (stream, (entries, last)) in streams {
        sql.push_str(&format!(
            "INSERT INTO stream_head VALUES ('merrowshire', {}, {entries}, {last});\n",
            quoted(stream)
        ));
    }
    sql.push_str(&format!(
        "INSERT INTO tree_head VALUES ('merrowshire', {}, {});\n",
        frontier.size(),
        hex(&frontier.to_bytes())
    ));
    let last = kept.from.last().map_or(Hash::ZERO, |row| row.hash);
    sql.push_str(&format!(
        "INSERT INTO log_head VALUES ('merrowshire', {}, {});\n",
        kept.from.len(),
        hex(&last.0)
    ));
    sql.push_str(&format!(
        "INSERT INTO log_key VALUES ('merrowshire', 1, {}, '', x'00', '');\n",
        quoted(&signer().verifier().to_string())
    ));
    for checkpoint in &kept.checkpoints {
        sql.push_str(&format!(
            "INSERT INTO checkpoint VALUES ('merrowshire', {}, {}, '', '');\n",
            checkpoint.size,
            quoted(&checkpoint.sign(&signer()).unwrap())
        ));
    }
    sql.push_str("COMMIT;\n");
    sql
}

/// Writes a database; further statements are made after the triggers were removed, as someone does who has the file.
fn database(path: &Path, rows: &[Row], kept: &Kept, then: &str) {
    let without = if then.is_empty() {
        String::new()
    } else {
        let triggers = [
            "entry_is_never_updated",
            "entry_is_never_deleted",
            "checkpoint_is_never_updated",
            "checkpoint_is_never_deleted",
            "tree_node_is_never_updated",
            "tree_node_is_never_deleted",
            "entry_key_is_deleted_only_when_destroyed",
            "entry_key_is_never_updated",
        ];
        triggers
            .map(|trigger| format!("DROP TRIGGER {trigger};\n"))
            .concat()
            + then
    };
    write(path, &(statements(rows, kept) + &without));
}

/// Makes a database with these statements.
fn write(path: &Path, statements: &str) {
    let script = path.with_extension("sql");
    fs::write(&script, statements).unwrap();
    let _ = fs::remove_file(path);
    let made = Command::new(python())
        .args([
            "-c",
            "import sqlite3, sys\nsqlite3.connect(sys.argv[1]).executescript(open(sys.argv[2], encoding='utf-8').read())",
        ])
        .args([path, &script])
        .output()
        .unwrap();
    assert!(
        made.status.success(),
        "{}",
        String::from_utf8_lossy(&made.stderr)
    );
}

/// The verdict here on the same rows: the first broken entry, if there is one.
fn first(rows: &[Row], kept: &Kept) -> Result<(), Broken> {
    let mut audit = Audit::new(kept.checkpoints.clone());
    let mut in_order: Vec<&Row> = rows.iter().collect();
    in_order.sort_by_key(|row| row.entry.position);
    for row in in_order {
        audit.push(&row.entry, &row.hash, Some(&row.sealed))?;
    }
    let log = audit.verified();
    audit.finish()?;
    let last = kept.from.last().map_or(Hash::ZERO, |row| row.hash);
    if (log.entries, log.last) != (kept.from.len() as u64, last) {
        return Err(Broken {
            position: log.entries + 1,
            why: "the kept head is another".into(),
        });
    }
    Ok(())
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn both_find_a_sound_log_sound_and_compute_the_same_root() {
    let folder = folder("sound");
    for size in [0usize, 1, 2, 7, 255, 256, 300] {
        let rows = log(size as u64);
        let sizes = [0, 1, size / 2, size.saturating_sub(1), size];
        let kept = Kept {
            from: rows.clone(),
            checkpoints: sizes
                .iter()
                .filter(|at| **at > 0 && **at <= size)
                .collect::<std::collections::BTreeSet<_>>()
                .into_iter()
                .map(|at| checkpoint(&rows, *at))
                .collect(),
        };
        first(&rows, &kept).unwrap();
        let path = folder.join("log.db");
        database(&path, &rows, &kept, "");
        let verdict = second(&["log", text(&path)]);
        assert_eq!(verdict.code, 0, "{size} entries: {}", verdict.said);
        let root = checkpoint(&rows, size).root.to_hex();
        assert!(verdict.said.contains(&root), "{}", verdict.said);
    }
}

#[test]
fn the_second_checker_reads_the_layouts_of_before() {
    let folder = folder("earlier");
    let path = folder.join("log.db");
    let mut rows = log(300);
    let kept = Kept {
        from: rows.clone(),
        checkpoints: vec![checkpoint(&rows, 100)],
    };
    write(&path, &statements_of_an_earlier_layout(&rows, &kept));
    let verdict = second(&["log", text(&path)]);
    assert_eq!(verdict.code, 0, "{}", verdict.said);
    rows[41].sealed[0] ^= 1;
    write(&path, &statements_of_an_earlier_layout(&rows, &kept));
    let verdict = second(&["log", text(&path)]);
    assert_eq!(
        (verdict.code, verdict.entry),
        (1, Some(42)),
        "{}",
        verdict.said
    );
    let wrong = statements_of_an_earlier_layout(&kept.from, &kept)
        + "UPDATE tree_head SET frontier = zeroblob(8);";
    write(&path, &wrong);
    assert_eq!(second(&["log", text(&path)]).entry, Some(301));
}

#[test]
fn both_name_the_same_first_broken_entry_of_a_damaged_log() {
    let folder = folder("damaged");
    let path = folder.join("log.db");
    let whole = log(40);
    let kept = Kept {
        from: whole.clone(),
        checkpoints: vec![checkpoint(&whole, 10), checkpoint(&whole, 25)],
    };
    let mut dice = Dice(0xd1ce);
    let mut kinds = std::collections::BTreeSet::new();
    for round in 0..80 {
        let mut rows = whole.clone();
        let at = dice.below(rows.len());
        let kind = round % 16;
        let other = (at + 1 + dice.below(38)) % 40;
        let row = &mut rows[at];
        match kind {
            0 => row.entry.stream.push('x'),
            1 => row.entry.number += 100,
            2 => row.entry.kind.push('x'),
            3 => row.entry.version += 1,
            4 => row.entry.at = "2026-11-23T11:00:00.000000Z".into(),
            5 => row.entry.actor = "person-'9".into(),
            6 => row.entry.key_id.push('f'),
            7 => row.entry.nonce[dice.below(24)] ^= 1 << dice.below(8),
            8 => row.entry.content_hash.0[dice.below(32)] ^= 1 << dice.below(8),
            9 => row.entry.previous.0[dice.below(32)] ^= 1 << dice.below(8),
            10 => row.hash.0[dice.below(32)] ^= 1 << dice.below(8),
            11 => {
                let byte = dice.below(row.sealed.len());
                row.sealed[byte] ^= 1 << dice.below(8);
            }
            12 => {
                rows.remove(at);
            }
            13 => {
                let position = rows[at].entry.position;
                rows[at].entry.position = rows[other].entry.position;
                rows[other].entry.position = position;
            }
            14 => rows.truncate(at),
            _ => {
                rows[at].entry.actor.push('x');
                relink(&mut rows, at);
            }
        }
        kinds.insert(kind);
        let here = first(&rows, &kept).expect_err("a damaged log");
        database(&path, &rows, &kept, "");
        let there = second(&["log", text(&path)]);
        assert_eq!(
            (there.code, there.entry),
            (1, Some(here.position)),
            "kind {kind}, entry {}: here {here}, there {}",
            at + 1,
            there.said
        );
    }
    assert_eq!(kinds.len(), 16);
}

#[test]
fn the_second_checker_names_what_else_can_be_wrong_in_a_database() {
    let folder = folder("beside");
    let path = folder.join("log.db");
    let rows = log(300);
    let kept = Kept {
        from: rows.clone(),
        checkpoints: vec![checkpoint(&rows, 100)],
    };
    let cases = [
        (
            "DELETE FROM entry_key WHERE key_id = (SELECT key_id FROM entry WHERE position = 7);",
            Some(7),
            "its key is missing",
        ),
        (
            "INSERT INTO destroyed_key SELECT key_id, '', '', '' FROM entry WHERE position = 8;",
            Some(8),
            "still there",
        ),
        (
            "UPDATE log_head SET position = 299;",
            Some(301),
            "its kept head is another",
        ),
        (
            "DELETE FROM log_head;",
            Some(301),
            "its kept head is another",
        ),
        (
            "UPDATE entry_key SET key_id = 'another' WHERE position = 6;",
            Some(6),
            "its key is missing",
        ),
        (
            "UPDATE tree_node SET hash = zeroblob(32);",
            Some(256),
            "the hash kept for the subtree 0 at level 8",
        ),
        (
            "INSERT INTO tree_node VALUES ('merrowshire', 8, 1, zeroblob(32));",
            None,
            "that the log does not have",
        ),
        (
            "UPDATE log_head SET edge = zeroblob(8);",
            Some(301),
            "the kept edge of the tree",
        ),
        ("UPDATE checkpoint SET size = 99;", None, "is of 100"),
        (
            "UPDATE checkpoint SET note = replace(note, '100', '101');",
            None,
            "does not fit the text",
        ),
        (
            "UPDATE entry SET actor = CAST(x'ff' AS TEXT) WHERE position = 9;",
            Some(9),
            "is not text",
        ),
        (
            "UPDATE entry SET nonce = x'00' WHERE position = 9;",
            Some(9),
            "another length or kind",
        ),
        (
            "UPDATE entry SET sealed = CAST(sealed AS TEXT) WHERE position = 9;",
            Some(9),
            "another length or kind",
        ),
        (
            "UPDATE entry SET kind_version = -1 WHERE position = 9;",
            Some(9),
            "is not a number",
        ),
        (
            "UPDATE entry SET partnership = 'tilbrook' WHERE position = 9;",
            Some(9),
            "missing, repeated or out of order",
        ),
        (
            "UPDATE entry SET partnership = x'ff' WHERE position = 9;",
            Some(9),
            "missing, repeated or out of order",
        ),
        (
            "UPDATE entry_key SET wrapped = x'00' WHERE key_id = (SELECT key_id FROM entry WHERE position = 6);",
            Some(6),
            "wrapped key",
        ),
        ("DROP TABLE entry;", None, "cannot be read"),
    ];
    for (then, entry, words) in cases {
        database(&path, &rows, &kept, then);
        let verdict = second(&["log", text(&path)]);
        assert_eq!(
            (verdict.code, verdict.entry),
            (1, entry),
            "{then}: {}",
            verdict.said
        );
        assert!(verdict.said.contains(words), "{then}: {}", verdict.said);
    }
}

#[test]
fn a_checkpoint_someone_kept_finds_a_log_cut_off_or_rewritten_to_its_end() {
    let folder = folder("held");
    let path = folder.join("log.db");
    let whole = log(40);
    let held = folder.join("held.txt");
    let key = signer().verifier().to_string();
    let write = |checkpoint: &Checkpoint| {
        fs::write(&held, checkpoint.sign(&signer()).unwrap()).unwrap();
    };
    let check = |with_key: bool| {
        let mut arguments = vec!["log", text(&path), "--checkpoint", text(&held)];
        if with_key {
            arguments.extend(["--key", &key]);
        }
        second(&arguments)
    };

    database(
        &path,
        &whole,
        &Kept {
            from: whole.clone(),
            checkpoints: vec![],
        },
        "",
    );
    write(&checkpoint(&whole, 31));
    for with_key in [true, false] {
        let verdict = check(with_key);
        assert_eq!(verdict.code, 0, "{}", verdict.said);
        assert!(verdict.said.contains("1 checkpoints"));
        assert_eq!(verdict.said.contains("not checked"), !with_key);
    }

    // Cut off, with heads that fit: only what was kept elsewhere tells.
    let cut = whole[..30].to_vec();
    let fits = Kept {
        from: cut.clone(),
        checkpoints: vec![],
    };
    database(&path, &cut, &fits, "");
    assert_eq!(second(&["log", text(&path)]).code, 0);
    let verdict = check(true);
    assert_eq!(
        (verdict.code, verdict.entry),
        (1, Some(31)),
        "{}",
        verdict.said
    );

    // Rewritten from entry 12 to the end, with hashes and heads that fit.
    let mut rewritten = whole.clone();
    rewritten[11].entry.actor = "someone-else".into();
    relink(&mut rewritten, 11);
    let fits = Kept {
        from: rewritten.clone(),
        checkpoints: vec![],
    };
    database(&path, &rewritten, &fits, "");
    assert_eq!(second(&["log", text(&path)]).code, 0);
    let verdict = check(true);
    assert_eq!(
        (verdict.code, verdict.entry),
        (1, Some(1)),
        "{}",
        verdict.said
    );
    // Damage that leaves an entry of no known partnership is still a broken entry.
    let fits = Kept {
        from: whole.clone(),
        checkpoints: vec![],
    };
    let strange = "UPDATE entry SET partnership = 'tilbrook' WHERE position = 9;";
    database(&path, &whole, &fits, strange);
    let verdict = check(true);
    assert_eq!(
        (verdict.code, verdict.entry),
        (1, Some(9)),
        "{}",
        verdict.said
    );

    let held_here = Kept {
        from: rewritten.clone(),
        checkpoints: vec![checkpoint(&whole, 31)],
    };
    assert_eq!(first(&rewritten, &held_here).unwrap_err().position, 1);

    // A checkpoint that was itself altered.
    write(&checkpoint(&whole, 31));
    let altered = fs::read_to_string(&held)
        .unwrap()
        .replace("\n31\n", "\n32\n");
    fs::write(&held, altered).unwrap();
    let verdict = check(true);
    assert_eq!(verdict.code, 1);
    assert!(
        verdict.said.contains("does not fit the text"),
        "{}",
        verdict.said
    );
}

#[test]
fn what_cannot_be_checked_is_said_and_is_neither_sound_nor_broken() {
    let folder = folder("unchecked");
    let missing = folder.join("none.db");
    for arguments in [
        vec!["log", text(&missing)],
        vec!["bundle", text(&missing)],
        vec!["log"],
        vec!["log", text(&missing), "--key", "nonsense"],
    ] {
        assert_eq!(second(&arguments).code, 2, "{arguments:?}");
    }
    let not_a_database = folder.join("words.db");
    fs::write(
        &not_a_database,
        "These are words, and no database. ".repeat(50),
    )
    .unwrap();
    assert_eq!(second(&["log", text(&not_a_database)]).code, 1);
}

fn write_bundle(folder: &Path, made: &bundle::Made) {
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder.join("documents")).unwrap();
    fs::write(folder.join("manifest.json"), &made.bytes).unwrap();
    fs::write(folder.join("manifest.note"), &made.seal).unwrap();
    fs::write(folder.join("entries.jsonl"), &made.lines).unwrap();
    for (path, bytes) in &made.documents {
        fs::write(folder.join(path), bytes).unwrap();
    }
}

#[test]
fn both_agree_on_bundles_sound_and_damaged() {
    type Alter = fn(&mut bundle::Made);
    let folder = folder("bundle");
    let key = signer().verifier().to_string();
    let cases: Vec<Alter> = vec![
        |_| {},
        |made| made.shown[2].entry.actor.push('x'),
        |made| {
            made.shown[2].entry.actor.push('x');
            made.shown[2].hash = made.shown[2].entry.entry().unwrap().hash();
        },
        |made| {
            let Shown::Clear { text, .. } = &mut made.shown[0].content else {
                panic!("the first entry is shown in clear");
            };
            *text = text.replace("twice", "once");
        },
        |made| {
            let Shown::Clear { key, .. } = &mut made.shown[1].content else {
                panic!("the second entry is shown in clear");
            };
            *key = "0".repeat(64);
        },
        |made| made.shown.swap(2, 3),
        |made| {
            let line = made.shown[2].clone();
            made.shown.insert(3, line);
        },
        |made| {
            made.shown.remove(1);
        },
        |made| {
            made.shown.pop();
        },
        |made| made.shown[4].proof[0].0[0] ^= 1,
        |made| {
            made.shown[4].proof.pop();
        },
        |made| made.shown[3].entry.nonce.push('0'),
        |made| {
            made.manifest.earlier[1].proof.pop();
        },
        |made| made.manifest.earlier[1].proof[0].0[0] ^= 1,
        |made| made.manifest.format.push('1'),
        |made| made.manifest.partnership.push('x'),
        |made| made.manifest.documents[0].bytes += 1,
        |made| made.manifest.documents[0].sha256 = Hash::ZERO,
        |made| {
            made.manifest.documents.pop();
        },
        |made| made.manifest.documents[1].path = "./how-to-check.html".into(),
        |made| made.manifest.checkpoint = made.manifest.earlier[0].checkpoint.clone(),
        |made| made.manifest.key.clear(),
    ];
    let last = cases.len() - 1;
    for (index, alter) in cases.into_iter().enumerate() {
        let mut made = bundle::bundle();
        alter(&mut made);
        made.write();
        made.seal_with(&signer());
        let path = folder.join("case");
        write_bundle(&path, &made);
        let here = check_bundle(&made.bundle(), &[signer().verifier()]);
        // The key in the bundle does not matter to someone who has it from elsewhere.
        assert_eq!(here.is_ok(), index == 0 || index == last, "case {index}");
        let there = second(&["bundle", text(&path), "--key", &key]);
        let entry = match &here {
            Err(BundleError::Entry(broken)) => Some(broken.position),
            _ => None,
        };
        assert_eq!(
            (there.code, there.entry),
            (i32::from(here.is_err()), entry),
            "case {index}: here {:?}, there {}",
            here.map(|_| "sound"),
            there.said
        );
    }
}

#[test]
fn the_second_checker_reads_a_bundle_from_an_archive_and_notices_a_flipped_bit_anywhere() {
    let folder = folder("archive");
    let made = bundle::bundle();
    write_bundle(&folder.join("bundle"), &made);
    let zipped = folder.join("bundle.zip");
    let packed = Command::new(python())
        .args([
            "-c",
            "import shutil, sys\nshutil.make_archive(sys.argv[1][:-4], 'zip', sys.argv[2])",
        ])
        .args([&zipped, &folder.join("bundle")])
        .output()
        .unwrap();
    assert!(packed.status.success());
    let verdict = second(&["bundle", text(&zipped)]);
    assert_eq!(verdict.code, 0, "{}", verdict.said);
    assert!(verdict.said.contains("The key came with the bundle"));

    let mut dice = Dice(0xb17);
    let files = [
        "manifest.json",
        "manifest.note",
        "entries.jsonl",
        "documents/decision.pdf",
    ];
    for round in 0..24 {
        let file = folder.join("bundle").join(files[round % 4]);
        let whole = fs::read(&file).unwrap();
        let mut bytes = whole.clone();
        let at = dice.below(bytes.len());
        bytes[at] ^= 1 << dice.below(8);
        fs::write(&file, &bytes).unwrap();
        let verdict = second(&[
            "bundle",
            text(&folder.join("bundle")),
            "--key",
            &signer().verifier().to_string(),
        ]);
        assert_eq!(
            verdict.code,
            1,
            "{}, byte {at}: {}",
            files[round % 4],
            verdict.said
        );
        fs::write(&file, &whole).unwrap();
    }
    fs::write(folder.join("bundle/documents/added.pdf"), "added").unwrap();
    let verdict = second(&["bundle", text(&folder.join("bundle"))]);
    assert_eq!(verdict.code, 1);
    assert!(verdict.said.contains("not listed"), "{}", verdict.said);
}

#[test]
fn both_check_words_of_every_alphabet() {
    let mut rows: Vec<Row> = Vec::new();
    for (index, words) in ["Zoë’s aunt", "", "\u{0}\u{7f}\"\\", "日本 \u{1f9d2}"]
        .iter()
        .enumerate()
    {
        let next = row(
            &rows,
            "case/É".into(),
            index as u64 + 1,
            index as u64,
            (*words).into(),
        );
        rows.push(next);
    }
    let path = folder("alphabets").join("log.db");
    let kept = Kept {
        from: rows.clone(),
        checkpoints: vec![checkpoint(&rows, 3)],
    };
    first(&rows, &kept).unwrap();
    database(&path, &rows, &kept, "");
    let verdict = second(&["log", text(&path)]);
    assert_eq!(verdict.code, 0, "{}", verdict.said);
}
