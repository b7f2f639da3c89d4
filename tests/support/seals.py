"""Pictures with Content Credentials, signed with certificates that are made here: good ones, and ways to break them."""

import io
import json
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

import c2pa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

MADE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
CHANGED = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
CAPTURED = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"


class Signer:
    """A signer with an authority of its own. ``days``: how long its certificate is good, from a day ago; may be over."""

    def __init__(self, name: str = "Example Pictures", days: int = 30) -> None:
        self._name = name
        begin = datetime.now(UTC) - timedelta(days=1 if days > 0 else 60)
        self._begin, self._end = begin, begin + timedelta(days=days if days > 0 else 30)
        self._root_key, self._key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())

    @cached_property
    def _root(self) -> x509.Certificate:
        name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Example Authority")])
        return (
            self._begun(name, name, self._root_key)
            .add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
            .add_extension(_usage(signs=False), critical=True)
            .sign(self._root_key, hashes.SHA256())
        )

    @cached_property
    def chain(self) -> bytes:
        """The signer's certificate and its authority's, as PEM."""
        name = x509.Name(
            [
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, self._name),
                x509.NameAttribute(NameOID.COMMON_NAME, self._name),
            ]
        )
        authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._root_key.public_key())
        leaf = (
            self._begun(name, self._root.subject, self._key)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs=True), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
            .add_extension(authority, critical=False)
            .sign(self._root_key, hashes.SHA256())
        )
        return leaf.public_bytes(serialization.Encoding.PEM) + self.anchors.encode()

    @property
    def anchors(self) -> str:
        """The authority's certificate, as PEM, for a list of those that are known."""
        return self._root.public_bytes(serialization.Encoding.PEM).decode()

    def sign(
        self,
        picture: bytes,
        media_type: str = "image/jpeg",
        *actions: dict[str, Any],
        assertions: tuple[dict[str, Any], ...] = (),
        parent: bytes | None = None,
        part: bytes | None = None,
    ) -> bytes:
        """The picture with credentials. ``parent``: the picture it was made from; ``part``: one that was put into it."""
        told = {
            "claim_generator_info": [{"name": "Example Maker", "version": "1.0"}],
            "title": "picture",
            "assertions": [
                *([{"label": "c2pa.actions.v2", "data": {"actions": list(actions)}}] if actions else []),
                *assertions,
            ],
        }
        private = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        key = self._key.private_bytes(serialization.Encoding.PEM, *private)
        info = c2pa.C2paSignerInfo(c2pa.C2paSigningAlg.ES256, self.chain, key, None)
        context = c2pa.Context.from_dict(
            {"verify": {"verify_after_sign": False}, "builder": {"thumbnail": {"enabled": False}}}
        )
        signed = io.BytesIO()
        with c2pa.Builder(told, context) as builder, c2pa.Signer.from_info(info) as signer:
            for relation, content in (("parentOf", parent), ("componentOf", part)):
                if content is not None:
                    about = json.dumps({"title": relation, "relationship": relation, "label": relation})
                    builder.add_ingredient(about, media_type, io.BytesIO(content))
            builder.sign(signer, media_type, io.BytesIO(picture), signed)
        return signed.getvalue()

    def _begun(self, name: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self._begin)
            .not_valid_after(self._end)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        )


def created(source: str = MADE, **more: Any) -> dict[str, Any]:
    """The action "made", from this kind of source."""
    return {"action": "c2pa.created", "digitalSourceType": source, **more}


def edited(source: str | None = CHANGED, action: str = "c2pa.edited", **more: Any) -> dict[str, Any]:
    """The action "changed", with this kind of source."""
    return {"action": action, **({"digitalSourceType": source} if source else {}), **more}


def opened() -> dict[str, Any]:
    """The action "opened the picture that this one was made from"."""
    return edited(None, "c2pa.opened", parameters={"ingredientIds": ["parentOf"]})


def placed() -> dict[str, Any]:
    """The action "put another picture into this one"."""
    return edited(None, "c2pa.placed", parameters={"ingredientIds": ["componentOf"]})


def _usage(signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(signs, False, False, False, False, not signs, not signs, False, False)
