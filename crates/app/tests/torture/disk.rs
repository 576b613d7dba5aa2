//! A full disk, a disk that fails and a disk that is slow: never is success said of what is not kept, and no typed word is lost.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::house::{Fault, House, Mount, Sent, ask, contact, may, ready, spawn, times};

/// Fills a file system to its last byte.
fn fill(at: &std::path::Path) -> std::path::PathBuf {
    let filler = at.join("filler");
    let mut file = std::fs::File::create(&filler).expect("a filler");
    for size in [1 << 20, 4096, 512, 1] {
        let block = vec![7_u8; size];
        while file.write_all(&block).is_ok() {}
    }
    filler
}

/// What one had open in the last minutes can be read on. A part of a case not opened before cannot: a read that cannot be
/// written down is not made, and the page says why. What is no part of a case can always be read.
fn reading_goes_on(house: &House, status: u16) {
    assert_eq!(house.get(&format!("{}/incident", house.case)).status, 200);
    let unread = house.get(&format!("{}/readers", house.case));
    assert_eq!(unread.status, status, "{}", unread.body);
    assert!(
        unread.body.contains("Tell your administrator"),
        "{}",
        unread.body
    );
    assert_eq!(house.get("/guidance").status, 200);
    assert_eq!(house.get("/").status, 200);
}

#[test]
fn when_the_disk_is_full_the_form_comes_back_with_its_words_and_is_saved_once_there_is_room() {
    if !may("a full disk", &["mount"]) {
        return;
    }
    let place = tempfile::tempdir().expect("a folder");
    let mount = Mount::new(
        place.path().join("small"),
        &["-t", "tmpfs", "-o", "size=24m", "tmpfs"],
    );
    let (house, mut child) = House::at(Some(&mount.0), &[]);
    let mut sent = Sent::default();
    let path = format!("{}/incident/contact", house.case);
    for round in 0..times(2, 40) {
        for _ in 0..3 {
            let n = house.number();
            assert_eq!(house.contact(n).map(|a| a.status), Some(303));
            sent.acknowledged.push(n);
        }
        house.held();
        let filler = fill(&mount.0);
        // What was set aside before takes some forms in; then there is no room.
        let mut refused = 0;
        for _ in 0..400 {
            let n = house.number();
            let words = format!("word{n}w+{}", "long+".repeat(2000));
            let body = contact(&house.robin.csrf, n, &words);
            let answer =
                ask(house.port, "POST", &path, &house.robin.cookie, &body).expect("an answer");
            match answer.status {
                303 => sent.acknowledged.push(n),
                507 => {
                    assert!(
                        answer.body.contains(&format!("word{n}w")),
                        "the words are on the page"
                    );
                    assert!(
                        answer.body.contains("the disk of the server is full"),
                        "{}",
                        answer.body
                    );
                    sent.open.push(n);
                    refused += 1;
                }
                other => panic!("round {round}: {other}: {}", answer.body),
            }
            if refused == 3 {
                break;
            }
        }
        assert_eq!(refused, 3, "the disk was never full");
        reading_goes_on(&house, 507);
        let held = house.held();
        assert!(
            sent.open.iter().all(|n| !held.contains_key(n)),
            "nothing of what was refused is there"
        );
        if round % 2 == 1 {
            // The program can also be started on a full disk, and be read.
            child.kill();
            child = spawn(&[], &[], &house.data, house.port);
            let up = ready(&mut child, house.port);
            println!(
                "on a full disk the program {}",
                if up {
                    "starts and can be read"
                } else {
                    "does not start"
                }
            );
        }
        std::fs::remove_file(filler).expect("room again");
        if child.ended() {
            child = house.start();
        }
        house.settle(&mut sent);
    }
    child.kill();
    house.verify();
    println!("{} contacts, none lost or doubled", sent.acknowledged.len());
    drop(child);
    drop(house);
}

#[test]
fn when_the_folder_for_passing_files_is_full_saving_and_reading_go_on() {
    if !may("a full folder for passing files", &["mount"]) {
        return;
    }
    let place = tempfile::tempdir().expect("a folder");
    let mount = Mount::new(
        place.path().join("tmp"),
        &["-t", "tmpfs", "-o", "size=64k", "tmpfs"],
    );
    fill(&mount.0);
    let (house, mut child) = House::new();
    child.kill();
    let full = mount.0.display().to_string();
    let mut child = spawn(
        &[],
        &[("TMPDIR", &full), ("SQLITE_TMPDIR", &full)],
        &house.data,
        house.port,
    );
    assert!(ready(&mut child, house.port), "{}", house.log());
    let mut sent = Sent::default();
    for _ in 0..20 {
        let n = house.number();
        assert_eq!(house.contact(n).map(|a| a.status), Some(303));
        sent.acknowledged.push(n);
    }
    house.settle(&mut sent);
    child.kill();
    house.verify();
}

#[test]
fn when_fsync_fails_nothing_is_said_to_be_saved_and_writing_stops_until_the_program_is_started_again()
 {
    if !may("a disk that fails", &["strace"]) {
        return;
    }
    let (house, mut child) = House::new();
    let mut sent = Sent::default();
    for round in 1..=times(3, 100) {
        let n = house.number();
        assert_eq!(
            house.contact(n).map(|a| a.status),
            Some(303),
            "{}",
            house.log()
        );
        sent.acknowledged.push(n);
        house.held();
        let fault = Fault::on(
            &child,
            &format!("fsync,fdatasync:error=EIO:when={}+", 1 + round % 4),
        );
        let mut failed = 0;
        for _ in 0..8 {
            let n = house.number();
            let answer = house.contact(n).expect("an answer");
            match answer.status {
                303 if failed == 0 => sent.acknowledged.push(n),
                503 => {
                    assert!(
                        answer.body.contains(&format!("mark{n}x")),
                        "the words are on the page: {}",
                        answer.body
                    );
                    sent.open.push(n);
                    failed += 1;
                }
                other => panic!("{other} after {failed} failures: {}", answer.body),
            }
        }
        assert!(failed > 0, "the disk did not fail");
        drop(fault);
        // The disk seems well again, and is not believed.
        let n = house.number();
        assert_eq!(house.contact(n).map(|a| a.status), Some(503));
        sent.open.push(n);
        let said = house.get("/ready");
        assert_eq!(said.status, 503, "{}", said.body);
        reading_goes_on(&house, 503);
        child.kill();
        child = house.start();
        house.settle(&mut sent);
    }
    child.kill();
    house.verify();
    println!("{} contacts, none lost or doubled", sent.acknowledged.len());
}

#[test]
fn on_a_slow_disk_every_form_is_saved_once() {
    if !may("a slow disk", &["strace"]) {
        return;
    }
    let (house, mut child) = House::new();
    let fault = Fault::on(&child, "fsync,fdatasync:delay_enter=300000");
    let stop = Arc::new(AtomicBool::new(false));
    let writers = house.load(4, &stop);
    std::thread::sleep(Duration::from_secs(times(3, 120) as u64));
    stop.store(true, Ordering::Relaxed);
    let mut sent = Sent::default();
    for writer in writers {
        let part = writer.join().expect("every form was answered as saved");
        sent.acknowledged.extend(part.acknowledged);
        sent.open.extend(part.open);
    }
    assert!(sent.open.is_empty(), "each form was answered");
    drop(fault);
    house.settle(&mut sent);
    child.kill();
    house.verify();
    println!(
        "{} contacts on a disk that takes 0.3 s for each fsync",
        sent.acknowledged.len()
    );
}
