"""The environment, read once by the composition roots (`worker.py`, `starter`, `tacite.py`).

Every variable is `TACITE_` + the field's name in capitals; secrets are given as paths of files, never as
values. The one exception, the register's address, may instead be the content of the file `tacite_database` in
`SECRETS`.
"""

import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, Literal

from pydantic import Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.engine.names import QUEUES, Queue

SECRETS: Final = Path("/run/secrets")
"""Folder in which containers receive their secrets, one file each."""

Profile = Literal["production", "training", "development"]
"""`training` may apply the rules of another day; `development` may also advance a case's clock."""


class Settings(BaseSettings):
    """The settings of one program: where its dependencies are and which keys it holds."""

    model_config = SettingsConfigDict(
        env_prefix="TACITE_",
        secrets_dir=SECRETS if SECRETS.is_dir() else None,
        frozen=True,
        extra="forbid",
    )

    profile: Profile = "production"
    law_on: date | None = None
    """Apply the rules of this day to every case (not in production)."""
    site: str = "https://localhost"
    """Public address of the site, printed in mails and on documents."""
    http: str = "127.0.0.1:8000"
    """`host:port` on which the HTTP program listens."""
    proxies: int = Field(default=0, ge=0)
    """Number of proxies in front of the HTTP program, each adding its client's address to `X-Forwarded-For`."""

    database: str = Field(repr=False)
    """PostgreSQL DSN, `postgresql://…`."""
    engine: str = "127.0.0.1:7233"
    """Temporal frontend, `host:port`."""
    engine_ca: Path | None = None
    """Certificate authorities of the frontend, in PEM; without them the connection is not encrypted."""
    engine_certificate: Path | None = None
    engine_key: Path | None = None
    """Client certificate and key in PEM, if the frontend requires them."""
    namespace: str = "default"
    master_key: Path
    """File of 32 bytes in base64: wraps the data key of each case."""

    trust: Path
    """Folder of PEM trust anchors for signatures and time-stamps."""
    seal: Path
    """Folder of the seal: `certificate.pem`, `chain.pem`, and `key.pem` or `pkcs11.json`."""
    signatories: Path
    """`signatories.json` and one folder like `seal` for each person who may sign decisions."""
    timestamps: tuple[str, ...]
    """Addresses of time-stamp authorities (RFC 3161) in order of preference; JSON list."""

    mail: str = "smtp://127.0.0.1:25"
    mail_from: str = "activite-partielle@tacite.invalid"

    agency: str
    """Deposit folder of the paying agency: `sftp://user@host:port/depot` or `file:///path`."""
    agency_key: Path | None = None
    agency_host_key: Path | None = None
    """Pinned public host key in OpenSSH form; required by `sftp://`."""
    agency_rows: int = 700
    agency_bytes: int = 2 * 1024 * 1024
    agency_prefix: str = "TACITE_DA_"

    oidc_issuer: str = ""
    """Identity provider of agents (OIDC issuer), `https://…`; empty: agents cannot sign in with a browser."""
    oidc_client: str = ""
    """Client id of this installation at the provider."""
    oidc_secret: Path | None = None
    """File of the client secret."""
    oidc_acr: tuple[str, ...] = ()
    """Accepted levels of authentication (`acr`); JSON list; empty: any (not in production)."""

    companies: str = ""
    """Register of establishments, `http(s)://…`, queried at `…/SIRET`; empty: no queries."""

    metrics: str = ""
    """`host:port` on which this program exposes its metrics; empty: none (the HTTP program also has `/metrics`)."""
    engine_metrics: str = ""
    """The same for the metrics of the engine's library in a worker."""
    traces: str = ""
    """OTLP address to which spans are sent, `http://…/v1/traces`; empty: no spans."""

    upload_bytes: int = 10 * 1024 * 1024
    workers_threads: int = 8
    queues: tuple[Queue, ...] = Field(default=QUEUES, min_length=1)
    """Task queues that one worker serves; JSON list."""
    build: str = ""
    """Build id of this release, for worker versioning; empty: one release runs at a time."""

    @model_validator(mode="after")
    def _check(self) -> "Settings":
        if self.profile == "production" and self.law_on is not None:
            raise ValueError("TACITE_LAW_ON is not for production")
        if self.agency.startswith("sftp://") and not (self.agency_key and self.agency_host_key):
            raise ValueError("sftp needs TACITE_AGENCY_KEY and TACITE_AGENCY_HOST_KEY")
        if not self.mail.startswith(("smtp://", "smtps://")):
            raise ValueError("TACITE_MAIL is smtp://… or smtps://…")
        if self.companies and not self.companies.startswith(("http://", "https://")):
            raise ValueError("TACITE_COMPANIES is http://… or https://…")
        if self.oidc_issuer and not (self.oidc_client and self.oidc_secret):
            raise ValueError("TACITE_OIDC_ISSUER needs TACITE_OIDC_CLIENT and TACITE_OIDC_SECRET")
        if self.profile == "production" and not (self.oidc_issuer or "https://").startswith("https://"):
            raise ValueError("TACITE_OIDC_ISSUER is https://…")
        if self.profile == "production" and self.oidc_issuer and not self.oidc_acr:
            raise ValueError("TACITE_OIDC_ISSUER needs TACITE_OIDC_ACR in production")
        if (self.engine_certificate is None) != (self.engine_key is None):
            raise ValueError("TACITE_ENGINE_CERTIFICATE and TACITE_ENGINE_KEY go together")
        if self.engine_certificate and not self.engine_ca:
            raise ValueError("TACITE_ENGINE_CERTIFICATE needs TACITE_ENGINE_CA")
        return self


@cache
def settings() -> Settings:
    """Read the environment once for this process; raises `ValidationError` naming what is missing or wrong."""
    return Settings()


def wrong_variables(error: ValidationError) -> list[str]:
    """Return the names of the missing or wrong variables, without their values, which may be secret.

    A check of several variables together names them in its message only.
    """
    alone = {f"TACITE_{'_'.join(map(str, e['loc']))}".upper() for e in error.errors() if e["loc"]}
    together = {name for e in error.errors() for name in re.findall(r"TACITE_[A-Z_]+", e["msg"])}
    return sorted(alone | together)
