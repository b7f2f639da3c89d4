"""Certificates made for one test: an authority, and servers' certificates signed by it or by themselves."""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Authority:
    """Signs certificates; ``file``: its own, to be trusted."""

    folder: Path
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @classmethod
    def made(cls, folder: Path) -> "Authority":
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name("Authority of a test")
        certificate = _builder(name, name, key).add_extension(x509.BasicConstraints(True, None), critical=True)
        usage = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
        identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        signed = certificate.add_extension(usage, critical=True).add_extension(identifier, critical=False)
        authority = cls(folder, key, signed.sign(key, hashes.SHA256()))
        authority.file.write_bytes(authority.certificate.public_bytes(serialization.Encoding.PEM))
        return authority

    @property
    def file(self) -> Path:
        return self.folder / "authority.pem"

    def server(
        self,
        host: str,
        *others: str,
        self_signed: bool = False,
        ended: bool = False,
        over_sha1: bool = False,
    ) -> ssl.SSLContext:
        """What a server of these names is to use; ``over_sha1``: signed as nobody should any more."""
        key = ec.generate_private_key(ec.SECP256R1())
        issuer = _name(host) if self_signed else self.certificate.subject
        builder = _builder(_name(host), issuer, key, ended=ended)
        names: list[x509.GeneralName] = [x509.DNSName(name) for name in (host, *others)]
        names.append(x509.IPAddress(IPv4Address("127.0.0.1")))
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        signer = key if self_signed else self.key
        above = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
        signed = builder.add_extension(above, critical=False).sign(signer, hashes.SHA256())
        file = self.folder / f"{host}-{self_signed}-{ended}-{over_sha1}.pem"
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        certificate = _over_sha1(signed, signer) if over_sha1 else signed.public_bytes(serialization.Encoding.PEM)
        file.write_bytes(private + certificate)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if over_sha1:
            context.set_ciphers("DEFAULT:@SECLEVEL=0")  # else it would not even load an old one
        context.load_cert_chain(file)
        return context


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, ended: bool = False
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    until = now - DAY if ended else now + DAY
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    return builder.serial_number(x509.random_serial_number()).not_valid_before(now - 2 * DAY).not_valid_after(until)


def _over_sha1(signed: x509.Certificate, signer: ec.EllipticCurvePrivateKey) -> bytes:
    """The same certificate with a signature over SHA-1, as PEM: the library that made it makes none any more."""
    over_sha256, over_sha1 = bytes.fromhex("300a06082a8648ce3d040302"), bytes.fromhex("300906072a8648ce3d0401")
    content = signed.tbs_certificate_bytes[4:]  # after its own head
    to_be_signed = _sequence(content.replace(over_sha256, over_sha1, 1))
    signature = b"\0" + signer.sign(to_be_signed, ec.ECDSA(hashes.SHA1()))
    whole = _sequence(to_be_signed + over_sha1 + bytes([3, len(signature)]) + signature)
    return ssl.DER_cert_to_PEM_cert(whole).encode()


def _sequence(content: bytes) -> bytes:
    return b"\x30\x82" + len(content).to_bytes(2, "big") + content
