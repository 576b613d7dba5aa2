//! The clock of the machine jumps and its time zone changes: the order of the record is that of its numbers,
//! and days are counted the same.

use std::process::Command;

use crate::house::{CANDOUR, House, Sent, ready, sign_in, spawn};

const FAKETIME: &str = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

#[test]
fn when_the_clock_jumps_by_an_hour_or_400_days_the_order_stays_that_of_the_record() {
    if !std::path::Path::new(FAKETIME).exists() {
        println!("NOT RUN: a clock that jumps: libfaketime is missing");
        return;
    }
    let (mut house, mut child) = House::new();
    let mut sent = Sent::default();
    for jump in ["+0", "+1h", "-1h", "+400d", "-400d", "+0"] {
        child.kill();
        child = spawn(
            &[],
            &[
                ("LD_PRELOAD", FAKETIME),
                ("FAKETIME", jump),
                ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
            ],
            &house.data,
            house.port,
        );
        assert!(ready(&mut child, house.port), "{jump}: {}", house.log());
        house.robin = sign_in(house.port, "robin@example.org");
        for _ in 0..3 {
            let n = house.number();
            let answer = house.contact(n).expect("an answer");
            assert_eq!(answer.status, 303, "{jump}: {}", answer.body);
            sent.acknowledged.push(n);
        }
        house.settle(&mut sent);
    }
    // The story numbers them in the order in which they were sent, whatever the clock said.
    let page = house.get(&format!("{}/incident", house.case)).body;
    let order: Vec<u64> = page
        .split(", mark")
        .skip(1)
        .filter_map(|p| p.split_once('x')?.0.parse().ok())
        .collect();
    assert!(order.is_sorted(), "{order:?}");
    child.kill();
    house.verify();
}

#[test]
fn working_days_are_the_same_in_every_time_zone_and_over_both_changes_of_the_clocks() {
    let count = |zone: &str, aware: &str| {
        let out = Command::new(CANDOUR)
            .args([
                "clocks",
                "--edition",
                "working-together-2026",
                "--json",
                "--event",
                &format!("aware={aware}"),
            ])
            .env("TZ", zone)
            .output()
            .expect("the clocks run");
        assert!(out.status.code().is_some(), "{out:?}");
        assert!(!out.stdout.is_empty(), "{out:?}");
        String::from_utf8_lossy(&out.stdout).into_owned()
    };
    for aware in [
        "2026-12-18",
        "2026-03-27",
        "2026-03-29",
        "2026-10-23",
        "2026-10-25",
        "2027-03-26",
    ] {
        let here = count("Europe/London", aware);
        for zone in [
            "UTC",
            "Pacific/Kiritimati",
            "Pacific/Pago_Pago",
            "Asia/Kathmandu",
            "America/New_York",
            "no/such",
        ] {
            assert_eq!(count(zone, aware), here, "{zone}, {aware}");
        }
    }
}
