//! The program is killed at each write, each fsync and each change of a name, one after the other, and at random under load.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::house::{Fault, House, Sent, may, random, ready, seed, spawn, times};

/// What each sweep strikes at.
const CALLS: [&str; 4] = [
    "pwrite64,pwritev,write,writev",
    "fsync,fdatasync",
    "ftruncate,unlink,unlinkat",
    "rename,renameat,renameat2",
];

#[test]
fn killed_at_each_write_fsync_and_rename_of_a_running_program_nothing_acknowledged_is_lost() {
    if !may("killing at each call", &["strace"]) {
        return;
    }
    let (house, mut child) = House::new();
    let (mut sent, mut kills, began) = (Sent::default(), 0, Instant::now());
    for calls in CALLS {
        let mut n = 1;
        for _ in 0..times(5, 400) {
            let fault = Fault::on(&child, &format!("{calls}:signal=SIGKILL:when={n}"));
            let mut alive = true;
            for _ in 0..times(4, 12) {
                let number = house.number();
                match house.contact(number) {
                    Some(answer) if answer.status == 303 => sent.acknowledged.push(number),
                    Some(answer) => panic!("{}: {}", answer.status, answer.body),
                    None => {
                        sent.open.push(number);
                        alive = false;
                        break;
                    }
                }
            }
            drop(fault);
            if alive {
                // So many of these calls are not made in the whole of this load.
                break;
            }
            child.kill();
            kills += 1;
            child = house.start();
            house.settle(&mut sent);
            n += times(3, 1);
        }
    }
    child.kill();
    house.verify();
    assert!(kills >= 6, "only {kills} kills");
    println!(
        "{kills} kills at a call, {} contacts, {:?}",
        sent.acknowledged.len(),
        began.elapsed()
    );
}

#[test]
fn killed_at_each_write_fsync_and_rename_while_it_starts_the_program_starts_again() {
    if !may("killing at each call of a start", &["strace"]) {
        return;
    }
    let (house, mut child) = House::new();
    let mut sent = Sent::default();
    let mut kills = 0;
    for calls in CALLS {
        let mut n = 1;
        for _ in 0..times(3, 200) {
            // Something stands in the log that has to be recovered at the next start.
            let number = house.number();
            assert_eq!(house.contact(number).map(|a| a.status), Some(303));
            sent.acknowledged.push(number);
            child.kill();
            let (trace, inject) = (
                format!("trace={calls}"),
                format!("inject={calls}:signal=SIGKILL:when={n}"),
            );
            let before = [
                "strace",
                "-D",
                "-f",
                "-qq",
                "-o",
                "/dev/null",
                "-e",
                &trace,
                "-e",
                &inject,
            ];
            let mut struck = spawn(&before, &[], &house.data, house.port);
            let alive = ready(&mut struck, house.port);
            struck.kill();
            child = house.start();
            house.settle(&mut sent);
            if alive {
                break;
            }
            kills += 1;
            n += times(4, 1);
        }
    }
    child.kill();
    house.verify();
    println!("{kills} kills while starting");
}

#[test]
fn killed_at_random_under_load_every_form_sent_again_is_carried_out_exactly_once() {
    random_kills(times(15, 2000));
}

fn random_kills(kills: usize) {
    let (mut house, mut child) = House::new();
    let (mut seed, began) = (seed(), Instant::now());
    let (mut all, mut again) = (0, 0);
    let mut sent = Sent::default();
    for kill in 0..kills {
        if kill % 100 == 99 {
            // A case of thousands of contacts is slow to show; the record is whole so far, and begins anew.
            child.kill();
            house.verify();
            all += sent.acknowledged.len();
            sent = Sent::default();
            (house, child) = House::new();
        }
        let stop = Arc::new(AtomicBool::new(false));
        let writers = house.load(2, &stop);
        std::thread::sleep(Duration::from_micros(500 + random(&mut seed) % 60_000));
        child.kill();
        stop.store(true, Ordering::Relaxed);
        for writer in writers {
            let part = writer.join().expect("a writer ended well");
            sent.acknowledged.extend(part.acknowledged);
            sent.open.extend(part.open);
        }
        again += sent.open.len();
        child = house.start();
        house.settle(&mut sent);
    }
    child.kill();
    house.verify();
    all += sent.acknowledged.len();
    println!(
        "{kills} random kills, {all} contacts, {again} of them sent again, {:?}",
        began.elapsed()
    );
}
