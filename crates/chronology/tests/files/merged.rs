//! Many files made into one: the order, what is alike, what is silent, the ages, and the way out and in again.

use chronology::{Alike, Chronology, Place, Report, read};
use jiff::civil::date;

use crate::samples::*;

fn report(files: Vec<chronology::File>) -> Report {
    Report::of(Chronology::merge(files), Some(date(2016, 5, 1)), TODAY, 2)
}

fn three() -> Vec<chronology::File> {
    let health = csv(&[
        [
            "22/05/2016",
            "Health record",
            "Mother rang the health visitor about feeding and sleep",
            "",
        ],
        [
            "03/06/2016",
            "Health record",
            "Home visit, nobody answered the door",
            "Card left",
        ],
        ["01/12/2016", "Health record", "Weighed in clinic", ""],
    ]);
    let school = csv(&[
        ["22/05/2016", "School log", "Brother late to school", ""],
        ["May 2016", "School log", "Brother often tired", ""],
    ]);
    let housing = csv(&[
        [
            "22/05/2016",
            "Tenancy file",
            "Mother rang the health visitor about feeding and sleep",
            "",
        ],
        [
            "10/06/2016",
            "Tenancy file",
            "Home visit, nobody answered the door",
            "Card left",
        ],
        ["not known", "Tenancy file", "Rent unpaid", ""],
    ]);
    vec![
        file("Merrow Health.csv", &health),
        file("Larch Row School.csv", &school),
        file("Tilbrook Housing.csv", &housing),
    ]
}

#[test]
fn entries_come_in_the_order_of_their_days_with_the_childs_age_whatever_the_order_of_the_files() {
    let report = report(three());
    assert_eq!(
        (report.chronology.len(), report.chronology.to_mend()),
        (7, 1)
    );
    let mut days: Vec<_> = report.chronology.entries().map(|e| e.when().from).collect();
    let sorted = days.clone();
    days.sort();
    assert_eq!(days, sorted);
    let ages: Vec<String> = report
        .chronology
        .entries()
        .map(|e| chronology::age_text(e.when().from, e.when().to, date(2016, 5, 1)))
        .collect();
    assert_eq!(ages[..2], ["0 days to 4 weeks", "3 weeks"], "{ages:?}");
    assert_eq!(ages[6], "7 months", "{ages:?}");
    let first = out_of(&report);
    let mut turned = three();
    turned.rotate_left(1);
    turned.swap(0, 1);
    assert_eq!(first, out_of(&self::report(turned)));
}

fn out_of(report: &Report) -> (Vec<u8>, Vec<u8>) {
    let (mut csv, mut json) = (Vec::new(), Vec::new());
    report.write_csv(&mut csv).unwrap();
    report.write_json(&mut json).unwrap();
    (csv, json)
}

#[test]
fn the_same_event_twice_and_on_another_day_are_shown_together_and_both_stay() {
    let report = report(three());
    let found: Vec<Alike> = report.pairs.pairs.iter().map(|p| p.alike).collect();
    assert!(found.contains(&Alike::Duplicate), "{found:?}");
    assert!(found.contains(&Alike::OtherDate), "{found:?}");
    let silent: Vec<_> = report
        .gaps
        .iter()
        .map(|g| (g.agency.as_str(), g.months))
        .collect();
    assert!(silent.contains(&("Merrow Health", 5)), "{silent:?}");
}

#[test]
fn an_export_read_again_is_the_same_as_csv_and_as_a_workbook() {
    let report = report(three());
    let (csv, _) = out_of(&report);
    for (name, bytes) in [
        ("all.csv", csv.clone()),
        ("all.xlsx", report.xlsx().unwrap()),
    ] {
        let again = read(name, &bytes, &options()).unwrap();
        whole(&again);
        assert_eq!(
            (again.entries(), again.to_mend()),
            (report.chronology.len(), 0),
            "{name}"
        );
        let again = self::report(vec![again]);
        let pairs = report.chronology.entries().zip(again.chronology.entries());
        for (one, other) in pairs {
            assert_eq!(one.when(), other.when(), "{name}");
            assert_eq!(one.origin(), other.origin(), "{name}");
            for place in chronology::TEXTS {
                assert_eq!(one.text(place), other.text(place), "{name} {place:?}");
            }
        }
        assert_eq!(out_of(&again).0, csv, "{name}");
    }
}

#[test]
fn a_workbook_that_is_written_hides_nothing_and_holds_no_formula() {
    let rows = [[
        "22/05/2016",
        "=HYPERLINK(\"http://x.example\")",
        "@SUM(1)",
        "+1",
    ]];
    let report = report(vec![file("a.csv", &csv(&rows))]);
    let book = report.xlsx().unwrap();
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(&book)).unwrap();
    for at in 0..zip.len() {
        let mut part = zip.by_index(at).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut part, &mut text).unwrap();
        assert!(
            !text.contains("<f>") && !text.contains("<f "),
            "{name} has a formula"
        );
        assert!(
            !text.contains("state=\"hidden\"") && !text.contains("hidden=\"1\""),
            "{name} hides something"
        );
        assert!(
            !name.contains("comments") && !name.contains("externalLink"),
            "{name}"
        );
        if name == "docProps/core.xml" {
            assert!(
                text.contains("<dc:creator></dc:creator>")
                    || text.contains("<dc:creator/>")
                    || !text.contains("<dc:creator>"),
                "{text}"
            );
        }
    }
    let (csv, _) = out_of(&report);
    for cell in csv::Reader::from_reader(&csv[..])
        .records()
        .flat_map(|r| r.unwrap().iter().map(str::to_owned).collect::<Vec<_>>())
    {
        assert!(
            !cell.starts_with(['=', '+', '-', '@', '\t', '\r']),
            "{cell}"
        );
    }
    assert_eq!(
        report.chronology.get(0).unwrap().text(Place::Response),
        "+1"
    );
}
