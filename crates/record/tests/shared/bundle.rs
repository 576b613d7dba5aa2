//! An evidence bundle made up for the tests, which can be altered and signed anew.

use record::{
    checkpoint::SigningKey,
    content_hash,
    proof::{
        BUNDLE_FORMAT, Bundle, DocumentLine, EarlierCheckpoint, EntriesLine, File, Manifest, Shown,
        ShownEntry, StreamLine, sign_manifest,
    },
    tree::consistency_proof,
};

use super::{Row, checkpoint, leaves, log, shown, signer};

/// A bundle and what it was made from.
#[derive(Debug, Clone)]
pub struct Made {
    pub rows: Vec<Row>,
    pub manifest: Manifest,
    pub shown: Vec<ShownEntry>,
    pub documents: Vec<(String, Vec<u8>)>,
    pub files: Vec<File>,
    pub bytes: Vec<u8>,
    pub lines: Vec<u8>,
    pub seal: String,
}

/// A bundle of one case of a log of 30 entries: every third entry withheld, two documents, two earlier checkpoints.
pub fn bundle() -> Made {
    let rows = log(30);
    let stream = rows[1].entry.stream.clone();
    let of_case: Vec<usize> = (0..30)
        .filter(|at| rows[*at].entry.stream == stream)
        .collect();
    let shown: Vec<ShownEntry> = of_case
        .iter()
        .enumerate()
        .map(|(number, at)| {
            let content = match number % 3 {
                2 => Shown::Withheld {
                    why: "it concerns another family".into(),
                },
                _ => Shown::clear(&rows[*at].clear, &rows[*at].key),
            };
            shown(&rows, *at, 30, content)
        })
        .collect();
    let documents = vec![
        (
            "documents/decision.pdf".to_owned(),
            b"%PDF-1.7 decision".to_vec(),
        ),
        ("how-to-check.html".to_owned(), b"<p>How to check".to_vec()),
    ];
    let earlier = [11, 20]
        .map(|size| EarlierCheckpoint {
            checkpoint: checkpoint(&rows, size).sign(&signer()).unwrap(),
            proof: consistency_proof(size as u64, 30, leaves(&rows).as_slice()).unwrap(),
        })
        .to_vec();
    let manifest = Manifest {
        format: BUNDLE_FORMAT.into(),
        partnership: "merrowshire".into(),
        title: "Case MR-0001".into(),
        made_at: "2026-11-24T10:00:00.000000Z".into(),
        made_by: "person-1".into(),
        key: signer().verifier().to_string(),
        checkpoint: checkpoint(&rows, 30).sign(&signer()).unwrap(),
        earlier,
        entries: EntriesLine {
            count: 0,
            sha256: content_hash(b""),
        },
        streams: vec![StreamLine {
            stream,
            entries: shown.len() as u64,
        }],
        documents: documents
            .iter()
            .map(|(path, bytes)| DocumentLine {
                path: path.clone(),
                title: "A document".into(),
                bytes: bytes.len() as u64,
                sha256: content_hash(bytes),
            })
            .collect(),
    };
    let files = documents
        .iter()
        .map(|(path, bytes)| File {
            path: path.clone(),
            bytes: bytes.len() as u64,
            sha256: content_hash(bytes),
        })
        .collect();
    let mut made = Made {
        rows,
        manifest,
        shown,
        documents,
        files,
        bytes: Vec::new(),
        lines: Vec::new(),
        seal: String::new(),
    };
    made.write();
    made.seal_with(&signer());
    made
}

impl Made {
    /// Writes the lines of the entries and what the manifest says of them.
    pub fn write(&mut self) {
        self.lines.clear();
        for line in &self.shown {
            serde_json::to_writer(&mut self.lines, line).unwrap();
            self.lines.push(b'\n');
        }
        self.manifest.entries = EntriesLine {
            count: self.shown.len() as u64,
            sha256: content_hash(&self.lines),
        };
    }

    /// Writes the manifest and signs it.
    pub fn seal_with(&mut self, key: &SigningKey) {
        self.bytes = serde_json::to_vec_pretty(&self.manifest).unwrap();
        self.seal = sign_manifest(&self.bytes, key).unwrap();
    }

    /// As it is read.
    pub fn bundle(&self) -> Bundle<'_> {
        Bundle {
            manifest: &self.bytes,
            seal: &self.seal,
            entries: &self.lines,
            files: &self.files,
        }
    }
}
