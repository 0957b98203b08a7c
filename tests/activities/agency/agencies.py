"""Acts of the agency with the settings of a test."""

from pathlib import Path

from activities.agency.deposits import SftpAgency
from activities.transport import Transport
from models.settings import Settings
from models.store.database import Database


def an_agency(
    database: Database, transport: Transport, kind: type[SftpAgency] = SftpAgency, **changes: object
) -> SftpAgency:
    return kind(database, transport, settings_of(database, **changes))


def settings_of(database: Database, **changes: object) -> Settings:
    nowhere = Path("/nowhere")
    settings: dict[str, object] = {
        "database": database.dsn,
        "agency": "file:///nowhere",
        "agency_prefix": (prefix := f"{database.dsn[-8:]}_"),  # registers of the same second share one folder here
        "agency_claims_prefix": f"{prefix}DI_",
        "master_key": nowhere,
        "blind_key": nowhere,
        "trust": nowhere,
        "seal": nowhere,
        "signatories": nowhere,
        "timestamps": ("http://tsa.invalid",),
    }
    return Settings.model_validate(settings | changes)
