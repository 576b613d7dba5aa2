"""Signatures that a passkey made of a decision: docs/record-format.md, in Python."""

import base64
import binascii
import hashlib
import json

from form import Broken, sha256, sodium

ED25519 = bytes.fromhex("a4010103272006215820")
P256 = bytes.fromhex("a5010203262001215820")
SECOND = bytes.fromhex("225820")


def unpadded(text):
    data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if base64.urlsafe_b64encode(data).rstrip(b"=").decode() != text:
        raise ValueError("base64 that could be written otherwise")
    return data


def challenge(signed):
    fields = ["candour-decision-signature/1", signed["seat"]["partner"], signed["seat"]["body"], signed["view"],
              signed.get("note", ""), signed["text"]]
    return sha256(b"".join(len(f.encode()).to_bytes(8, "big") + f.encode() for f in fields))


def is_of(origin, site):
    if origin.startswith("https://"):
        host = origin[len("https://"):]
    elif origin == "http://localhost" or origin.startswith("http://localhost:"):
        host = "localhost"
    else:
        return False
    host = host.split(":", 1)[0]
    return bool(site) and (host == site or host.endswith("." + site))


def holds(key, message, signature):
    """True or False; None where this machine cannot tell."""
    if key.startswith(ED25519) and len(key) == len(ED25519) + 32 and len(signature) == 64:
        try:
            sodium().crypto_sign_open(signature + message, key[len(ED25519):])
            return True
        except Exception:  # PyNaCl's own kind of error
            return False
    rest = key[len(P256):]
    if key.startswith(P256) and len(rest) == 67 and rest[32:35] == SECOND:
        try:
            from cryptography.exceptions import InvalidSignature
            from cryptography.hazmat.primitives.asymmetric import ec
            from cryptography.hazmat.primitives.hashes import SHA256
        except ImportError:
            return None
        try:
            point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\x04" + rest[:32] + rest[35:])
            point.verify(signature, message, ec.ECDSA(SHA256()))
            return True
        except (InvalidSignature, ValueError):
            return False
    return False


def check_signature(content, position):
    """Whether the entry has a passkey's signature that holds; None where it could not be checked. Broken when it does not hold."""
    try:
        signed = json.loads(content)["event"]["with"]
    except (ValueError, KeyError, TypeError):
        return False
    if not isinstance(signed, dict) or "passkey" not in signed:
        return False
    given = signed["passkey"]
    try:
        client, device = unpadded(given["client-data"]), unpadded(given["authenticator-data"])
        said = json.loads(client)
        if said["type"] != "webauthn.get" or said.get("crossOrigin", False) or not is_of(said["origin"], given["site"]):
            raise Broken(position, "the passkey's signature was made for another site or purpose")
        if unpadded(said["challenge"]) != challenge(signed):
            raise Broken(position, "the passkey signed something else than this text")
        if len(device) < 37 or device[:32] != sha256(given["site"].encode()):
            raise Broken(position, "the passkey's signature was made for another site or purpose")
        if device[32] & 0x05 != 0x05:
            raise Broken(position, "the passkey's device did not make sure of the person")
        message = device + hashlib.sha256(client).digest()
        verdict = holds(unpadded(given["public-key"]), message, unpadded(given["signature"]))
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
        raise Broken(position, "the passkey's signature cannot be read") from None
    if verdict is False:
        raise Broken(position, "the passkey's signature does not hold")
    return verdict
