//! Everything the typesetter can reach: one template, one file of data, the built-in fonts.
//! There is no file system, no network, no package and no clock behind it.

use std::sync::LazyLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Features, Library, LibraryExt, World};

use super::fonts::FONTS;

/// The look of a paper.
const TEMPLATE: &str = include_str!("paper.typ");

/// What is the same for every paper.
struct Workshop {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    main: Option<Source>,
    data: Option<FileId>,
}

static WORKSHOP: LazyLock<Workshop> = LazyLock::new(|| {
    let file = |name| {
        VirtualPath::new(name)
            .ok()
            .map(|path| RootedPath::new(VirtualRoot::Project, path).intern())
    };
    // The one feature in use marks the first cell of a row as its heading.
    let features: Features = [Feature::A11yExtras].into_iter().collect();
    Workshop {
        library: LazyHash::new(Library::builder().with_features(features).build()),
        book: LazyHash::new(FontBook::from_fonts(FONTS.iter())),
        main: file("paper.typ").map(|id| Source::new(id, TEMPLATE.to_owned())),
        data: file("paper.json"),
    }
});

/// The world of one paper.
pub(super) struct PaperWorld {
    data: Bytes,
}

impl PaperWorld {
    /// The world that holds this paper, written as JSON.
    pub(super) fn new(json: Vec<u8>) -> Self {
        Self {
            data: Bytes::new(json),
        }
    }
}

impl World for PaperWorld {
    fn library(&self) -> &LazyHash<Library> {
        &WORKSHOP.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &WORKSHOP.book
    }

    fn main(&self) -> FileId {
        WORKSHOP
            .main
            .as_ref()
            .map_or_else(|| Source::detached("").id(), Source::id)
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        WORKSHOP
            .main
            .as_ref()
            .filter(|main| main.id() == id)
            .cloned()
            .ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if WORKSHOP.data == Some(id) {
            Ok(self.data.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
