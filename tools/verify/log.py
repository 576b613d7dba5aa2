"""The check of a log as it lies in a database, and of checkpoints against it: docs/record-format.md, in Python."""

import os
import sqlite3
import struct
import urllib.parse

from form import FIELDS, ZEROS, Broken, Frontier, NotChecked, entry_hash, is_time, sha256
from notes import open_checkpoint, parse_checkpoint, parse_note, read_key, read_keys

COLUMNS = ("e.partnership, e.position, e.stream, e.number, e.kind, e.kind_version, e.recorded_at, e.actor, e.key_id,"
           " e.nonce, e.content_hash, e.previous, e.hash, e.sealed, k.wrapped, d.destroyed_at")
ROWS = (f"SELECT {COLUMNS} FROM entry e LEFT JOIN entry_key k"
        " ON k.partnership = e.partnership AND k.position = e.position AND k.key_id = e.key_id"
        " LEFT JOIN destroyed_key d ON d.key_id = e.key_id WHERE e.partnership = ? AND e.position > ?"
        " ORDER BY e.position LIMIT ?")
ALL = -1
# What stands before the tables of a layout before 11, under the names and with the columns of this one.
KEYS = ("CREATE TEMP VIEW entry_key AS SELECT e.partnership, e.position, k.key_id, k.wrapped"
        " FROM main.entry e JOIN main.entry_key k ON k.key_id = e.key_id")
HEADS = ("CREATE TEMP VIEW log_head AS SELECT h.partnership, h.position, h.hash, {edge} AS edge FROM main.log_head h")
EDGE = "(SELECT t.frontier FROM main.tree_head t WHERE t.partnership = h.partnership)"
# A wrapped key: its nonce, the key, the tag.
WRAPPED = 24 + 32 + 16


class Text(bytes):
    """What the database holds as text, told apart from what it holds as bytes."""


def open_database(path):
    if not os.path.isfile(path):
        raise NotChecked(f"there is no file `{path}`")
    wal = path + "-wal"
    mode = "mode=ro" if os.path.exists(wal) and os.path.getsize(wal) else "mode=ro&immutable=1"
    database = sqlite3.connect(f"file:{urllib.parse.quote(os.path.abspath(path))}?{mode}", uri=True)
    database.text_factory = Text
    return database


def read_as_this_layout(database):
    columns = {row[1] for row in database.execute("PRAGMA main.table_info(entry_key)")}
    if columns and b"position" not in columns and "position" not in columns:
        database.execute(KEYS)
        database.execute(HEADS.format(edge=EDGE if "tree_head" in tables_of(database) else "NULL"))


def text_of(value, what):
    try:
        if isinstance(value, Text):
            return value.decode()
    except UnicodeDecodeError:
        pass
    raise ValueError(f"its {what} is not text")


def count_of(value, what, most=(1 << 63) - 1):
    if isinstance(value, int) and 0 <= value <= most:
        return value
    raise ValueError(f"its {what} is not a number that can stand there")


def bytes_of(value, what, length=None):
    if type(value) is bytes and length in (None, len(value)):
        return value
    raise ValueError(f"its {what} has another length or kind")


def entry_of_row(row):
    values = [text_of(row[0], "partnership"), count_of(row[1], "position"), text_of(row[2], "stream"),
              count_of(row[3], "number"), text_of(row[4], "kind"), count_of(row[5], "version of its kind", 65535),
              text_of(row[6], "time"), text_of(row[7], "actor"), text_of(row[8], "key id"),
              bytes_of(row[9], "nonce", 24), bytes_of(row[10], "content hash", 32), bytes_of(row[11], "previous", 32)]
    return dict(zip(FIELDS, values)), bytes_of(row[12], "hash", 32), bytes_of(row[13], "sealed content")


def tables_of(database):
    return {name.decode() for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def partnerships_of(database, wanted):
    """The partnerships that have a head, and any others that have entries; those are looked at last, since damage makes them."""
    if wanted:
        return [wanted.encode()], []
    heads = [name for (name,) in database.execute("SELECT partnership FROM log_head ORDER BY partnership")]
    found = [name for (name,) in database.execute("SELECT DISTINCT partnership FROM entry ORDER BY partnership")]
    return heads, [name for name in found if name not in heads]


class Log:
    """The check of one partnership's log, entry by entry."""

    def __init__(self, partnership, checkpoints):
        self.partnership, self.last, self.numbers = partnership, ZEROS, {}
        self.tree = Frontier()
        self.checkpoints = sorted(checkpoints, key=lambda checkpoint: checkpoint[1])
        self.compared, self.proven = 0, 0

    def push(self, entry, kept, sealed):
        self.compare()
        position = self.tree.size + 1
        stream = entry["stream"]
        number = self.numbers.get(stream, 0) + 1
        checks = (
            (entry["position"] == position,
             f"the entry found there says it is entry {entry['position']}; an entry is missing, repeated or out of order"),
            (entry["partnership"] == self.partnership, "it belongs to another partnership"),
            (entry["number"] == number,
             f"it says it is number {entry['number']} of the stream `{stream}`; number {number} was expected"),
            (entry["previous"] == self.last, "it does not follow from the entry before it"),
            (is_time(entry["at"]), "its time is not a time"),
            (entry_hash(entry) == kept, "its bytes do not match its hash; it has been altered"),
            (sha256(sealed) == entry["content_hash"], "its sealed content does not match its hash; it has been altered"),
        )
        for holds, why in checks:
            if not holds:
                raise Broken(position, why)
        self.last, self.numbers[stream] = kept, number
        self.tree.push(kept)

    def compare(self):
        size = self.tree.size
        while self.compared < len(self.checkpoints) and self.checkpoints[self.compared][1] == size:
            if self.checkpoints[self.compared][2] != self.tree.root():
                first = self.proven + 1
                raise Broken(first, f"the log was another when a checkpoint of {size} entries was signed;"
                                    f" what was rewritten is among the entries {first} to {size}")
            self.compared, self.proven = self.compared + 1, size

    def finish(self):
        self.compare()
        if self.compared < len(self.checkpoints):
            raise Broken(self.tree.size + 1, "the log ends before it, but a checkpoint was signed when the log had"
                                             f" {self.checkpoints[self.compared][1]} entries; its end is missing")


def rows_of(database, name, log):
    """The rows in order. Where one cannot be read, the rest is read one by one, so that the first such row is the one named."""
    try:
        yield from database.execute(ROWS, (name, 0, ALL))
        return
    except sqlite3.Error:
        pass
    while True:
        row = database.execute(ROWS, (name, log.tree.size, 1)).fetchone()
        if row is None:
            return
        yield row


def read_rows(database, name, log):
    rows = rows_of(database, name, log)
    while True:
        position = log.tree.size + 1
        try:
            row = next(rows, None)
            if row is None:
                return
            entry, kept, sealed = entry_of_row(row)
            if row[14] is not None:
                bytes_of(row[14], "wrapped key", WRAPPED)
        except (sqlite3.Error, ValueError) as error:
            log.compare()
            raise Broken(position, f"it cannot be read ({error})") from None
        log.push(entry, kept, sealed)
        if row[14] is not None and row[15] is not None:
            raise Broken(position, "its key is said to be destroyed and is still there")
        if row[14] is None and row[15] is None:
            raise Broken(position, "its key is missing, and no destruction of it is written down")


def check_heads(database, name, log):
    """What is kept beside the log of how far it has come."""
    size = log.tree.size
    head = database.execute("SELECT position, hash FROM log_head WHERE partnership = ?", (name,)).fetchone()
    if (head or (0, ZEROS)) != (size, log.last):
        raise Broken(size + 1, f"the log ends at entry {size}, but its kept head is another")


def check_kept_tree(database, name, log):
    """The hashes of complete subtrees kept so that proofs are quick."""
    edge = struct.pack(">Q", log.tree.size) + b"".join(log.tree.subtrees)
    kept = database.execute("SELECT edge FROM log_head WHERE partnership = ?", (name,)).fetchone()
    if kept and kept[0] is not None and kept[0] != edge:
        raise Broken(log.tree.size + 1, "the kept edge of the tree is another")
    if "tree_node" not in tables_of(database):
        return
    kept = {(level, place): value for level, place, value in database.execute(
        "SELECT level, place, hash FROM tree_node WHERE partnership = ?", (name,))}
    for (level, place), value in sorted(log.tree.kept.items()):
        if kept.pop((level, place), None) != value:
            raise Broken((place + 1) << level, f"the hash kept for the subtree {place} at level {level} is another")
    if kept:
        raise Broken(None, "the hash of a subtree is kept that the log does not have")


def kept_checkpoints(database, name, keys):
    """The checkpoints in the database, checked with the keys given and those kept beside them."""
    if "checkpoint" not in tables_of(database):
        return []
    known = [text_of(key, "key") for (key,) in database.execute(
        "SELECT verifier FROM log_key WHERE partnership = ? ORDER BY number", (name,))]
    try:
        known = keys + [read_key(key) for key in known]
    except NotChecked as error:
        raise Broken(None, f"a key of the log is damaged: {error}") from None
    rows = database.execute("SELECT size, note FROM checkpoint WHERE partnership = ? ORDER BY size", (name,)).fetchall()
    found = []
    for size, note in rows:
        if not known:
            raise Broken(None, "there are checkpoints, but no key of the log they were signed with")
        checkpoint = open_checkpoint(text_of(note, "note"), known)
        if checkpoint[1] != size:
            raise Broken(None, f"the checkpoint kept for {size} entries is of {checkpoint[1]}")
        found.append(checkpoint)
    return found


def bytes_or_text(value):
    """Text comes as bytes from this connection, so that none is decoded unseen."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def check_indexes(database):
    """The rows are read in the order of the log; pages read them by other indexes, which have to agree with the tables."""
    said = database.execute("PRAGMA integrity_check(1)").fetchone()
    first = bytes_or_text(said[0]) if said else ""
    if first != "ok":
        raise Broken(None, f"the database is damaged: {first}")


def held_checkpoint(path, keys):
    """A checkpoint someone kept; without a key its signature is not checked, since they know where they had it from."""
    try:
        with open(path, encoding="utf-8", newline="") as file:
            note = file.read()
    except UnicodeDecodeError:
        raise Broken(None, f"the checkpoint `{path}` is not text") from None
    return open_checkpoint(note, keys) if keys else parse_checkpoint(parse_note(note)[0])


def check_log(arguments):
    keys = read_keys(arguments.key)
    given = [held_checkpoint(path, keys) for path in arguments.checkpoint]
    if len({origin for origin, _, _ in given}) > 1:
        raise NotChecked("the checkpoints are of different logs")
    database = open_database(arguments.database)
    try:
        read_as_this_layout(database)
        heads, others = partnerships_of(database, arguments.partnership)
        if len(heads) > 1 and given:
            raise NotChecked("there are several partnerships: say with --partnership whose checkpoint it is")
        for name in heads + others or [b""]:
            name = text_of(Text(name), "partnership")
            log = Log(name, given + kept_checkpoints(database, name, keys))
            read_rows(database, name, log)
            log.finish()
            check_heads(database, name, log)
            check_kept_tree(database, name, log)
            check_indexes(database)
            print(f"sound: {log.tree.size} entries, last {log.last.hex()}, root {log.tree.root().hex()},"
                  f" {log.compared} checkpoints")
    except (sqlite3.Error, ValueError) as error:
        raise Broken(None, f"the database cannot be read ({error})") from None
    if given and not keys:
        print("The signatures of the checkpoints given were not checked, because no key was given.")
