"""Verifier keys, signed notes and checkpoints: docs/record-format.md, in Python."""

import base64
import os
import re

from form import Broken, NotChecked, sha256, sodium, strict_base64

MOST_SIGNATURES = 100

def is_name(text):
    return bool(text) and not any(c.isspace() or c == "+" or ord(c) < 32 or 127 <= ord(c) < 160 for c in text)


def key_id(name, public):
    return sha256(name.encode() + b"\n\x01" + public)[:4]


def read_key(text):
    """(name, id, public key) of a verifier key."""
    parts = text.split("+", 2)
    if len(parts) != 3 or not is_name(parts[0]):
        raise NotChecked(f"`{text}` is not a verifier key: name+id+base64")
    try:
        data = strict_base64(parts[2], "")
    except Broken:
        raise NotChecked(f"the last part of the key `{text}` is not base64") from None
    if len(data) != 33 or data[0] != 1:
        raise NotChecked(f"the key `{text}` is not of the kind Ed25519")
    if key_id(parts[0], data[1:]).hex() != parts[1]:
        raise NotChecked(f"the id of the key `{text}` does not fit its name and public key")
    return parts[0], bytes.fromhex(parts[1]), data[1:]


def read_keys(given):
    keys = []
    for text in given:
        lines = [text]
        if os.path.isfile(text):
            with open(text, encoding="utf-8") as file:
                lines = [line.strip() for line in file if line.strip()]
        keys += map(read_key, lines)
    return keys


def parse_note(note):
    """The text of a signed note and its signatures: (name, id, signature)."""
    if any(ord(c) < 32 and c != "\n" for c in note):
        raise Broken(None, "a signed note has a control character in it")
    at = note.rfind("\n\n")
    if at < 0 or not note.endswith("\n") or at + 2 >= len(note):
        raise Broken(None, "a signed note has no text, no empty line or no signature")
    lines = note[at + 2:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise Broken(None, "a signed note has too many signatures")
    signatures = []
    for line in lines:
        why = f"`{line}` is not a signature: an em dash, a name and base64"
        parts = line.split(" ", 2)
        if len(parts) != 3 or parts[0] != "\u2014" or not is_name(parts[1]):
            raise Broken(None, why)
        data = strict_base64(parts[2], why)
        if len(data) < 5:
            raise Broken(None, why)
        signatures.append((parts[1], data[:4], data[4:]))
    return note[:at + 1], signatures


def open_note(note, keys):
    """The text of a signed note and the names of those among the keys that signed it."""
    text, signatures = parse_note(note)
    signers = set()
    for name, ident, signature in signatures:
        for known, known_id, public in keys:
            if (name, ident) == (known, known_id):
                if len(signature) != 64 or not fits(public, signature, text.encode()):
                    raise Broken(None, f"the signature of `{name}` does not fit the text; one of them has been altered")
                signers.add(name)
                break
    if not signers:
        raise Broken(None, "no signature of the note is by a key that is known here")
    return text, signers


def fits(public, signature, message):
    bindings = sodium()
    try:
        bindings.crypto_sign_open(signature + message, public)
        return True
    except Exception as error:  # Each version of the package has its own class for this.
        if type(error).__name__ in ("BadSignatureError", "CryptoError"):
            return False
        raise


def parse_checkpoint(text):
    """(origin, size, root) of the text of a checkpoint."""
    lines = text[:-1].split("\n")
    if not text.endswith("\n") or len(lines) < 3 or not all(lines) or any(ord(c) < 32 for line in lines for c in line):
        raise Broken(None, "a checkpoint does not have three lines with something in them")
    if not re.fullmatch(r"0|[1-9][0-9]{0,19}", lines[1], re.ASCII) or int(lines[1]) >= 1 << 64:
        raise Broken(None, "the second line of a checkpoint is not a number of entries")
    root = strict_base64(lines[2], "the third line of a checkpoint is not a hash in base64")
    if len(root) != 32:
        raise Broken(None, "the third line of a checkpoint is not a hash in base64")
    return lines[0], int(lines[1]), root


def open_checkpoint(note, keys):
    """(origin, size, root) of a checkpoint signed by the log it is of."""
    text, signers = open_note(note, keys)
    checkpoint = parse_checkpoint(text)
    if checkpoint[0] not in signers:
        raise Broken(None, f"the checkpoint of the log `{checkpoint[0]}` is signed only by others")
    return checkpoint
