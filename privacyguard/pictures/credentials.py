"""Content Credentials (C2PA, https://spec.c2pa.org/specifications/2.4/): who signed a picture, and how it says it was made.

Read by c2pa-python from memory alone: no outside manifest is fetched, no certificate looked up. Only worker processes use it.
"""

import importlib.util
import io
import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import chdir
from types import ModuleType
from typing import Any

from privacyguard.model.provenance import Credentials, Making, Seal
from privacyguard.pictures.marks import source_type, strongest
from privacyguard.pictures.plain import plain

SETTINGS = {
    "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False, "verify_trust": True},
    "core": {"allowed_network_hosts": []},
}
PARENTS_AT_MOST = 10
"""How far back pictures that a picture was made from are followed."""

_NOT_ON_A_LIST = "signingCredential.untrusted"
_OUT_OF_DATE = frozenset({"signingCredential.expired", "claimSignature.outsideValidity"})
"""The certificate's time is over by now: that says nothing of the picture."""

_METADATA = frozenset({"c2pa.metadata", "cawg.metadata", "stds.iptc", "stds.iptc.photo-metadata"})


class CredentialsReader:
    """Reads Content Credentials. ``anchors``: certificates (PEM) of authorities whose signers are known, none as we ship it.

    The library is loaded here, so make it before a process is closed off. Where there is none (no wheel for this system),
    :meth:`read` says that the credentials could not be read.
    """

    def __init__(self, anchors: str = "") -> None:
        self._c2pa = _library()
        if self._c2pa is None:
            return
        trust = {"trust": {"trust_anchors": anchors}} if anchors else {}
        self._context = self._c2pa.Context.from_dict({**SETTINGS, **trust})

    @property
    def is_there(self) -> bool:
        """Whether this computer can read Content Credentials."""
        return self._c2pa is not None

    def read(self, content: bytes) -> Credentials | None:
        """The credentials in a picture that holds some; None where it turns out to hold none."""
        if self._c2pa is None:
            return Credentials(Seal.NOT_READ)
        errors = self._c2pa.C2paError
        try:
            with self._c2pa.Reader(None, io.BytesIO(content), context=self._context) as reader:
                told = json.loads(reader.json())
        except errors.ManifestNotFound:
            return None
        except (errors.RemoteManifest, errors.NotSupported):
            return Credentials(Seal.NOT_READ)
        except (errors, ValueError, RecursionError):
            return Credentials(Seal.BROKEN)
        return credentials_of(told) if isinstance(told, dict) else Credentials(Seal.BROKEN)


def _library() -> ModuleType | None:
    """c2pa-python, None where it is missing or does not load. It looks for its own library in the current folder first, so
    for that moment the current folder is the package's."""
    found = importlib.util.find_spec("c2pa") if "c2pa" not in sys.modules else sys.modules["c2pa"]
    places = getattr(found, "submodule_search_locations", None) or getattr(found, "__path__", None)
    if not places:
        return None
    try:
        with chdir(places[0]):
            import c2pa
    except (ImportError, OSError, RuntimeError):
        return None
    module: ModuleType = c2pa
    return module


def credentials_of(untrusted: Mapping[str, Any]) -> Credentials:
    """What the library's answer means. Of a broken seal nothing is taken over."""
    seal = _seal(untrusted)
    manifests = _object(untrusted.get("manifests"))
    label = untrusted.get("active_manifest")
    active = _object(manifests.get(label)) if isinstance(label, str) else {}
    if seal is Seal.BROKEN or not active:
        return Credentials(Seal.BROKEN)
    signature = _object(active.get("signature_info"))
    generators = [_object(each) for each in _list(active.get("claim_generator_info"))]
    tool = generators[0].get("name") if generators else active.get("claim_generator")
    return Credentials(
        seal,
        _text(signature.get("issuer")) or _text(signature.get("common_name")),
        _text(tool),
        strongest(_makings(manifests, str(label), PARENTS_AT_MOST)),
    )


def _seal(told: Mapping[str, Any]) -> Seal:
    match told.get("validation_state"):
        case "Trusted":
            return Seal.VALID
        case "Valid":
            return Seal.UNKNOWN_SIGNER
    failed = _failures(told.get("validation_results"))
    return Seal.UNKNOWN_SIGNER if failed and failed <= _OUT_OF_DATE else Seal.BROKEN


def _makings(manifests: Mapping[str, Any], label: str, depth: int) -> Iterator[Making]:
    """What a manifest, and those of the pictures that this one was made from, say of AI."""
    manifest = _object(manifests.get(label))
    for assertion in map(_object, _list(manifest.get("assertions"))):
        name, content = str(assertion.get("label", "")), _object(assertion.get("data"))
        if name.startswith("c2pa.actions"):
            yield from _of_actions(content)
        elif name.partition("__")[0] in _METADATA:
            yield from _of_metadata(content)
    if depth <= 0:
        return
    for ingredient in map(_object, _list(manifest.get("ingredients"))):
        before = ingredient.get("active_manifest")
        is_whole = not _failures(ingredient.get("validation_results")) and not _list(
            ingredient.get("validation_status")
        )
        relation = ingredient.get("relationship")
        if not isinstance(before, str) or before == label or not is_whole:
            continue
        if relation == "parentOf":
            yield from _makings(manifests, before, depth - 1)
        elif relation == "componentOf" and any(_makings(manifests, before, depth - 1)):
            yield Making.CHANGED_BY_AI


def _of_actions(content: Mapping[str, Any]) -> Iterator[Making]:
    for action in map(_object, _list(content.get("actions"))):
        making = source_type(str(action.get("digitalSourceType", "")))
        if making is not None:
            yield making if action.get("action") == "c2pa.created" else Making.CHANGED_BY_AI


def _of_metadata(content: Mapping[str, Any]) -> Iterator[Making]:
    for name in ("Iptc4xmpExt:DigitalSourceType", "Iptc4xmpExt:digitalSourceType"):
        making = source_type(str(content.get(name, "")))
        if making is not None:
            yield making


def _failures(untrusted: object) -> frozenset[str]:
    """The codes of what failed, but for a signer who is on no list."""
    active = _object(_object(untrusted).get("activeManifest"))
    codes = {str(_object(each).get("code")) for each in _list(active.get("failure"))}
    return frozenset(codes - {_NOT_ON_A_LIST})


def _object(untrusted: object) -> Mapping[str, Any]:
    return untrusted if isinstance(untrusted, dict) else {}


def _list(untrusted: object) -> list[Any]:
    return untrusted[:1000] if isinstance(untrusted, list) else []


def _text(untrusted: object) -> str | None:
    return plain(untrusted) if isinstance(untrusted, str) else None
