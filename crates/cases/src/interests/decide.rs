//! What may be declared and decided about an interest: nobody decides about their own, and whoever runs the case hands it over
//! before they step back from all of it.

use std::collections::BTreeSet;

use super::{Answer, Command, Declared, Event, Outcome, Scope};
use crate::Case;
use crate::context::{Context, Refusal, required};

/// Decides a command of this stage.
///
/// # Errors
/// A [`Refusal`] names the field to correct.
pub fn decide(case: &Case, command: Command, ctx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    match command {
        Command::Declare(declared) => {
            let own = Declared {
                person: ctx.by.person.clone(),
                name: ctx.by.name.clone(),
                acts_as: ctx.by.part.clone(),
                seat: declared
                    .seat
                    .clone()
                    .or_else(|| ctx.authorities.first().map(|a| a.seat.clone())),
                ..declared
            };
            declare(own, ctx)
        }
        Command::DeclareFor(declared) => {
            if !case.members.list.contains_key(&declared.person) {
                return Err(Refusal::field(
                    "person",
                    "Choose someone who takes part in this case",
                ));
            }
            declare(declared, ctx)
        }
        Command::Decide(answer) => answered(case, answer, ctx),
    }
}

fn declare(declared: Declared, ctx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    required("words", &declared.words, "Enter what the interest is")?;
    required(
        "since",
        &declared.since,
        "Enter since when, like \u{201c}since 2019\u{201d} or \u{201c}from 2014 to 2016\u{201d}",
    )?;
    Ok(vec![Event::InterestDeclared(Declared {
        id: ctx.fresh.to_owned(),
        ..declared
    })])
}

fn answered(case: &Case, answer: Answer, ctx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let Some(interest) = case.interests.find(&answer.interest) else {
        return Err(Refusal::because("there is no such interest in this case"));
    };
    let person = &interest.declared.person;
    if *person == ctx.by.person {
        return Err(Refusal::because(
            "nobody decides about an interest of their own: someone else who may decide does",
        ));
    }
    let from: BTreeSet<Scope> = match answer.outcome {
        // Whoever steps back from everything steps back from each part.
        Outcome::StepsBack if answer.from.contains(&Scope::Everything) => {
            BTreeSet::from([Scope::Everything])
        }
        Outcome::StepsBack => answer.from,
        Outcome::NoConflict | Outcome::TakesPart => BTreeSet::new(),
    };
    if answer.outcome == Outcome::StepsBack && from.is_empty() {
        return Err(Refusal::field(
            "from",
            "Choose the parts of the case from which this person steps back",
        ));
    }
    if from.contains(&Scope::Everything) && case.members.owner.as_ref() == Some(person) {
        return Err(Refusal::field(
            "from",
            "This person runs the case: hand the case over first, then they can step back from all of it",
        ));
    }
    let stated = match answer.outcome {
        Outcome::TakesPart => {
            required(
                "stated",
                &answer.stated,
                "Enter how the interest is stated, without names of the child or the family",
            )?;
            answer.stated
        }
        Outcome::NoConflict | Outcome::StepsBack => String::new(),
    };
    required("why", &answer.why, "Enter why this was decided")?;
    Ok(vec![Event::InterestDecided(Answer {
        from,
        stated,
        on: ctx.today,
        ..answer
    })])
}
