//! Random people of several partnerships read and write random cases through the desk, as many times as one likes;
//! what they get is held against an account of who sees what that is kept beside it in plain words and shares no code with it.
//! 20,000 operations in every run; a million with `CANDOUR_ISOLATION_OPERATIONS=1000000` (docs/security-tests.md).

mod account;
mod operations;
mod partnership;

use std::time::Instant;

use partnership::Partnership;

type Wrong = Box<dyn std::error::Error>;

/// Numbers that look random and are the same in every run with the same seed (splitmix64).
struct Dice(u64);

impl Dice {
    fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `sides`.
    fn below(&mut self, sides: usize) -> usize {
        let sides = u64::try_from(sides.max(1)).unwrap_or(u64::MAX);
        usize::try_from(self.next() % sides).unwrap_or_default()
    }

    /// True once in so many times.
    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of a list.
    fn one_of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

/// How often what was done, so that a run that does nothing is seen.
#[derive(Debug, Default)]
struct Counted {
    read: u64,
    kept_out: u64,
    lists: u64,
    from_elsewhere: u64,
    written: u64,
    write_refused: u64,
    contents_searched: u64,
    steps_back: u64,
    openings: u64,
    bars: u64,
    leavers: u64,
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(otherwise)
}

#[tokio::test]
async fn no_random_operation_reads_a_case_or_a_partnership_that_is_not_theirs() -> Result<(), Wrong>
{
    let operations = number("CANDOUR_ISOLATION_OPERATIONS", 20_000);
    let seed = number("CANDOUR_ISOLATION_SEED", 5);
    let mut dice = Dice::new(seed);
    let mut all = Vec::new();
    for area in ["Merrowshire", "Tilbrook", "Ashwold"] {
        all.push(Partnership::new(area).await?);
    }
    let (mut counted, begun) = (Counted::default(), Instant::now());
    for n in 0..operations {
        operations::one(&mut all, &mut dice, &mut counted)
            .await
            .map_err(|e| format!("operation {n} with seed {seed}: {e}"))?;
    }
    println!(
        "{operations} operations with seed {seed} in {:.0} s: {counted:?}",
        begun.elapsed().as_secs_f64()
    );
    // Both answers were seen often, and what changes them happened.
    assert!(counted.read > operations / 20 && counted.kept_out > operations / 20);
    assert!(counted.from_elsewhere > operations / 40 && counted.lists > operations / 40);
    assert!(counted.written > 0 && counted.write_refused > 0 && counted.contents_searched > 0);
    assert!(counted.steps_back > 0 && counted.openings > 0 && counted.bars > 0);
    assert!(counted.leavers > 0);
    Ok(())
}
