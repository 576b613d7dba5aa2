"""The check of an evidence bundle, a folder or a zip archive: docs/record-format.md, in Python."""

import base64
import json
import os
import re
import struct
import zipfile

from form import Broken, NotChecked, continues, entry_hash, root_by_inclusion, sha256, sodium, strict_base64
from notes import open_checkpoint, open_note, read_key, read_keys
from passkey import check_signature

ENTRY_TYPES = {"partnership": str, "position": int, "stream": str, "number": int, "kind": str, "version": int, "at": str,
               "actor": str, "key_id": str, "nonce": str, "content_hash": str, "previous": str}
LINE_TYPES = {"entry": dict, "hash": str, "proof": list, "content": dict}
MANIFEST_TYPES = {"format": str, "partnership": str, "title": str, "made_at": str, "made_by": str, "key": str,
                  "checkpoint": str, "earlier": list, "entries": dict, "streams": list, "documents": list}
SHOWN_TYPES = {"clear": {"text": str, "key": str}, "bytes": {"base64": str, "key": str},
               "withheld": {"why": str}, "destroyed": {"why": str}}


def no_duplicates(pairs):
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is there twice")
    return found


def strict_json(data):
    def refuse(value):
        raise ValueError(f"{value} is not a number that can stand there")
    def whole(digits):
        return refuse(digits) if digits.startswith("-") else int(digits)
    return json.loads(data.decode(), object_pairs_hook=no_duplicates, parse_constant=refuse, parse_int=whole)


def shaped(value, types, what):
    """The object, if it has exactly these members of these types; whole numbers fit 64 bits."""
    if not isinstance(value, dict) or set(value) != set(types):
        raise ValueError(f"{what} does not have the members {', '.join(types)}")
    for name, kind in types.items():
        found = value[name]
        if type(found) is not kind or (kind is int and not 0 <= found < 1 << 64):
            raise ValueError(f"`{name}` of {what} is of another kind")
        if kind is str:
            found.encode()
    return value


def unhex(text, length, what):
    if not isinstance(text, str) or not re.fullmatch("[0-9a-f]{%d}" % (length * 2), text):
        raise ValueError(f"{what} is not {length * 2} digits from 0-9 and a-f")
    return bytes.fromhex(text)


def read_bundle(path):
    """Every file of a folder or a zip archive, by its path within it."""
    files = {}
    if os.path.isdir(path):
        for folder, _, names in os.walk(path):
            for name in names:
                full = os.path.join(folder, name)
                with open(full, "rb") as file:
                    files[os.path.relpath(full, path).replace(os.sep, "/")] = file.read()
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                if info.is_dir():
                    continue
                if info.filename in files:
                    raise Broken(None, f"the file `{info.filename}` is in the archive twice")
                files[info.filename] = archive.read(info)
    else:
        raise NotChecked(f"`{path}` is neither a folder nor a zip archive")
    for name in ("manifest.json", "manifest.note", "entries.jsonl"):
        if name not in files:
            raise Broken(None, f"the file `{name}` is missing")
    return files


def is_plain(path):
    parts = path.split("/")
    return not re.search(r"[\\:\x00-\x1f\x7f-\x9f]", path) and all(part not in ("", ".", "..") for part in parts)


def check_files(files, manifest):
    entries = shaped(manifest["entries"], {"count": int, "sha256": str}, "`entries`")
    if sha256(files["entries.jsonl"]) != unhex(entries["sha256"], 32, "the hash of entries.jsonl"):
        raise Broken(None, "the file `entries.jsonl` has been altered")
    rest = set(files) - {"manifest.json", "manifest.note", "entries.jsonl"}
    for listed in manifest["documents"]:
        listed = shaped(listed, {"path": str, "title": str, "bytes": int, "sha256": str}, "a document")
        path = listed["path"]
        if not is_plain(path):
            raise Broken(None, f"the name of the file `{path}` leads out of the bundle")
        if path not in rest:
            raise Broken(None, f"the file `{path}` is listed and missing, or listed twice")
        rest.remove(path)
        if (len(files[path]), sha256(files[path])) != (listed["bytes"], unhex(listed["sha256"], 32, "a hash")):
            raise Broken(None, f"the file `{path}` has been altered")
    if rest:
        raise Broken(None, f"the file `{min(rest)}` is not listed in the manifest")


def entry_of_json(fields):
    entry = dict(shaped(fields, ENTRY_TYPES, "an entry"))
    if entry["version"] > 65535:
        raise ValueError("the version of the kind is too large")
    for name in ("content_hash", "previous"):
        entry[name] = unhex(entry[name], 32, f"`{name}`")
    return entry


def check_content(entry, content, position):
    """Seals the words shown once more and compares; answers whether there were any."""
    (kind, shown), = content.items()
    if kind in ("withheld", "destroyed"):
        return False
    try:
        clear = shown["text"].encode() if kind == "clear" else strict_base64(shown["base64"], "")
        key = unhex(shown["key"], 32, "the key")
    except (Broken, ValueError):
        raise Broken(position, "the key or the bytes beside its content cannot be read") from None
    committed = "sha256:" + sha256(b"candour-content-key/1\x00" + key).hex()
    if entry["key_id"].startswith("sha256:") and entry["key_id"] != committed:
        raise Broken(position, "the key beside its content is not the key of this entry")
    fields = (b"candour-content/1", entry["partnership"].encode(), entry["stream"].encode(),
              struct.pack(">Q", entry["number"]), entry["kind"].encode())
    bound = b"".join(struct.pack(">Q", len(value)) + value for value in fields)
    sealed = sodium().crypto_aead_xchacha20poly1305_ietf_encrypt(clear, bound, entry["nonce"], key)
    if sha256(sealed) != entry["content_hash"]:
        raise Broken(position, "the content shown is not the content that was sealed")
    return True


def read_lines(data, manifest):
    lines = data.split(b"\n")
    if lines.pop():
        raise Broken(None, "the last line of entries.jsonl does not end")
    if len(lines) != manifest["entries"]["count"]:
        raise Broken(None, f"the manifest says that there are {manifest['entries']['count']} entries; there are {len(lines)}")
    found = []
    for at, line in enumerate(lines, 1):
        try:
            shown = shaped(strict_json(line), LINE_TYPES, "an entry")
            content = shown["content"]
            if len(content) != 1 or next(iter(content)) not in SHOWN_TYPES:
                raise ValueError("the content is of no kind known here")
            (kind, members), = content.items()
            shaped(members, SHOWN_TYPES[kind], "the content")
            shown["entry"] = entry_of_json(shown["entry"])
            shown["hash"] = unhex(shown["hash"], 32, "the hash")
            shown["proof"] = [unhex(value, 32, "a hash of the proof") for value in shown["proof"]]
        except ValueError as error:
            raise Broken(None, f"line {at} of entries.jsonl: {error}") from None
        found.append(shown)
    return found


def check_entries(found, manifest, checkpoint):
    numbers, before, in_clear = {}, None, 0
    passkeys = {True: 0, False: 0, None: 0}
    streams = [shaped(line, {"stream": str, "entries": int}, "a stream") for line in manifest["streams"]]
    whole = {line["stream"] for line in streams}
    for shown in found:
        entry, position = shown["entry"], shown["entry"]["position"]
        try:
            entry["nonce"] = unhex(entry["nonce"], 24, "its nonce")
        except ValueError as error:
            raise Broken(position, str(error)) from None
        if entry_hash(entry) != shown["hash"]:
            raise Broken(position, "its fields do not match its hash; one of them has been altered")
        inside = 1 <= position <= checkpoint[1]
        if not inside or root_by_inclusion(shown["hash"], position - 1, checkpoint[1], shown["proof"]) != checkpoint[2]:
            raise Broken(position, f"it is not entry {position} of the log the checkpoint was signed for")
        in_clear += check_content(entry, shown["content"], position)
        if entry["kind"] == "decision.signed" and "clear" in shown["content"]:
            passkeys[check_signature(shown["content"]["clear"]["text"], position)] += 1
        if entry["partnership"] != manifest["partnership"]:
            raise Broken(position, f"it belongs to the partnership `{entry['partnership']}`")
        if before:
            if before["entry"]["position"] >= position:
                raise Broken(position, "it is repeated or out of order")
            if before["entry"]["position"] + 1 == position and entry["previous"] != before["hash"]:
                raise Broken(position, "it does not follow from the entry before it")
        expected = numbers.get(entry["stream"], 0) + 1
        if entry["number"] < expected or (entry["stream"] in whole and entry["number"] != expected):
            raise Broken(position, f"it says it is number {entry['number']} of the stream `{entry['stream']}`;"
                                   f" number {expected} was expected")
        numbers[entry["stream"]], before = entry["number"], shown
    for line in streams:
        if numbers.get(line["stream"], 0) != line["entries"]:
            raise Broken(None, f"the manifest says that all {line['entries']} entries of the stream `{line['stream']}`"
                               f" are in the bundle; {numbers.get(line['stream'], 0)} are")
    return in_clear, passkeys


def check_manifest(files, keys):
    """The manifest, its signature and its checkpoints."""
    manifest = shaped(strict_json(files["manifest.json"]), MANIFEST_TYPES, "manifest.json")
    if manifest["format"] != "candour-bundle/1":
        raise Broken(None, f"the format of the bundle is `{manifest['format']}`, expected `candour-bundle/1`")
    if not keys:
        try:
            keys = [read_key(manifest["key"])]
        except NotChecked as error:
            raise Broken(None, str(error)) from None
    checkpoint = open_checkpoint(manifest["checkpoint"], keys)
    text, signers = open_note(files["manifest.note"].decode(), keys)
    digest = base64.b64encode(sha256(files["manifest.json"])).decode()
    if text != f"{checkpoint[0]}\ncandour-bundle/1\n{digest}\n" or checkpoint[0] not in signers:
        raise Broken(None, "manifest.note was signed for another manifest.json; one of them has been altered")
    check_files(files, manifest)
    for earlier in manifest["earlier"]:
        earlier = shaped(earlier, {"checkpoint": str, "proof": list}, "an earlier checkpoint")
        origin, size, root = open_checkpoint(earlier["checkpoint"], keys)
        proof = [unhex(value, 32, "a hash of a proof") for value in earlier["proof"]]
        if origin != checkpoint[0] or not continues(size, root, checkpoint[1], checkpoint[2], proof):
            raise Broken(None, f"this log does not begin with that of the checkpoint of {size} entries")
    return manifest, checkpoint


def check_bundle(arguments):
    keys = read_keys(arguments.key)
    files = read_bundle(arguments.bundle)
    try:
        manifest, checkpoint = check_manifest(files, keys)
        found = read_lines(files["entries.jsonl"], manifest)
        in_clear, passkeys = check_entries(found, manifest, checkpoint)
    except (ValueError, RecursionError) as error:
        raise Broken(None, f"the bundle cannot be read ({error})") from None
    print(f"sound: {len(found)} entries, {in_clear} of them in clear, {len(manifest['documents'])} documents,"
          f" in the log of {checkpoint[1]} entries with the root {checkpoint[2].hex()}")
    if passkeys[True]:
        print(f"Signatures made with a passkey, each over its exact text: {passkeys[True]}.")
    if passkeys[None]:
        print(f"Not checked: {passkeys[None]} signatures of P-256 passkeys, because python3-cryptography is not installed.")
    if not keys:
        print("The key came with the bundle: compare it with one you have from elsewhere, or give that with --key.")
        print(manifest["key"])
