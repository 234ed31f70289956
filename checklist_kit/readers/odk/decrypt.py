"""Encrypted submissions, as ODK's specification of encrypted forms has them; what is decrypted stays in memory.

A manifest holds the AES key, encrypted by RSA-OAEP with the form's public key. Every file is encrypted by AES in CFB
mode with padding. The vector that it begins with is the MD5 of the instanceID and the AES key, of which one more byte
is counted up for each file: first the attachments in their order, and the submission itself as the last.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checklist_kit.protocols import UnreadableFile
from checklist_kit.readers.odk.xmltree import Element

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

_BLOCK = 16
_EXTRA = "reading encrypted submissions needs the extra `odk`: pip install 'checklist_kit[odk]'"


@dataclass(frozen=True, slots=True)
class Decrypted:
    """The text of a submission. `genuine` says whether the signature fits; None where files for that are missing."""

    text: bytes
    genuine: bool | None


def is_manifest(root: Element) -> bool:
    """Whether a document is the manifest of an encrypted submission."""
    return root.attributes.get("encrypted") == "yes" and bool(root.find("base64EncryptedKey"))


def decrypted(manifest: Element, path: Path, key: bytes | None) -> Decrypted:
    """Return the submission that a manifest belongs to, read from beside it.

    `key` is the private key as PEM. Raises UnreadableFile without a key or with a wrong one, and where the file is
    missing or damaged.
    """
    if key is None:
        message = f"{path} is encrypted: give the private key of its form with --key"
        raise UnreadableFile("file-encrypted-submission", message)
    private = private_key(key)
    secret = _opened(private, manifest.find("base64EncryptedKey"), path)
    media = list(_media(manifest))
    name = manifest.find("encryptedXmlFile") or "submission.xml.enc"
    vectors = _vectors(manifest.find("meta", "instanceID"), secret)
    files = {file: _file(path, file, secret, next(vectors)) for file in media}
    text = _file(path, name, secret, next(vectors))
    if text is None:
        message = f"{path} is the manifest of an encrypted submission, but {name} is not beside it"
        raise UnreadableFile("file-encrypted-submission", message)
    return Decrypted(text, _is_genuine(manifest, private, {**files, name: text}, path))


@cache
def private_key(pem: bytes) -> RSAPrivateKey:
    """Return a private key. Raises UnreadableFile for what is none, or is protected by a passphrase."""
    try:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key
    except ModuleNotFoundError as error:
        raise UnreadableFile("file-encrypted-submission", _EXTRA) from error
    try:
        found = load_pem_private_key(pem, None)
    except TypeError as error:
        message = "the private key is protected by a passphrase: take that off with `openssl rsa`"
        raise UnreadableFile("file-bad-key", message) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UnreadableFile("file-bad-key", "the key is no private key in PEM format") from error
    if not isinstance(found, RSAPrivateKey):
        raise UnreadableFile("file-bad-key", "the key is no RSA key, which encrypted forms need")
    return found


def _opened(private: RSAPrivateKey, text: str, path: Path) -> bytes:
    """Open what was encrypted with the public key. Writers differ in the hash that the padding's mask is made with."""
    from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
    from cryptography.hazmat.primitives.hashes import SHA1, SHA256

    for mask in (SHA1(), SHA256()):
        try:
            sealed = base64.b64decode("".join(text.split()), validate=True)
            return private.decrypt(sealed, OAEP(MGF1(mask), SHA256(), None))
        except (ValueError, binascii.Error):
            continue
    message = f"{path} was encrypted with another key than the one given, or was changed"
    raise UnreadableFile("file-encrypted-submission", message)


def _media(manifest: Element) -> Iterator[str]:
    for part in manifest.inner:
        if part.name == "media":
            yield from (str(file.value or "").strip() for file in part.inner or () if file.name == "file")


def _vectors(instance_id: str, secret: bytes) -> Iterator[bytes]:
    """The vectors of the files in turn."""
    vector = bytearray(hashlib.md5(instance_id.encode() + secret, usedforsecurity=False).digest())
    number = 0
    while True:
        vector[number % _BLOCK] = (vector[number % _BLOCK] + 1) % 256
        number += 1
        yield bytes(vector)


def _file(path: Path, name: str, secret: bytes, vector: bytes) -> bytes | None:
    """The plain content of a file beside the manifest, None where there is none. Names that lead elsewhere are none."""
    file = path.parent / name
    if Path(name).name != name or not file.is_file():
        return None
    try:
        return _plain(file.read_bytes(), secret, vector)
    except ValueError as error:
        raise UnreadableFile("file-encrypted-submission", f"{file} cannot be decrypted: it was changed") from error


def _plain(sealed: bytes, secret: bytes, vector: bytes) -> bytes:
    from cryptography.hazmat.primitives.ciphers import Cipher
    from cryptography.hazmat.primitives.ciphers.algorithms import AES
    from cryptography.hazmat.primitives.padding import PKCS7

    opener = Cipher(AES(secret), _cfb()(vector)).decryptor()
    unpadder = PKCS7(_BLOCK * 8).unpadder()
    return unpadder.update(opener.update(sealed) + opener.finalize()) + unpadder.finalize()


def _cfb() -> Any:
    try:
        from cryptography.hazmat.decrepit.ciphers.modes import CFB
    except ImportError:  # its place before version 47
        from cryptography.hazmat.primitives.ciphers.modes import CFB
    return CFB


def _is_genuine(manifest: Element, private: RSAPrivateKey, files: dict[str, bytes | None], path: Path) -> bool | None:
    """Whether the signature is that of these files; None where there is none, or not all files are here."""
    signature = manifest.find("base64EncryptedElementSignature")
    if not signature or any(content is None for content in files.values()):
        return None
    sealed_key, version = "".join(manifest.find("base64EncryptedKey").split()), manifest.attributes.get("version")
    lines = [manifest.attributes.get("id", ""), *([version] if version is not None else []), sealed_key]
    lines.append(manifest.find("meta", "instanceID"))
    for name, content in files.items():
        digest = hashlib.md5(content or b"", usedforsecurity=False).hexdigest()
        lines.append(f"{name.removesuffix('.enc')}::{digest}")
    text = "".join(f"{line}\n" for line in lines).encode()
    return hashlib.md5(text, usedforsecurity=False).digest() == _opened(private, signature, path)
