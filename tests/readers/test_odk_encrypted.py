"""Encrypted submissions: encrypted here as ODK Collect does it, step by step, and opened with the private key."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import checklist_kit as ck
from checklist_kit.cli import cli
from checklist_kit.protocols import UnreadableFile
from checklist_kit.readers import odk

pytest.importorskip("cryptography")

from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, HashAlgorithm
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat

from checklist_kit.readers.odk.decrypt import _cfb

FORM = Path(__file__).parents[1] / "data" / "odk" / "form.yaml"
CHECKLIST = ck.load(FORM)
PRIVATE = generate_private_key(65537, 2048)
PLAIN = (
    b'<data id="station_visit" version="2"><station>12/3</station><figures><told_by>The chair</told_by></figures>'
    b"<meta><instanceID>uuid:1</instanceID></meta></data>"
)


def pem(key: RSAPrivateKey, password: bytes = b"") -> bytes:
    form = BestAvailableEncryption(password) if password else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, form)


class Phone:
    """Encrypts one submission. The vector is counted up byte by byte, once for each file."""

    def __init__(self, instance_id: str, mask: HashAlgorithm) -> None:
        self.id = instance_id
        self.secret = os.urandom(32)
        self.vector = bytearray(hashlib.md5(instance_id.encode() + self.secret, usedforsecurity=False).digest())
        self.number = 0
        self.padding = OAEP(MGF1(mask), SHA256(), None)

    def seal(self, data: bytes) -> bytes:
        self.vector[self.number % 16] = (self.vector[self.number % 16] + 1) % 256
        self.number += 1
        padder = PKCS7(128).padder()
        encryptor = Cipher(AES(self.secret), _cfb()(bytes(self.vector))).encryptor()
        return encryptor.update(padder.update(data) + padder.finalize()) + encryptor.finalize()

    def public(self, data: bytes) -> str:
        return base64.b64encode(PRIVATE.public_key().encrypt(data, self.padding)).decode()


def submit(folder: Path, media: Sequence[bytes] = (), mask: HashAlgorithm | None = None) -> Path:
    """Write the files of a submission, and return its manifest."""
    folder.mkdir(exist_ok=True)
    phone = Phone("uuid:1", mask or SHA1())
    key = phone.public(phone.secret)
    lines = ["station_visit", "2", key, "uuid:1"]
    named = [(f"{number}.jpg", data) for number, data in enumerate(media)]
    for name, data in [*named, ("submission.xml", PLAIN)]:
        (folder / f"{name}.enc").write_bytes(phone.seal(data))
        lines.append(f"{name}::{hashlib.md5(data, usedforsecurity=False).hexdigest()}")
    digest = hashlib.md5("".join(f"{line}\n" for line in lines).encode(), usedforsecurity=False).digest()
    files = "".join(f"<media><file>{name}.enc</file></media>" for name, _ in named)
    manifest = folder / "submission.xml"
    manifest.write_text(
        '<data xmlns="http://opendatakit.org/submissions" encrypted="yes" id="station_visit" version="2">\n'
        f"<base64EncryptedKey>{key}</base64EncryptedKey>\n"
        '<orx:meta xmlns:orx="http://openrosa.org/xforms"><orx:instanceID>uuid:1</orx:instanceID></orx:meta>\n'
        f"{files}<encryptedXmlFile>submission.xml.enc</encryptedXmlFile>\n"
        f"<base64EncryptedElementSignature>{phone.public(digest)}</base64EncryptedElementSignature></data>"
    )
    return manifest


def read(path: Path, key: bytes | None) -> list[Any]:
    return list(odk.read(CHECKLIST, path, key=key))


@pytest.mark.parametrize("media", [(), (b"a picture", b"another")], ids=["alone", "with pictures"])
@pytest.mark.parametrize("mask", [SHA1(), SHA256()], ids=["SHA-1", "SHA-256"])
def test_is_opened(media: tuple[bytes, ...], mask: HashAlgorithm, tmp_path: Path) -> None:
    (found,) = read(submit(tmp_path, media, mask), pem(PRIVATE))
    assert found.id == "uuid:1"
    assert found.record.values == {"station": "12/3", "told_by": "The chair"}
    assert found.problems == []


def test_nothing_opened_is_left_on_the_disk(tmp_path: Path) -> None:
    submit(tmp_path / "in", (b"a picture",))
    (tmp_path / "key.pem").write_bytes(pem(PRIVATE))
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    command = [
        "parse",
        str(FORM),
        str(tmp_path / "in"),
        "-o",
        str(tmp_path / "out"),
        "--key",
        str(tmp_path / "key.pem"),
    ]
    result = CliRunner().invoke(cli, command)
    assert result.exit_code == 0, result.output
    assert "1 submissions in = 1 rows out + 0 rejected" in result.output
    after = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert {path: data for path, data in after.items() if path in before} == before
    told = [path.name for path, data in after.items() if b"The chair" in data]
    assert told == ["restricted.csv"]


def test_a_change_is_noticed(tmp_path: Path) -> None:
    manifest = submit(tmp_path)
    manifest.write_text(manifest.read_text().replace('version="2"', 'version="3"'))
    (found,) = read(manifest, pem(PRIVATE))
    assert [problem.code for problem in found.problems] == ["file-bad-signature"]


@pytest.mark.parametrize("missing", ["0.jpg.enc"])
def test_the_signature_needs_all_files(missing: str, tmp_path: Path) -> None:
    manifest = submit(tmp_path, (b"a picture",))
    (tmp_path / missing).unlink()
    (found,) = read(manifest, pem(PRIVATE))
    assert found.problems == []


@pytest.mark.parametrize(
    ("key", "code"),
    [
        (None, "file-encrypted-submission"),
        (pem(generate_private_key(65537, 2048)), "file-encrypted-submission"),
        (b"no key at all", "file-bad-key"),
        (pem(PRIVATE, b"secret"), "file-bad-key"),
    ],
    ids=["none", "another", "no key", "with a passphrase"],
)
def test_without_the_key(key: bytes | None, code: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read(submit(tmp_path), key)
    assert caught.value.code == code


@pytest.mark.parametrize("change", ["cut", "gone", "elsewhere"])
def test_damage_is_told(change: str, tmp_path: Path) -> None:
    manifest = submit(tmp_path / "in")
    sealed = manifest.with_name("submission.xml.enc")
    match change:
        case "cut":
            sealed.write_bytes(sealed.read_bytes()[:-3])
        case "gone":
            sealed.unlink()
        case _:
            sealed.rename(tmp_path / sealed.name)
            manifest.write_text(manifest.read_text().replace(sealed.name, f"../{sealed.name}"))
    with pytest.raises(UnreadableFile) as caught:
        read(manifest, pem(PRIVATE))
    assert caught.value.code == "file-encrypted-submission"


@pytest.mark.parametrize("begin", [b"{", b"[", b"<", b"PK\x03\x04", b"KEY,SubmissionDate\n"])
def test_encrypted_parts_are_not_taken_for_anything_else(begin: bytes, tmp_path: Path) -> None:
    """Their bytes are random."""
    submit(tmp_path)
    sealed = tmp_path / "submission.xml.enc"
    sealed.write_bytes(begin + sealed.read_bytes())
    assert odk.recognises(sealed, sealed.read_bytes()[:4096])
    assert read(sealed, None) == []
