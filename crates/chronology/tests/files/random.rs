//! Random chronologies: the order of files does not matter, what goes out comes in again, and no bytes make a reader panic.

use chronology::{Chronology, File, Report, read};
use jiff::civil::date;
use proptest::prelude::*;

use crate::samples::*;

fn rows() -> impl Strategy<Value = Vec<[String; 4]>> {
    let day = prop_oneof![
        8 => (2010i16..2026, 1i8..13, 1i8..29).prop_map(|(y, m, d)| format!("{d:02}/{m:02}/{y}")),
        1 => (1i8..13, 2010i16..2026).prop_map(|(m, y)| format!("{m:02}/{y}")),
        1 => (2010i16..2026).prop_map(|y| y.to_string()),
        1 => (2010i16..2026).prop_map(|y| format!("early {y}")),
        1 => Just("?22/05/2016".to_owned()),
        1 => Just("when she was small".to_owned()),
        1 => Just(String::new()),
    ];
    let words = prop_oneof![
        6 => "[a-z]{1,8}( [a-z]{1,8}){0,6}",
        2 => any::<String>().prop_map(|text| text.replace(['\0', '\r'], " ")),
        1 => Just("=1+1".to_owned()),
        1 => Just(String::new()),
    ];
    let row = (day, words.clone(), words.clone(), words).prop_map(|(a, b, c, d)| [a, b, c, d]);
    prop::collection::vec(row, 0..12)
}

fn made(name: &str, rows: &[[String; 4]]) -> Option<File> {
    let rows: Vec<[&str; 4]> = rows
        .iter()
        .map(|row| [0, 1, 2, 3].map(|at| row[at].as_str()))
        .collect();
    let file = read(name, &csv(&rows), &options()).ok()?;
    whole(&file);
    Some(file)
}

fn out(files: Vec<File>) -> Vec<u8> {
    let report = Report::of(Chronology::merge(files), Some(date(2014, 2, 28)), TODAY, 2);
    let mut bytes = Vec::new();
    report.write_csv(&mut bytes).unwrap();
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn merging_does_not_depend_on_the_order_of_the_files(all in prop::collection::vec(rows(), 1..5), turn in 0usize..5) {
        let files = |turned: bool| {
            let mut files: Vec<File> = all.iter().enumerate().filter_map(|(at, rows)| made(&format!("Agency {}.csv", char::from(b'A' + at as u8)), rows)).collect();
            if turned {
                files.reverse();
                let by = turn % files.len().max(1);
                files.rotate_left(by);
            }
            files
        };
        prop_assert_eq!(out(files(false)), out(files(true)));
    }

    #[test]
    fn what_is_written_is_read_again_as_it_was(all in prop::collection::vec(rows(), 1..4)) {
        let files: Vec<File> = all.iter().enumerate().filter_map(|(at, rows)| made(&format!("Agency {}.csv", char::from(b'A' + at as u8)), rows)).collect();
        let chronology = Chronology::merge(files);
        prop_assume!(!chronology.is_empty());
        let report = Report::of(chronology, None, TODAY, 1);
        let mut first = Vec::new();
        report.write_csv(&mut first).unwrap();
        for (name, bytes) in [("x.csv", first.clone()), ("x.xlsx", report.xlsx().unwrap())] {
            let again = read(name, &bytes, &options()).unwrap();
            whole(&again);
            prop_assert_eq!(again.to_mend(), 0, "{}: {:?}", name, again.rows_to_mend().map(|m| m.problems().to_vec()).collect::<Vec<_>>());
            let again = Report::of(Chronology::merge(vec![again]), None, TODAY, 1);
            let mut second = Vec::new();
            again.write_csv(&mut second).unwrap();
            prop_assert_eq!(String::from_utf8_lossy(&first), String::from_utf8_lossy(&second), "{}", name);
        }
    }

    #[test]
    fn bytes_of_any_kind_are_refused_or_read_and_never_stop_the_program(bytes in prop::collection::vec(any::<u8>(), 0..4000), start in 0usize..6) {
        let starts: [&[u8]; 6] = [b"", b"PK\x03\x04", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", b"<html><table>", b"Date,Source,What happened\n", b"\xff\xfe"];
        let whole_file = [starts[start], &bytes].concat();
        if let Ok(file) = read("a", &whole_file, &options()) {
            whole(&file);
        }
    }

    #[test]
    fn a_sample_with_some_bytes_changed_is_refused_or_read_whole(which in 0usize..3, changes in prop::collection::vec((any::<u32>(), any::<u8>()), 1..20)) {
        let mut bytes = match which {
            0 => xlsx(),
            1 => docx(&format!("<w:tbl>{}{}</w:tbl>", word_row(&HEADINGS), word_row(&["1/1/2016", "a", "b", "c"]))),
            _ => ods(&[&HEADINGS, &["1/1/2016", "a", "b", "c"]]),
        };
        for (at, byte) in changes {
            let at = at as usize % bytes.len();
            bytes[at] = byte;
        }
        if let Ok(file) = read("a", &bytes, &options()) {
            whole(&file);
        }
    }
}
