"""The bytes of an entry and the Merkle tree over them: docs/record-format.md, in Python."""

import base64
import binascii
import datetime
import hashlib
import re
import struct

ZEROS = bytes(32)
KEPT_EVERY = 8


class Broken(Exception):
    """Something does not hold. `entry` is the position at which an intact entry was expected, or None."""

    def __init__(self, entry, why):
        super().__init__(why)
        self.entry, self.why = entry, why


class NotChecked(Exception):
    """The check could not be made."""


def sha256(data):
    return hashlib.sha256(data).digest()


def sodium():
    """The one package beyond the standard library, asked for only where it is needed."""
    try:
        import nacl.bindings
        return nacl.bindings
    except ImportError:
        raise NotChecked("PyNaCl is missing: install it with `apt-get install python3-nacl`") from None


def strict_base64(text, why):
    """Standard base64, written in the one way it can be written."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Broken(None, why) from None
    if base64.b64encode(data).decode() != text:
        raise Broken(None, why)
    return data


# The bytes of an entry.

FIELDS = ("partnership", "position", "stream", "number", "kind", "version", "at", "actor",
          "key_id", "nonce", "content_hash", "previous")


def field(value):
    return struct.pack(">I", len(value)) + value


def canonical(entry):
    """The thirteen fields, each with its length in front."""
    return b"".join(map(field, (
        b"candour-entry/1", entry["partnership"].encode(), struct.pack(">Q", entry["position"]),
        entry["stream"].encode(), struct.pack(">Q", entry["number"]), entry["kind"].encode(),
        struct.pack(">H", entry["version"]), entry["at"].encode(), entry["actor"].encode(),
        entry["key_id"].encode(), entry["nonce"], entry["content_hash"], entry["previous"])))


def entry_hash(entry):
    return sha256(b"\x00" + canonical(entry))


TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)\.(\d{6})Z", re.ASCII)


def is_time(text):
    match = TIME.fullmatch(text)
    try:
        return match is not None and bool(datetime.datetime(*map(int, match.groups())))
    except ValueError:
        return False


# The tree.

def node(left, right):
    return sha256(b"\x01" + left + right)


class Frontier:
    """The complete subtrees of a growing tree, the largest first."""

    def __init__(self):
        self.size, self.subtrees, self.kept = 0, [], {}

    def push(self, leaf):
        level, at, value = 0, self.size, leaf
        while True:
            if level and level % KEPT_EVERY == 0:
                self.kept[(level, at)] = value
            if at % 2 == 0:
                break
            value = node(self.subtrees.pop(), value)
            level, at = level + 1, at // 2
        self.subtrees.append(value)
        self.size += 1

    def root(self):
        if not self.subtrees:
            return sha256(b"")
        value = self.subtrees[-1]
        for left in reversed(self.subtrees[:-1]):
            value = node(left, value)
        return value


def largest_power_below(size):
    return 1 << (size - 1).bit_length() - 1


def root_by_inclusion(value, leaf, size, proof):
    """The root that a leaf and its proof lead to, following RFC 6962, section 2.1.1; None if the proof does not fit the size."""
    if size == 1:
        return value if not proof else None
    if not proof:
        return None
    split, last = largest_power_below(size), proof[-1]
    if leaf < split:
        below = root_by_inclusion(value, leaf, split, proof[:-1])
        return below and node(below, last)
    below = root_by_inclusion(value, leaf - split, size - split, proof[:-1])
    return below and node(last, below)


def roots_by_consistency(old, new, proof, old_root, whole):
    """The roots of both trees that a consistency proof leads to, following RFC 6962, section 2.1.2; None if it does not fit."""
    if old == new:
        if whole:
            return (old_root, old_root) if not proof else None
        return (proof[0], proof[0]) if len(proof) == 1 else None
    if not proof:
        return None
    split, last = largest_power_below(new), proof[-1]
    if old <= split:
        below = roots_by_consistency(old, split, proof[:-1], old_root, whole)
        return below and (below[0], node(below[1], last))
    below = roots_by_consistency(old - split, new - split, proof[:-1], old_root, False)
    return below and (node(last, below[0]), node(last, below[1]))


def continues(old, old_root, new, new_root, proof):
    """Whether the newer log begins with the older one."""
    if old > new:
        return False
    if old == 0:
        return not proof and old_root == sha256(b"")
    return roots_by_consistency(old, new, proof, old_root, True) == (old_root, new_root)
