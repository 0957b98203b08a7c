"""Test authorities: root, issuing CA, seal, signatories, two time-stamp services, OCSP and CRL.

`authorities.yml` declares them; keys are made at run time and reused when they exist.
`python -m local.authorities serve FOLDER PORT [HOST]` answers on the loopback, or at the HOST given, which is then
what certificates name. Faults, while these files are in FOLDER, so that tests can break the time-stamp services:
`refuse-first` and `refuse-second` answer 503, `imprint-first` and so on return a false time-stamp; `revoke` says that
the certificates of the seal and of all signatories are revoked.
"""

import base64
import json
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final, TypedDict, cast
from wsgiref.types import StartResponse, WSGIEnvironment

import yaml  # type: ignore[import-untyped]
from asn1crypto import algos, keys, pem
from certomancer import crypto_utils
from certomancer.integrations.animator import Animator, AnimatorArchStore
from certomancer.registry import ArchLabel, CertLabel, CertomancerConfig, PKIArchitecture
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_pem_private_key,
)
from werkzeug.serving import make_server

from local.false_timestamps import LIES, lie

DECLARATION: Final = Path(__file__).with_name("authorities.yml")
ARCHITECTURE: Final = "essai"
LOOPBACK: Final = "127.0.0.1"
SERVICES: Final = ("first", "second")
"""The two time-stamp services, at `/tsa/first` and `/tsa/second`."""
_SMALL_KEYS: Final = frozenset({"ocsp", *SERVICES})
_RSA_BITS: Final = 3072


class Signatory(TypedDict):
    """One entry of `signatories.json`, as declared."""

    id: str
    name: str
    quality: str
    departments: list[str]
    from_on: str
    until_on: str | None
    delegation: str | None


class Declaration(TypedDict):
    """The parts of `authorities.yml` that this module reads; certomancer reads the rest."""

    keysets: dict[str, dict[str, dict[str, dict[str, str]]]]
    signatories: list[Signatory]


class UncheckedKeys(crypto_utils.PycaCryptographyBackend):
    """Certomancer's cryptography without its 0.2 s check of an RSA key at each load and each signature."""

    def load_private_key(
        self, key_bytes: bytes, password: bytes | None
    ) -> tuple[keys.PrivateKeyInfo, keys.PublicKeyInfo]:
        """Load a key that this module itself has generated."""
        key = load_pem_private_key(key_bytes, password, unsafe_skip_rsa_key_validation=True)
        private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return keys.PrivateKeyInfo.load(private), keys.PublicKeyInfo.load(public)

    def generic_sign(
        self, private_key: keys.PrivateKeyInfo, tbs_bytes: bytes, sd_algo: algos.SignedDigestAlgorithm
    ) -> bytes:
        """Sign with a cached RSA key; other algorithms are fast anyway."""
        if sd_algo.native["algorithm"] != "sha256_rsa":
            return super().generic_sign(private_key, tbs_bytes, sd_algo)
        return _rsa_key(private_key.dump()).sign(tbs_bytes, padding.PKCS1v15(), SHA256())


@cache
def _rsa_key(der: bytes) -> rsa.RSAPrivateKey:
    return cast(rsa.RSAPrivateKey, load_der_private_key(der, None, unsafe_skip_rsa_key_validation=True))


crypto_utils.CRYPTO_BACKEND = UncheckedKeys()


def timestamp_urls(base_url: str) -> tuple[str, str]:
    """Addresses of the two time-stamp services, first choice first."""
    return f"{base_url}/tsa/{SERVICES[0]}", f"{base_url}/tsa/{SERVICES[1]}"


def prepare(folder: Path, base_url: str) -> None:
    """Generate the missing keys and certificates in `folder`; certificates name `base_url`.

    Writes `trust/root.pem`, `seal/` and `signatories/` as `models.settings` describes them. The anchor
    keeps its bytes when only the address changes, so that earlier documents stay valid.
    """
    declaration = cast(Declaration, yaml.safe_load(DECLARATION.read_text("utf-8")))
    _make_keys(folder / "keys", declaration["keysets"][ARCHITECTURE]["keys"])
    (folder / "base_url").write_text(base_url, "utf-8")
    architecture = _architecture(folder, base_url)
    _write_certificates(architecture, folder / "trust" / "root.pem", "root")
    _write_identity(architecture, "seal", folder / "seal")
    signatories = folder / "signatories"
    for signatory in declaration["signatories"]:
        _write_identity(architecture, signatory["id"], signatories / signatory["id"])
    records = [{**signatory, "folder": signatory["id"]} for signatory in declaration["signatories"]]
    (signatories / "signatories.json").write_text(json.dumps(records, ensure_ascii=False, indent=2), "utf-8")
    published = _published(architecture, declaration["signatories"])
    (folder / "trust" / "signers.json").write_text(json.dumps(published, ensure_ascii=False, indent=2), "utf-8")


def _published(architecture: PKIArchitecture, signatories: list[Signatory]) -> dict[str, object]:
    """`signers.json`, as `tacite trust` writes it: who signs what, and the authorities in between."""
    seal = {"role": "seal", "name": "Cachet Tacite d’essai", "departments": ["*"], "from_on": "2020-01-01"}
    signers = [{**seal, "until_on": None, "certificate": _encoded(architecture, "seal")}]
    for each in signatories:
        period = {name: each[name] for name in ("name", "departments", "from_on", "until_on")}
        signers.append({"role": "signatory", **period, "certificate": _encoded(architecture, each["id"])})
    for name in SERVICES:
        stamp = {**seal, "role": "timestamp", "name": name, "until_on": None}
        signers.append({**stamp, "certificate": _encoded(architecture, name)})
    return {"signers": signers, "authorities": [_encoded(architecture, name) for name in ("issuing", "root")]}


def _encoded(architecture: PKIArchitecture, label: str) -> str:
    return base64.b64encode(architecture.get_cert(CertLabel(label)).dump()).decode()


def serve(folder: Path, port: int, host: str = LOOPBACK) -> None:
    """Answer OCSP, CRL and time-stamp requests until the process ends."""
    if not (folder / "base_url").exists():
        prepare(folder, f"http://{host}:{port}")
    make_server(host, port, application(folder), threaded=True).serve_forever()


def application(folder: Path) -> Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]:
    """The WSGI application of a prepared `folder`: `/tsa/…` short-cuts, faults, then certomancer."""
    base_url = (folder / "base_url").read_text("utf-8")
    architecture = _architecture(folder, base_url)
    animator = _animator(architecture)
    revoking = cache(lambda: _animator(_architecture(folder, base_url, revoked=True)))

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = str(environ["PATH_INFO"])
        if path.startswith("/tsa/"):
            service = path.removeprefix("/tsa/")
            if (folder / f"refuse-{service}").exists():
                start_response("503 Service Unavailable", [("Content-Length", "0")])
                return []
            if kind := next((each for each in LIES if (folder / f"{each}-{service}").exists()), None):
                request = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
                start_response("200 OK", [("Content-Type", "application/timestamp-reply")])
                return [lie(kind, architecture, service, request)]
            environ["PATH_INFO"] = f"/{ARCHITECTURE}{path}"
        responder = revoking() if (folder / "revoke").exists() else animator
        return cast(Iterable[bytes], responder(environ, start_response))

    return answer


def _animator(architecture: PKIArchitecture) -> Animator:
    for label in ("root", "issuing", "ocsp", *SERVICES):
        architecture.get_cert(CertLabel(label))  # threads then only read
    return Animator(AnimatorArchStore({ArchLabel(ARCHITECTURE): architecture}), with_web_ui=False)


def _architecture(folder: Path, base_url: str, *, revoked: bool = False) -> PKIArchitecture:
    declaration = yaml.safe_load(DECLARATION.read_text("utf-8"))
    if revoked:
        since = f"{datetime.now(UTC) - timedelta(days=2):%Y-%m-%dT%H:%M:%S+0000}"
        seal = declaration["pki-architectures"][ARCHITECTURE]["certs"]["seal"]  # the template of the others
        seal["revocation"] = {"revoked-since": since, "reason": "key_compromise"}
    declared = CertomancerConfig(declaration, key_search_dir=str(folder), external_url_prefix=base_url)
    return declared.get_pki_arch(ArchLabel(ARCHITECTURE))


def _make_keys(folder: Path, keys: dict[str, dict[str, str]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    missing = [name for name, key in keys.items() if not (folder / key["path"]).exists()]
    with ThreadPoolExecutor() as pool:
        for name, content in zip(missing, pool.map(_new_key, missing), strict=True):
            _write_secret(folder / keys[name]["path"], content)


def _new_key(name: str) -> bytes:
    """A private key in PEM; RSA where the one-star level asks for it, P-256 where speed is worth more."""
    key = ec.generate_private_key(ec.SECP256R1()) if name in _SMALL_KEYS else rsa.generate_private_key(65537, _RSA_BITS)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _write_identity(architecture: PKIArchitecture, label: str, folder: Path) -> None:
    _write_certificates(architecture, folder / "certificate.pem", label)
    _write_certificates(architecture, folder / "chain.pem", "issuing", "root")
    private = architecture.key_set.get_private_key(architecture.get_cert_spec(CertLabel(label)).subject_key)
    _write_secret(folder / "key.pem", pem.armor("PRIVATE KEY", private.dump()))


def _write_certificates(architecture: PKIArchitecture, path: Path, *labels: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    certificates = (architecture.get_cert(CertLabel(label)).dump() for label in labels)
    path.write_bytes(b"".join(pem.armor("CERTIFICATE", certificate) for certificate in certificates))


def _write_secret(path: Path, content: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(content)


def main(arguments: list[str]) -> int:
    """`serve FOLDER PORT [HOST]`; 2 on wrong use."""
    match arguments:
        case ["serve", folder, port, *host] if port.isdecimal() and len(host) < 2:
            serve(Path(folder), int(port), *host)
            return 0
        case _:
            print("usage: python -m local.authorities serve FOLDER PORT [HOST]", file=sys.stderr)
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
