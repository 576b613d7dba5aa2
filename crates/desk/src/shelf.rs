//! Folded cases in memory: many with only their newest entries, a few with their whole story.
//! The least recently used goes when there are too many.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, RwLock};

use cases::Case;

struct Kept {
    case: Arc<Case>,
    used: AtomicU64,
}

/// Cases by id.
pub(crate) struct Shelf {
    kept: RwLock<HashMap<String, Kept>>,
    /// Cases that were erased: one that was just being read is not put back.
    barred: RwLock<HashSet<String>>,
    most: usize,
    ticks: AtomicU64,
}

impl Shelf {
    /// An empty shelf for at most so many cases.
    pub fn new(most: usize) -> Shelf {
        Shelf {
            kept: RwLock::default(),
            barred: RwLock::default(),
            most,
            ticks: AtomicU64::new(1),
        }
    }

    /// The case with this id, if it is here.
    pub fn get(&self, id: &str) -> Option<Arc<Case>> {
        let kept = self.kept.read().ok()?;
        let one = kept.get(id)?;
        one.used.store(
            self.ticks.fetch_add(1, Ordering::Relaxed),
            Ordering::Relaxed,
        );
        Some(one.case.clone())
    }

    /// Keeps a case, unless a newer state of it is here already: whoever read it may have been overtaken by a writer.
    pub fn put(&self, case: Arc<Case>) {
        let used = AtomicU64::new(self.ticks.fetch_add(1, Ordering::Relaxed));
        let Ok(mut kept) = self.kept.write() else {
            return;
        };
        if self.barred.read().is_ok_and(|b| b.contains(&case.id)) {
            return;
        }
        match kept.get(&case.id) {
            Some(there) if there.case.version() > case.version() => return,
            Some(_) => {}
            None if kept.len() >= self.most => {
                let oldest = kept
                    .iter()
                    .min_by_key(|(_, k)| k.used.load(Ordering::Relaxed))
                    .map(|(id, _)| id.clone());
                oldest.and_then(|id| kept.remove(&id));
            }
            None => {}
        }
        kept.insert(case.id.clone(), Kept { case, used });
    }

    /// Forgets a case for good: it was erased.
    pub fn bar(&self, id: &str) {
        if let Ok(mut barred) = self.barred.write() {
            barred.insert(id.to_owned());
        }
        self.forget(id);
    }

    /// Forgets a case, so that the next reader takes it from the record.
    pub fn forget(&self, id: &str) {
        if let Ok(mut kept) = self.kept.write() {
            kept.remove(id);
        }
    }
}
