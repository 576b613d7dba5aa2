//! The power fails: the image of a mounted disk is copied while two writers run, as a disk would be found afterwards,
//! and the program is started on the copy. The program stands still for the moment of the copy, so that the copy is of one moment.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::house::{
    House, Mount, START, Sent, ask, contact, free_port, may, random, ready, run, seed, spawn, times,
};

#[test]
fn what_was_acknowledged_before_the_power_failed_is_there_when_it_is_back() {
    if !may("a power cut", &["mkfs.ext4", "mount", "losetup"]) {
        return;
    }
    let (began, mut all, mut slowest) = (Instant::now(), 0, Duration::ZERO);
    let (rounds, cuts) = (times(1, 10), times(6, 50));
    for _ in 0..rounds {
        let (found, start) = power_cuts(cuts);
        all += found;
        slowest = slowest.max(start);
    }
    assert!(slowest < START, "a start took {slowest:?}");
    println!(
        "{} power cuts, {all} times a contact was looked for and found once; slowest start {slowest:?}; {:?}",
        rounds * cuts,
        began.elapsed()
    );
}

/// So many cuts of one disk; how often a contact was found, and the slowest start.
fn power_cuts(cuts: usize) -> (usize, Duration) {
    let place = tempfile::tempdir().expect("a folder");
    let (image, copy) = (place.path().join("disk.img"), place.path().join("copy.img"));
    let text = |path: &Path| path.display().to_string();
    assert!(run("truncate", &["-s", "64M", &text(&image)]));
    assert!(run("mkfs.ext4", &["-q", "-F", "-m", "0", &text(&image)]));
    let mount = Mount::new(place.path().join("disk"), &["-o", "loop", &text(&image)]);
    let (mut house, mut child) = House::at(Some(&mount.0), &[]);
    let mut seed = seed();
    let (mut all, mut slowest) = (0, Duration::ZERO);
    let told: Arc<Mutex<Vec<u64>>> = Arc::default();
    let stop = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let writers: Vec<_> = (0..2)
        .map(|_| {
            let (told, stop, next, robin, port) = (
                told.clone(),
                stop.clone(),
                house.next.clone(),
                house.robin.clone(),
                house.port,
            );
            let path = format!("{}/incident/contact", house.case);
            std::thread::spawn(move || {
                while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                    let n = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    let answer = ask(
                        port,
                        "POST",
                        &path,
                        &robin.cookie,
                        &contact(&robin.csrf, n, ""),
                    );
                    if answer.is_some_and(|a| a.status == 303) {
                        told.lock().expect("the list").push(n);
                    }
                    // Slow enough that the case can still be shown after hundreds of cuts.
                    std::thread::sleep(Duration::from_millis(times(5, 60) as u64));
                }
            })
        })
        .collect();
    let (running, at) = (child.0.id().to_string(), (house.data.clone(), house.port));
    for cut in 0..cuts {
        std::thread::sleep(Duration::from_micros(5_000 + random(&mut seed) % 120_000));
        // What was told before it stands still was told before the power failed.
        assert!(run("kill", &["-STOP", &running]));
        let mut sent = Sent {
            acknowledged: told.lock().expect("the list").clone(),
            open: Vec::new(),
        };
        assert!(run("cp", &["--sparse=always", &text(&image), &text(&copy)]));
        assert!(run("kill", &["-CONT", &running]));
        let after = Mount::new(place.path().join("after"), &["-o", "loop", &text(&copy)]);
        house.data = after.0.join("data");
        house.port = free_port();
        let started = Instant::now();
        let mut again = spawn(&[], &[], &house.data, house.port);
        assert!(ready(&mut again, house.port), "cut {cut}: {}", house.log());
        slowest = slowest.max(started.elapsed());
        house.settle(&mut sent);
        again.kill();
        house.verify();
        all += sent.acknowledged.len();
        std::fs::remove_file(std::env::temp_dir().join(format!(
            "candour-torture-{}-{}.log",
            std::process::id(),
            house.port
        )))
        .ok();
        (house.data, house.port) = at.clone();
        drop(after);
    }
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    for writer in writers {
        writer.join().expect("a writer ended well");
    }
    child.kill();
    drop(child);
    drop(mount);
    (all, slowest)
}
