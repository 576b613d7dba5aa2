//! Times of day as people write them: `14:05`, `2.05pm`, `1405 hrs`, `9am`, `noon`.

use jiff::civil::Time;

use crate::dates::Unreadable;

const EXPECTED: &str = "a time like 14:05, 2.05pm or 1405 hrs is expected";

/// Reads a time of day, to the second.
///
/// # Errors
/// What was seen, and what is expected instead.
pub fn read(text: &str) -> Result<Time, Unreadable> {
    let wrong = || Unreadable::new(text, EXPECTED);
    let mut plain = [0_u8; 16];
    let mut length = 0;
    for b in text.bytes().filter(|b| !b.is_ascii_whitespace()) {
        *plain.get_mut(length).ok_or_else(wrong)? = b.to_ascii_lowercase();
        length += 1;
    }
    let plain = std::str::from_utf8(&plain[..length]).map_err(|_| wrong())?;
    match plain {
        "noon" | "midday" | "12noon" => return Time::new(12, 0, 0, 0).map_err(|_| wrong()),
        "midnight" => return Time::new(0, 0, 0, 0).map_err(|_| wrong()),
        _ => {}
    }
    let (plain, half) = half_of_day(plain);
    let hours_said = ["hours", "hrs", "hr", "h"]
        .iter()
        .find_map(|end| plain.strip_suffix(end));
    let number = hours_said.unwrap_or(plain).trim_end_matches('.');
    let mut parts = [0_i8; 3];
    let said = split(number, &mut parts).ok_or_else(wrong)?;
    // A bare number is a time only where something says so.
    if said == 1 && half.is_none() && hours_said.is_none() {
        return Err(wrong());
    }
    let [hour, minute, second] = parts;
    let hour = match half {
        None => hour,
        Some(afternoon) if (1..=12).contains(&hour) => hour % 12 + if afternoon { 12 } else { 0 },
        // "14:05pm" says the same twice.
        Some(true) if (13..24).contains(&hour) => hour,
        Some(_) => return Err(wrong()),
    };
    Time::new(hour, minute, second, 0).map_err(|_| wrong())
}

/// Whether morning or afternoon is said; `true` for the afternoon.
fn half_of_day(text: &str) -> (&str, Option<bool>) {
    for (end, afternoon) in [
        ("am", false),
        ("a.m.", false),
        ("a.m", false),
        ("pm", true),
        ("p.m.", true),
        ("p.m", true),
    ] {
        if let Some(rest) = text.strip_suffix(end) {
            return (rest, Some(afternoon));
        }
    }
    (text, None)
}

/// Hours, minutes and seconds, and how many of them were said.
fn split(number: &str, parts: &mut [i8; 3]) -> Option<usize> {
    let digits = |t: &str| {
        (!t.is_empty() && t.len() <= 2 && t.bytes().all(|b| b.is_ascii_digit()))
            .then(|| t.parse().ok())?
    };
    if (number.len() == 4 || number.len() == 3) && number.bytes().all(|b| b.is_ascii_digit()) {
        let (hour, minute) = number.split_at(number.len() - 2);
        parts[0] = digits(hour)?;
        parts[1] = digits(minute)?;
        return Some(if number.len() == 4 { 2 } else { 1 });
    }
    let mut said = 0;
    for part in number.split([':', '.', ';']) {
        *parts.get_mut(said)? = digits(part)?;
        said += 1;
    }
    Some(said)
}
