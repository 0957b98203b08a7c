"""People of claims as their lines state them, and the agency’s certificate with its key."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import CertificateBuilder, Name, NameAttribute, NameOID, random_serial_number
from sqlalchemy import Connection, text

from activities.agency.nominal import NominalList
from models.claim_files.fields import Category
from models.claim_files.lines import ClaimLine

NIR = "190073412345687"
NAME = "DUPONT-LAJOIE"


def people_of(connection: Connection, claim_id: str) -> NominalList:
    """The people of a claim, all of one name."""
    rows = connection.execute(
        text("SELECT n, week_on, worked, idle FROM claim_week WHERE claim_id = :id ORDER BY n, week_on"),
        {"id": claim_id},
    )
    lines = [
        ClaimLine(
            *(row.n, NIR, NAME, "", "Jeanne", Category.WORKER, "01", Decimal(35), row.week_on),
            *(row.worked, row.idle, Decimal("12.5"), False),
        )
        for row in rows
    ]
    return NominalList(lines, direct=False)


def make_certificate(folder: Path, *, days: int = 30) -> tuple[Path, RSAPrivateKey]:
    """Write a certificate that is good for some days, which may be past, and return its key."""
    key = generate_private_key(65_537, 2_048)
    name = Name([NameAttribute(NameOID.COMMON_NAME, "ASP")])
    now = datetime.now(UTC)
    builder = CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    dated = builder.not_valid_before(now - timedelta(days=60)).not_valid_after(now + timedelta(days=days))
    made = dated.serial_number(random_serial_number()).sign(key, SHA256())
    file = folder / "certificate.pem"
    file.write_bytes(made.public_bytes(Encoding.PEM))
    return file, key
