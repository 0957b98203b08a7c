"""Certificates read from PEM files; the trust anchors are those of one folder, and nothing else."""

from pathlib import Path

from asn1crypto import pem, x509

from activities.signing.errors import SigningUnavailable


def certificates(path: Path) -> list[x509.Certificate]:
    """Return every certificate of a PEM file, in order; raises OSError or ValueError."""
    return [x509.Certificate.load(der) for _, _, der in pem.unarmor(path.read_bytes(), multiple=True)]


def anchors(folder: Path) -> list[x509.Certificate]:
    """Return every certificate of `*.pem` in the folder; raises SigningUnavailable when there is none."""
    try:
        found = [anchor for path in sorted(folder.glob("*.pem")) for anchor in certificates(path)]
    except (OSError, ValueError) as wrong:
        raise SigningUnavailable(f"the trust anchors cannot be read: {wrong!r}") from wrong
    if not found:
        raise SigningUnavailable("the folder of trust anchors holds no certificate")
    return found
