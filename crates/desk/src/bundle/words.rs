//! What a bundle says of itself: a page to begin with, and how to check it without the people who made it.

/// The file to open first.
pub(super) fn read_me(
    partnership: &str,
    reference: &str,
    made: &str,
    size: u64,
    names: bool,
) -> String {
    let names = match names {
        true => {
            "The entries show names of children and adults: whoever made this had them turned on.\r\n"
        }
        false => {
            "Entries that hold the name of a child or an adult are withheld.\r\nWhat people wrote in their own words elsewhere may still name someone.\r\n"
        }
    };
    format!(
        "OFFICIAL-SENSITIVE\r\n\r\n\
         THE RECORD OF THE CASE {reference}\r\n\
         {partnership}\r\n\
         Made {made}, from a record of {size} entries.\r\n\r\n\
         What is in it\r\n\
         \x20 documents/decision-record.pdf   the decision with everything behind it, with pseudonyms\r\n\
         \x20 documents/story.pdf             every entry in the order in which it was recorded, with pseudonyms\r\n\
         \x20 entries.jsonl                   the entries themselves, each with the proof of its place in the record\r\n\
         \x20 checkpoint.txt                  the signed state of the record, as witnesses hold it too\r\n\
         \x20 log-key.txt                     the public key it is signed with\r\n\
         \x20 manifest.json, manifest.note    the list of all this, and the signature over it\r\n\
         \x20 how-to-check.html               how to check it\r\n\r\n\
         {names}\
         An entry that is withheld or destroyed still stands in its place, with its hash: nothing was left out unseen.\r\n\
         Documents that were added to the case as files are not in this bundle; the entries name them and their hashes.\r\n\r\n\
         Keep it as the record of a child is kept, and pass it on to nobody who has no part in this case.\r\n"
    )
}

/// The page of instructions; it stands alone and loads nothing.
pub(super) fn how_to_check(keys: &str) -> String {
    let keys: String = keys
        .lines()
        .map(|key| format!("<p><code>{}</code></p>\n", plain(key)))
        .collect();
    format!(
        r#"<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>How to check this evidence bundle</title>
<style>
body {{ font: 1.1rem/1.5 sans-serif; color: #0b0c0c; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; }}
code {{ background: #f3f2f1; padding: 0 .2em; overflow-wrap: anywhere; }}
</style>
</head>
<body>
<main>
<h1>How to check this evidence bundle</h1>
<p>The check works without a network and without the people who made the bundle. It shows that every entry in it stood in the record at the place it says, that none of this case was left out, and that no file was changed afterwards.</p>
<h2>1. Compare the key</h2>
<p>The record is signed with this key. Compare it with one you have from elsewhere: on an earlier paper, or from a witness who holds checkpoints. A key that came only with the bundle shows that the bundle fits together, and not whose it is.</p>
{keys}<p>Put the key you have from elsewhere into a text file, here called <code>key.txt</code>.</p>
<h2>2. Check the bundle</h2>
<p>With Candour:</p>
<p><code>candour bundle-verify BUNDLE.zip --key key.txt</code></p>
<p>Or with the second checker, which shares no code with Candour and needs Python 3.9 or later with PyNaCl:</p>
<p><code>python3 tools/verify/verify.py bundle BUNDLE.zip --key key.txt</code></p>
<p>Both end with 0 when everything holds, with 1 when something does not, naming the first entry or file that is wrong, and with 2 when nothing could be checked.</p>
<h2>3. Compare with a witness</h2>
<p>Witnesses outside the partnership’s server hold earlier checkpoints. Where the bundle lists an earlier checkpoint, the check has shown that the record continued it: compare that text, letter by letter, with what the witness holds. It stands in <code>manifest.json</code> under <code>earlier</code>, and on the last page of the decision record.</p>
<h2>What the check does not show</h2>
<p>It does not show that what was written down is so, only that it was written down then and not changed since. Entries that are withheld or were destroyed show that they are there, not what they say.</p>
</main>
</body>
</html>
"#
    )
}

/// Text as it stands in HTML.
fn plain(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
