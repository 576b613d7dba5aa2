//! All packs together: each checked by itself, then against the others, then every combination that was ever in force built once.
//! Asking for the rules of a day is a look-up; nothing can be found wrong later.

use std::{collections::BTreeMap, sync::Arc};

use jiff::civil::Date;

use crate::{
    GuidanceError, Pack, PackId, PackKind, PackRef, Rules, Wrong, between, build, check, combine,
    embedded, tree::Node,
};

/// Stands in a composite id for the days before the Panel's first guidance.
pub(crate) const NO_PANEL: &str = "no-panel";

/// All packs, checked together.
#[derive(Clone, Debug)]
pub struct Library {
    packs: Vec<Pack>,
    rules: BTreeMap<String, Arc<Rules>>,
}

impl Library {
    /// The packs that come with the product.
    ///
    /// # Errors
    /// [`GuidanceError::Wrong`] if one of them were wrong; a test keeps that from happening.
    ///
    /// ```
    /// let library = guidance::Library::embedded()?;
    /// let rules = library.on(jiff::civil::date(2024, 6, 3), None)?;
    /// assert_eq!(rules.id, "working-together-2023+panel-2022-09");
    /// # Ok::<(), guidance::GuidanceError>(())
    /// ```
    pub fn embedded() -> Result<Library, GuidanceError> {
        let files = embedded::FILES
            .iter()
            .map(|(file, text)| ((*file).to_owned(), (*text).to_owned()))
            .collect();
        Library::together(Vec::new(), files)
    }

    /// These packs and those of more files: file name and TOML text.
    ///
    /// # Errors
    /// [`GuidanceError::Wrong`] with every fault in the files, by file and line.
    pub fn with(self, files: Vec<(String, String)>) -> Result<Library, GuidanceError> {
        Library::together(self.packs, files)
    }

    /// A library of these files only, for tests and for checking a set of packs that replaces ours.
    ///
    /// # Errors
    /// As [`Library::with`].
    pub fn of(files: Vec<(String, String)>) -> Result<Library, GuidanceError> {
        Library::together(Vec::new(), files)
    }

    fn together(
        mut packs: Vec<Pack>,
        files: Vec<(String, String)>,
    ) -> Result<Library, GuidanceError> {
        let mut wrongs = Vec::new();
        for (file, text) in files {
            match check::check(&file, &text) {
                Ok(pack) => packs.push(pack),
                Err(found) => wrongs.extend(found),
            }
        }
        if wrongs.is_empty() {
            packs.sort_by(|a, b| {
                (a.kind, a.in_force.from, &a.id).cmp(&(b.kind, b.in_force.from, &b.id))
            });
            between::check(&packs, &mut wrongs);
        }
        let mut rules = BTreeMap::new();
        if wrongs.is_empty() {
            for parts in combinations(&packs) {
                if let Some(built) = join(&packs, &parts, &mut wrongs) {
                    rules.insert(built.id.clone(), Arc::new(built));
                }
            }
        }
        if wrongs.is_empty() {
            return Ok(Library { packs, rules });
        }
        wrongs.sort_by(|a, b| (&a.file, a.line, &a.key).cmp(&(&b.file, b.line, &b.key)));
        wrongs.dedup();
        Err(GuidanceError::Wrong(wrongs))
    }

    /// All packs: national by date, then the Panel's, then local ones.
    pub fn packs(&self) -> &[Pack] {
        &self.packs
    }

    /// The pack with this id.
    ///
    /// # Errors
    /// [`GuidanceError::UnknownPack`].
    pub fn pack(&self, id: &str) -> Result<&Pack, GuidanceError> {
        self.packs
            .iter()
            .find(|pack| pack.id.as_str() == id)
            .ok_or_else(|| GuidanceError::UnknownPack {
                asked: id.to_owned(),
                known: self
                    .packs
                    .iter()
                    .map(|pack| pack.id.as_str())
                    .collect::<Vec<_>>()
                    .join(", "),
            })
    }

    /// The rules in force on a day: the national edition, the Panel's guidance beside it,
    /// and the local pack where it extends that edition and is itself in force; otherwise it is left out.
    ///
    /// # Errors
    /// [`GuidanceError::NothingInForce`] before the first edition; [`GuidanceError::UnknownPack`] for a local pack
    /// that is not here; [`GuidanceError::CannotCombine`] where the pack named is not a local one.
    pub fn on(&self, day: Date, local: Option<&PackId>) -> Result<Arc<Rules>, GuidanceError> {
        let local = local.map(|id| self.pack(id.as_str())).transpose()?;
        if let Some(pack) = local.filter(|pack| pack.kind != PackKind::Local) {
            return Err(GuidanceError::CannotCombine {
                id: pack.id.to_string(),
                why: format!("it is a {} pack, not a local one", pack.kind.words()),
            });
        }
        let in_force = |kind| {
            self.packs
                .iter()
                .find(|pack| pack.kind == kind && pack.in_force.contains(day))
        };
        let national = in_force(PackKind::National).ok_or(GuidanceError::NothingInForce(day))?;
        let local = local.filter(|pack| {
            pack.extends.as_ref() == Some(&national.id) && pack.in_force.contains(day)
        });
        self.built(
            &Parts {
                national,
                panel: in_force(PackKind::Panel),
                local,
            }
            .id(),
        )
    }

    /// The rules with this id: as it stands in [`Rules::id`], or the id of one national or local pack,
    /// which then stands with the latest guidance of the Panel that overlaps it.
    ///
    /// # Errors
    /// [`GuidanceError::UnknownPack`], or [`GuidanceError::CannotCombine`] for packs that were never in force together.
    pub fn rules(&self, id: &str) -> Result<Arc<Rules>, GuidanceError> {
        let refuse = |why: &str| GuidanceError::CannotCombine {
            id: id.to_owned(),
            why: why.to_owned(),
        };
        let (mut national, mut panel, mut local) = (None, None, None);
        let mut no_panel = false;
        for part in id.split('+') {
            if part == NO_PANEL {
                no_panel = true;
                continue;
            }
            let pack = self.pack(part)?;
            let place = match pack.kind {
                PackKind::National => &mut national,
                PackKind::Panel => &mut panel,
                PackKind::Local => &mut local,
            };
            if place.replace(pack).is_some() {
                return Err(refuse("it names two packs of one kind"));
            }
        }
        let national = match (
            national,
            local.and_then(|pack: &Pack| pack.extends.as_ref()),
        ) {
            (Some(national), _) => national,
            (None, Some(extended)) => self.pack(extended.as_str())?,
            (None, None) => return Err(refuse("it names no national edition")),
        };
        if panel.is_none() && !no_panel {
            let window = local.map_or(national.in_force, |pack| pack.in_force);
            panel = self.packs.iter().rfind(|pack| {
                pack.kind == PackKind::Panel
                    && pack.in_force.overlaps(&window)
                    && pack.in_force.overlaps(&national.in_force)
            });
        }
        self.built(
            &Parts {
                national,
                panel,
                local,
            }
            .id(),
        )
        .map_err(|_| refuse("these packs were never in force together"))
    }

    fn built(&self, id: &str) -> Result<Arc<Rules>, GuidanceError> {
        self.rules
            .get(id)
            .cloned()
            .ok_or_else(|| GuidanceError::CannotCombine {
                id: id.to_owned(),
                why: "these packs were never in force together".to_owned(),
            })
    }
}

/// The packs some rules are made of.
struct Parts<'a> {
    national: &'a Pack,
    panel: Option<&'a Pack>,
    local: Option<&'a Pack>,
}

impl<'a> Parts<'a> {
    fn id(&self) -> String {
        let panel = self.panel.map_or(NO_PANEL, |pack| pack.id.as_str());
        match self.local {
            Some(local) => format!("{}+{panel}+{}", self.national.id, local.id),
            None => format!("{}+{panel}", self.national.id),
        }
    }

    fn packs(&self) -> impl Iterator<Item = &'a Pack> + use<'a> {
        [Some(self.national), self.panel, self.local]
            .into_iter()
            .flatten()
    }
}

/// Every set of packs that has a day on which all of them are in force.
fn combinations(packs: &[Pack]) -> Vec<Parts<'_>> {
    let of = |kind| packs.iter().filter(move |pack| pack.kind == kind);
    let mut sets = Vec::new();
    for national in of(PackKind::National) {
        let panels = of(PackKind::Panel)
            .filter(|panel| panel.in_force.overlaps(&national.in_force))
            .map(Some);
        for panel in panels.chain(std::iter::once(None)) {
            let locals = of(PackKind::Local).filter(|local| {
                local.extends.as_ref() == Some(&national.id)
                    && local.in_force.overlaps(&national.in_force)
                    && panel.is_none_or(|panel| panel.in_force.overlaps(&local.in_force))
            });
            sets.extend(locals.map(|local| Parts {
                national,
                panel,
                local: Some(local),
            }));
            sets.push(Parts {
                national,
                panel,
                local: None,
            });
        }
    }
    sets
}

fn join(packs: &[Pack], parts: &Parts<'_>, wrongs: &mut Vec<Wrong>) -> Option<Rules> {
    let before = wrongs.len();
    let mut tree: Option<Node> = None;
    for pack in parts.packs() {
        let own = whole(packs, pack, wrongs);
        tree = Some(match tree {
            None => own,
            Some(base) => combine::combine(&base, &own, pack.kind, wrongs),
        });
    }
    let tree = tree?;
    if wrongs.len() > before {
        return None;
    }
    let refs = parts.packs().map(|pack| PackRef {
        id: pack.id.clone(),
        title: pack.title.clone(),
        kind: pack.kind,
        in_force: pack.in_force,
    });
    build::build(&parts.id(), refs.collect(), &tree, wrongs)
}

/// A pack with what it takes over from those of its own kind.
fn whole(packs: &[Pack], pack: &Pack, wrongs: &mut Vec<Wrong>) -> Node {
    let layers = chain(packs, pack);
    let mut tree = layers
        .first()
        .map_or_else(|| (*pack.tree).clone(), |first| (*first.tree).clone());
    for layer in layers.iter().skip(1) {
        tree = combine::carry_over(&tree, &layer.tree, layer.kind, wrongs);
    }
    tree
}

/// A pack after all of its own kind that it extends, the oldest first.
fn chain<'a>(packs: &'a [Pack], pack: &'a Pack) -> Vec<&'a Pack> {
    let mut layers = vec![pack];
    let mut current = pack;
    while let Some(next) = current.extends.as_ref().and_then(|id| {
        packs
            .iter()
            .find(|pack| pack.id == *id && pack.kind == current.kind)
    }) {
        layers.insert(0, next);
        current = next;
    }
    layers
}
