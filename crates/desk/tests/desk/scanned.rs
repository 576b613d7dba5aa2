//! Files are shown to a virus scanner before they are added, when one was named; without its word nothing is added.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use desk::{DeskError, Scanner};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};

use crate::files::{PDF, add};
use crate::world::*;

/// The file that every scanner is agreed to find, taken apart so that no scanner finds this one.
fn eicar() -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    bytes.extend(b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$");
    bytes.extend(b"EICAR-STANDARD-ANTIVIRUS-");
    bytes.extend(b"TEST-FILE!$H+H*");
    bytes
}

/// Speaks clamd's protocol: what the program is held to where no clamd is installed.
async fn like_clamd(mut caller: UnixStream, largest: usize) -> std::io::Result<()> {
    let mut command = Vec::new();
    while command.last() != Some(&0) {
        command.push(caller.read_u8().await?);
    }
    if command == b"zPING\0" {
        return caller.write_all(b"PONG\0").await;
    }
    assert_eq!(command, b"zINSTREAM\0");
    let mut file = Vec::new();
    loop {
        let length = caller.read_u32().await? as usize;
        if length == 0 {
            break;
        }
        if file.len() + length > largest {
            caller
                .write_all(b"INSTREAM size limit exceeded. ERROR\0")
                .await?;
            return Ok(());
        }
        let mut piece = vec![0; length];
        caller.read_exact(&mut piece).await?;
        file.extend(piece);
    }
    let found = file
        .windows(25)
        .any(|part| part == b"EICAR-STANDARD-ANTIVIRUS-");
    let answer: &[u8] = match found {
        true => b"stream: Eicar-Test-Signature FOUND\0",
        false => b"stream: OK\0",
    };
    caller.write_all(answer).await
}

fn listen(socket: &Path, largest: usize) {
    let listener = UnixListener::bind(socket).unwrap();
    tokio::spawn(async move {
        while let Ok((caller, _)) = listener.accept().await {
            tokio::spawn(like_clamd(caller, largest));
        }
    });
}

fn refused(result: Result<String, DeskError>) -> String {
    match result {
        Err(DeskError::Field { field, message }) => {
            assert_eq!(field, "file");
            message
        }
        other => panic!("it was to be refused: {other:?}"),
    }
}

#[tokio::test]
async fn a_file_is_added_only_when_the_scanner_passes_it() {
    let world = World::new().await;
    let orla = world.who("Orla");
    let case = world.case().await;
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("clamd.ctl");
    let scanner = Scanner::Socket(socket.clone());
    assert!(!scanner.answers().await);
    world.desk.scan_files_with(scanner.clone());

    // Nobody there: nothing is added.
    let said = refused(add(&world, &orla, &case.id, "a.pdf", PDF).await);
    assert!(said.contains("does not answer"), "{said}");

    listen(&socket, 4096);
    assert!(scanner.answers().await);
    add(&world, &orla, &case.id, "a.pdf", PDF).await.unwrap();
    let said = refused(add(&world, &orla, &case.id, "b.pdf", &eicar()).await);
    assert!(said.contains("something harmful"), "{said}");
    let large = [PDF, &[b' '; 8192]].concat();
    let said = refused(add(&world, &orla, &case.id, "c.pdf", &large).await);
    assert!(
        said.contains("larger than the virus scanner takes"),
        "{said}"
    );

    let view = world
        .desk
        .view(&orla, &case.id, access::Act::ReadCase, "documents")
        .await
        .unwrap();
    assert_eq!(view.case.documents.list.len(), 1);
    // What was refused has left no bytes behind either.
    world.desk.sweep_files(Duration::ZERO).await.unwrap();
    assert_eq!(
        std::fs::read_dir(world.dir.path().join("data/files"))
            .unwrap()
            .count(),
        1
    );
}

/// The same with clamd itself, where it is installed; it gets one signature of its own, so that nothing is fetched.
#[tokio::test]
async fn clamd_itself_finds_the_agreed_file_and_passes_another() {
    let Some(clamd) = ["/usr/sbin/clamd", "/usr/bin/clamd"]
        .into_iter()
        .find(|path| Path::new(path).exists())
    else {
        println!("clamd is not installed: the protocol was tried with a double only");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let (socket, database) = (folder.path().join("ctl"), folder.path().join("signatures"));
    std::fs::create_dir(&database).unwrap();
    let words: String = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    std::fs::write(
        database.join("own.ndb"),
        format!("Agreed.Test.File:0:*:{words}\n"),
    )
    .unwrap();
    let settings = folder.path().join("clamd.conf");
    std::fs::write(
        &settings,
        format!(
            "LocalSocket {}\nDatabaseDirectory {}\nForeground yes\nTemporaryDirectory {}\nStreamMaxLength 64K\n",
            socket.display(),
            database.display(),
            folder.path().display()
        ),
    )
    .unwrap();
    let mut running = Command::new(clamd)
        .arg("--config-file")
        .arg(&settings)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let scanner = Scanner::Socket(socket);
    let mut answers = false;
    for _ in 0..150 {
        answers = scanner.answers().await;
        if answers {
            break;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let world = World::new().await;
    let orla = world.who("Orla");
    let case = world.case().await;
    world.desk.scan_files_with(scanner);
    let passed = add(&world, &orla, &case.id, "a.pdf", PDF).await;
    let found = add(&world, &orla, &case.id, "b.pdf", &eicar()).await;
    let large = [PDF, &[b' '; 200_000]].concat();
    let too_large = add(&world, &orla, &case.id, "c.pdf", &large).await;
    running.kill().unwrap();
    running.wait().unwrap();
    assert!(answers, "clamd answers");
    passed.unwrap();
    let said = refused(found);
    assert!(said.contains("something harmful"), "{said}");
    let said = refused(too_large);
    assert!(
        said.contains("larger than the virus scanner takes"),
        "{said}"
    );
}
