//! Files on the command line: listed, written out as they came, named in an export, and checked with the record.

#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use desk::{Clock, Desk, NewCase, NewPerson, Setup};

const EMAIL: &str = "ada@example.test";
const PDF: &[u8] = b"%PDF-1.7\ninvented";
const SETTINGS: &str = r#"name = "Commandshire Safeguarding Children Partnership"
short = "COM"
area = "Commandshire"
[front-door]
front-door = "01632 960001"
out-of-hours = "01632 960002"
emergency = "999"
[[partners]]
id = "local-authority"
[[partners.bodies]]
id = "council"
name = "Commandshire Council"
[[partners]]
id = "health"
[[partners.bodies]]
id = "icb"
name = "NHS Commandshire Integrated Care Board"
[[partners]]
id = "police"
[[partners.bodies]]
id = "police"
name = "Commandshire Police"
"#;

fn candour(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_candour"))
        .args(args)
        .output()
        .unwrap()
}

fn words(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A partnership whose one case has one document; its folder, the case's reference and the id of the file.
async fn with_document(dir: &Path) -> (PathBuf, String, String) {
    let data = dir.join("data");
    let setup = Setup {
        settings: SETTINGS.into(),
        people: vec![NewPerson {
            name: "Ada Example".into(),
            email: EMAIL.into(),
            role: access::Role::BusinessManager,
            seat: None,
            agency: None,
            password: "a long sentence nobody guesses".into(),
        }],
    };
    let desk = Desk::create(&data, Clock::real(), setup).await.unwrap();
    let ada = desk.actor(&desk.person_by_email(EMAIL).unwrap());
    let new = NewCase {
        danger: cases::incident::Danger::No,
        danger_action: String::new(),
        old_reference: None,
        heard_on: None,
        under_way: false,
        members: Vec::new(),
        known: Vec::new(),
    };
    let case = desk.open_case(&ada, new).await.unwrap().case;
    let mut arriving = desk.begin_file(&ada, &case.id, "a.pdf").await.unwrap();
    arriving.write(PDF).await.unwrap();
    let said = cases::documents::Document {
        title: "Chronology".into(),
        ..Default::default()
    };
    let arrived = arriving.finish().await.unwrap();
    let added = desk
        .add_document(&ada, &case.id, said, arrived)
        .await
        .unwrap();
    let file = added.case.documents.list[0].document.id.clone();
    let reference = case.reference().to_owned();
    desk.close().await;
    (data, reference, file)
}

#[tokio::test]
async fn a_document_is_listed_written_out_exported_and_checked() {
    let dir = tempfile::tempdir().unwrap();
    let (data, reference, file) = with_document(dir.path()).await;
    let data = data.to_str().unwrap();
    let out = dir.path().join("out.pdf");
    let out_name = out.to_str().unwrap();

    let listed = candour(&["file", "list", &reference, "--data", data, "--as", EMAIL]);
    assert!(words(&listed.stdout).contains(&file), "{listed:?}");
    assert!(words(&listed.stdout).contains("Chronology"));
    let get = [
        "file", "get", &reference, &file, "--data", data, "--as", EMAIL, "--out", out_name,
    ];
    let got = candour(&get);
    assert!(got.status.success(), "{got:?}");
    assert_eq!(std::fs::read(&out).unwrap(), PDF);
    let again = candour(&get);
    assert_eq!(again.status.code(), Some(2), "nothing is overwritten");
    let exported = candour(&["export", &reference, "--data", data, "--as", EMAIL]);
    let exported: serde_json::Value = serde_json::from_slice(&exported.stdout).unwrap();
    assert_eq!(exported["documents"][0]["title"], "Chronology");
    assert_eq!(
        exported["documents"][0]["sha-256"].as_str().unwrap().len(),
        64
    );

    for wrong in ["../../master.key", "ffffffffffffffffffffffffffffffff"] {
        let refused = candour(&[
            "file", "get", &reference, wrong, "--data", data, "--as", EMAIL,
        ]);
        assert_eq!(refused.status.code(), Some(2), "{refused:?}");
    }

    let verify = ["record", "verify", "--data", data, "--files"];
    let checked = candour(&verify);
    assert!(checked.status.success(), "{checked:?}");
    assert!(words(&checked.stdout).contains("1 files checked"));
    let lying = Path::new(data).join("files").join(&file);
    let mut bytes = std::fs::read(&lying).unwrap();
    bytes[40] ^= 1;
    std::fs::write(&lying, bytes).unwrap();
    let checked = candour(&verify);
    assert_eq!(checked.status.code(), Some(1));
    assert!(words(&checked.stderr).contains(&file) && words(&checked.stderr).contains("altered"));
    std::fs::remove_file(&out).unwrap();
    let refused = candour(&get);
    assert!(!refused.status.success());
    assert!(!out.exists(), "half a document is no document");
    let json = candour(&["record", "verify", "--data", data, "--files", "--json"]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json["files"]["damaged"][0]["id"], file.as_str());
}
