"""Content Credentials: signed with certificates that are made here, changed afterwards, and as they must not be believed."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from privacyguard.model.provenance import Credentials, Making, Seal
from privacyguard.pictures.blocks import read_blocks
from privacyguard.pictures.credentials import CredentialsReader, credentials_of
from privacyguard.pictures.provenance import provenance_of
from tests.support.photos import drawing, encoded, png
from tests.support.seals import CAPTURED, CHANGED, MADE, Signer, created, edited, opened, placed

ROOT = Path(__file__).resolve().parents[3]
SIGNER = Signer()
PLAIN = encoded(drawing(), "JPEG")
KINDS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif", "TIFF": "image/tiff"}


@pytest.fixture(scope="module")
def reader() -> CredentialsReader:
    return CredentialsReader()


def making_of(reader: CredentialsReader, picture: bytes) -> Making | None:
    told = reader.read(picture)
    assert told is not None
    assert told.seal is Seal.UNKNOWN_SIGNER
    return told.making


@pytest.mark.parametrize("kind", [*KINDS, "AVIF"])
def test_seal_is_found_and_read_in_each_format(reader: CredentialsReader, kind: str) -> None:
    signed = SIGNER.sign(encoded(drawing(), kind), KINDS.get(kind, "image/avif"), created())
    told = provenance_of(signed, read_blocks(signed), reader)
    assert told is not None
    assert told.marks == ("Content Credentials",)
    assert told.making is Making.MADE_BY_AI
    assert told.credentials == Credentials(Seal.UNKNOWN_SIGNER, "Example Pictures", "Example Maker", Making.MADE_BY_AI)


def test_signer_on_the_list_is_known_and_only_with_the_list(reader: CredentialsReader) -> None:
    signed = SIGNER.sign(PLAIN, "image/jpeg", created(CAPTURED))
    known, other = CredentialsReader(SIGNER.anchors).read(signed), CredentialsReader(Signer().anchors).read(signed)
    assert known is not None
    assert other is not None
    assert (known.seal, known.signer, known.making) == (Seal.VALID, "Example Pictures", None)
    assert other.seal is Seal.UNKNOWN_SIGNER


@pytest.mark.parametrize("anchors", ["", SIGNER.anchors])
@pytest.mark.parametrize("place", [b"trainedAlgorithmicMedia", b"Example Maker", b"Example Pictures", b"\xff\xda"])
def test_changed_picture_has_a_broken_seal_and_no_claim_counts(anchors: str, place: bytes) -> None:
    signed = bytearray(SIGNER.sign(PLAIN, "image/jpeg", created()))
    signed[signed.rindex(place) + 10] ^= 1
    picture = bytes(signed)
    told = provenance_of(picture, read_blocks(picture), CredentialsReader(anchors))
    assert told is not None
    assert (told.making, told.marks, told.credentials) == (None, (), Credentials(Seal.BROKEN))


def test_manifest_of_another_picture_is_broken(reader: CredentialsReader) -> None:
    signed = SIGNER.sign(PLAIN, "image/jpeg", created())
    end = len(signed) - len(PLAIN) + 20
    moved = signed[:end] + encoded(drawing().rotate(180), "JPEG")[20:]
    told = reader.read(moved)
    assert told == Credentials(Seal.BROKEN)


def test_making_comes_from_actions_and_from_the_pictures_it_was_made_from(reader: CredentialsReader) -> None:
    def sign(*actions: dict[str, Any], parent: bytes | None = None, part: bytes | None = None) -> bytes:
        return SIGNER.sign(PLAIN, "image/jpeg", *actions, parent=parent, part=part)

    by_ai, taken = sign(created(MADE)), sign(created(CAPTURED))
    assert making_of(reader, taken) is None
    assert making_of(reader, sign(created(CAPTURED), edited(CHANGED))) is Making.CHANGED_BY_AI
    assert making_of(reader, sign(created(CAPTURED), edited(MADE))) is Making.CHANGED_BY_AI
    assert making_of(reader, sign(created(CAPTURED), edited(None))) is None
    assert making_of(reader, sign(opened(), parent=by_ai)) is Making.MADE_BY_AI
    assert making_of(reader, sign(opened(), parent=taken)) is None
    assert making_of(reader, sign(created(CAPTURED), placed(), part=by_ai)) is Making.CHANGED_BY_AI
    assert making_of(reader, sign(created(CAPTURED), placed(), part=taken)) is None


def test_making_in_the_metadata_counts(reader: CredentialsReader) -> None:
    about = {
        "label": "c2pa.metadata",
        "kind": "Json",
        "data": {
            "@context": {"Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"},
            "Iptc4xmpExt:DigitalSourceType": MADE,
        },
    }
    signed = SIGNER.sign(PLAIN, "image/jpeg", created(CAPTURED), assertions=(about,))
    assert making_of(reader, signed) is Making.MADE_BY_AI


def test_words_of_the_signer_are_short_and_plain(reader: CredentialsReader) -> None:
    signed = Signer("Bad\u202ename\n" + "x" * 40).sign(PLAIN, "image/jpeg", created())
    told = reader.read(signed)
    assert told is not None
    assert told.signer is not None
    assert told.signer == "Bad name " + "x" * 40


def test_nothing_there_is_none_and_rubbish_is_broken(reader: CredentialsReader) -> None:
    assert reader.read(PLAIN) is None
    told = reader.read(png((b"caBX", b"\0\0\0\x20jumb" + b"\xff" * 24)))
    assert told in (None, Credentials(Seal.BROKEN))
    assert read_blocks(PLAIN).has_seal is False


def test_without_the_library_a_seal_is_told_as_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    signed = SIGNER.sign(PLAIN, "image/jpeg", created())
    monkeypatch.setitem(sys.modules, "c2pa", None)
    reader = CredentialsReader()
    assert not reader.is_there
    told = provenance_of(signed, read_blocks(signed), reader)
    assert told is not None
    assert (told.making, told.credentials) == (None, Credentials(Seal.NOT_READ))
    assert provenance_of(PLAIN, read_blocks(PLAIN), reader) is None


def answer(state: str, *codes: str, **manifest: object) -> dict[str, object]:
    failed = [{"code": code} for code in codes]
    made = {"assertions": [{"label": "c2pa.actions", "data": {"actions": [created()]}}], **manifest}
    return {
        "validation_state": state,
        "validation_results": {"activeManifest": {"failure": failed}},
        "active_manifest": "a",
        "manifests": {"a": made},
    }


@pytest.mark.parametrize(
    ("told", "seal"),
    [
        (answer("Trusted"), Seal.VALID),
        (answer("Valid", "signingCredential.untrusted"), Seal.UNKNOWN_SIGNER),
        (answer("Invalid", "signingCredential.untrusted", "signingCredential.expired"), Seal.UNKNOWN_SIGNER),
        (answer("Invalid", "signingCredential.expired", "assertion.dataHash.mismatch"), Seal.BROKEN),
        (answer("Invalid"), Seal.BROKEN),
        (answer("Something new"), Seal.BROKEN),
        ({"validation_state": "Trusted", "active_manifest": "b", "manifests": {"a": {}}}, Seal.BROKEN),
        ({}, Seal.BROKEN),
    ],
)
def test_states_of_the_library_become_seals(told: dict[str, object], seal: Seal) -> None:
    credentials = credentials_of(told)
    assert credentials.seal is seal
    assert (credentials.making is None) == (seal is Seal.BROKEN)


def test_pictures_that_name_each_other_as_parents_come_to_an_end() -> None:
    ring = {"ingredients": [{"relationship": "parentOf", "active_manifest": "b"}]}
    told = answer("Valid", **ring)
    manifests = told["manifests"]
    assert isinstance(manifests, dict)
    manifests["b"] = {"ingredients": [{"relationship": "parentOf", "active_manifest": "a"}] * 1}
    assert credentials_of(told).making is Making.MADE_BY_AI


def test_parent_whose_own_seal_is_broken_does_not_count() -> None:
    broken = {"activeManifest": {"failure": [{"code": "assertion.dataHash.mismatch"}]}}
    parent = {"relationship": "parentOf", "active_manifest": "b", "validation_results": broken}
    told = answer("Valid", assertions=[], ingredients=[parent])
    manifests = told["manifests"]
    assert isinstance(manifests, dict)
    manifests["b"] = {"assertions": [{"label": "c2pa.actions", "data": {"actions": [created()]}}]}
    assert credentials_of(told).making is None
    manifests["a"]["ingredients"] = [{**parent, "validation_results": {}}]
    assert credentials_of(told).making is Making.MADE_BY_AI


def test_library_of_the_current_folder_is_not_loaded(tmp_path: Path) -> None:
    """The package itself would look there first."""
    (tmp_path / "libc2pa_c.so").write_bytes(b"somebody else's")
    ask = (
        "import sys; opened = [];"
        "sys.addaudithook(lambda name, args: opened.append(args[0]) if name == 'ctypes.dlopen' else None);"
        f"sys.path.insert(0, {str(ROOT)!r}); from privacyguard.pictures.credentials import CredentialsReader;"
        "print(CredentialsReader().is_there, *(each for each in opened if each and 'c2pa' in each))"
    )
    done = subprocess.run([sys.executable, "-P", "-c", ask], cwd=tmp_path, capture_output=True, text=True, check=True)
    is_there, *libraries = done.stdout.split()
    assert is_there == "True"
    assert libraries
    assert all("site-packages" in library for library in libraries)
