"""The environment, read once by the composition roots (`worker.py`, `starter`, `tacite.py`).

Every variable is `TACITE_` + the field's name in capitals, and an empty one is not set; secrets are given as paths of
files, never as values. The one exception, the register's address, may instead be the content of the file
`tacite_database` in `SECRETS`.
"""

import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.agency_window import Window
from models.email_address import EmailAddress
from models.engine.names import AGENCY, PROCEDURE_QUEUES, SIGNING, Queue

SECRETS: Final = Path("/run/secrets")
"""Folder in which containers receive their secrets, one file each."""

INSEE_KEY_HEADER: Final = "X-INSEE-Api-Key-Integration"
"""Header in which INSEE’s API expects the key of `companies_key`."""

Profile = Literal["production", "training", "development"]
"""`training` may apply the rules of another day; `development` may also advance a case's clock."""


_LOOPBACK: Final = re.compile(r"http://(?:127\.0\.0\.1|\[::1\]|localhost)(?::[0-9]+)?(?:/|$)")
"""A partner on this very machine, as in trials of the production profile."""


class Settings(BaseSettings):
    """The settings of one program: where its dependencies are and which keys it holds."""

    model_config = SettingsConfigDict(
        env_prefix="TACITE_",
        env_ignore_empty=True,
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
    publisher: Path | None = None
    """JSON file that says who publishes the site: shown on its legal pages (`models/publisher.py`)."""
    theme: Path | None = None
    """Folder of a design of one's own: `theme.css`, and optionally `logo.svg` and fonts."""
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
    engine_ui: str = ""
    """Address of the engine's own pages, to which those of operators lead, `https://…`; empty: no such link."""
    namespace: str = "default"
    master_key: Path
    """File of 32 bytes in base64: wraps the data key of each case."""
    blind_key: Path
    """File of 32 other bytes in base64, never changed: makes the blind index by which claims know a person again."""

    trust: Path
    """Folder of PEM trust anchors for signatures and time-stamps."""
    seal: Path = Path()
    """Folder of the seal: `certificate.pem`, `chain.pem`, and `key.pem` or `pkcs11.json`."""
    signatories: Path = Path()
    """`signatories.json` and one folder like `seal` for each person who may sign decisions."""
    timestamps: tuple[str, ...] = ()
    """Addresses of time-stamp authorities (RFC 3161) in order of preference; JSON list."""

    mail: str = "smtp://127.0.0.1:25"
    mail_from: EmailAddress = "activite-partielle@tacite.invalid"

    agency: str = ""
    """Deposit folder of the paying agency: `sftp://user@host:port/depot` or `file:///path`."""
    agency_key: Path | None = None
    agency_host_key: Path | None = None
    """Pinned public host key in OpenSSH form; required by `sftp://`."""
    agency_rows: int = 700
    agency_bytes: int = 2 * 1024 * 1024
    agency_prefix: str = "TACITE_DA_"
    agency_claims_prefix: str = "TACITE_DI_"
    agency_certificate: Path | None = None
    """Certificate of the agency in PEM (RSA), to which the nominal files of claims are enveloped; without it, no claim
    is signed."""
    agency_amendments_prefix: str = "TACITE_AV_"
    """How names of files of amendments begin: the agency never takes them with authorizations."""
    agency_window: tuple[Annotated[int, Field(ge=0, le=23)], ...] = ()
    """Hours of working days (Paris) in which files are put; JSON list; empty: at any time."""
    agency_files: int = Field(default=1, ge=1)
    """Files put in each of these hours."""
    agency_answers: str = "retrait"
    """Folder of the agency's answers, beside that of deposits."""
    agency_answer_bytes: int = 8 * 1024 * 1024
    agency_answers_minutes: int = Field(default=5, ge=1)
    """Minutes between two readings of that folder."""

    anchors: str = ""
    """Folder outside for copies of anchors: `sftp://user@host:port/folder` or `file:///folder`; empty: none."""
    anchors_key: Path | None = None
    anchors_host_key: Path | None = None
    """Like those of the agency."""

    letters: Path | None = None
    """Folder from which the printing channel takes letters; without it, no letter is offered."""

    firms_issuer: str = ""
    """Identity provider of firms (OIDC issuer), which may prove an authority; empty: that way is not offered."""
    firms_client: str = ""
    firms_secret: Path | None = None
    firms_levels: tuple[str, ...] = ()
    """Levels (`acr`) at which it has verified the firm itself; JSON list."""
    firms_verified_claims: tuple[str, ...] = ()
    """Claims that hold a SIREN or SIRET which it has verified; JSON list."""

    oidc_issuer: str = ""
    """Identity provider of agents (OIDC issuer), `https://…`; empty: agents cannot sign in with a browser."""
    oidc_client: str = ""
    """Client id of this installation at the provider."""
    oidc_secret: Path | None = None
    """File of the client secret."""
    oidc_acr: tuple[str, ...] = ()
    """Accepted levels of authentication (`acr`); JSON list; empty: any (not in production)."""

    companies: str = ""
    """INSEE's Sirene API 3.11, queried at `…/siret/SIRET`; empty: not asked."""
    companies_key: Path | None = None
    """File of its key; required with it."""
    companies_search: str = ""
    """Public company search, queried at `…/search`, when the first is away or spent; empty: not asked."""

    metrics: str = ""
    """`host:port` on which this program exposes its metrics; empty: none (the HTTP program also has `/metrics`)."""
    engine_metrics: str = ""
    """The same for the metrics of the engine's library in a worker."""
    traces: str = ""
    """OTLP address to which spans are sent, `http://…/v1/traces`; empty: no spans."""

    visa_batch: int = Field(default=500, ge=1, le=500)
    """Claims that an agent agrees to in one call."""
    tool_token_days: int = Field(default=90, ge=1, le=90)
    """Days that a token for the tools of an agent may last."""

    examining: str = ""
    """Where the program `examining` listens: `unix:/path` or a loopback `host:port`; empty: files are not taken."""
    upload_bytes: int = 10 * 1024 * 1024
    claim_bytes: int = Field(default=40 * 1024 * 1024, ge=1024, le=64 * 1024 * 1024)
    """Largest file of a claim; the program that reads it takes 64 MiB."""
    workers_threads: int = 8
    queues: tuple[Queue, ...] = Field(default=PROCEDURE_QUEUES, min_length=1)
    """Task queues that one worker serves; JSON list. One that serves `verifying` or `reading` serves nothing else."""
    build: str = ""
    """Build id of this release, for worker versioning; empty: one release runs at a time."""

    @property
    def window(self) -> Window:
        """When files may be put at the agency."""
        return Window(self.agency_window, self.agency_files)

    def prefix_of(self, channel: str) -> str:
        """Return the prefix of the names of an agency channel’s files."""
        own = {"claims": self.agency_claims_prefix, "amendments": self.agency_amendments_prefix}
        return own.get(channel, self.agency_prefix)

    @model_validator(mode="after")
    def _check(self) -> "Settings":
        if self.profile == "production" and self.law_on is not None:
            raise ValueError("TACITE_LAW_ON is not for production")
        if self.agency.startswith("sftp://") and not (self.agency_key and self.agency_host_key):
            raise ValueError("sftp needs TACITE_AGENCY_KEY and TACITE_AGENCY_HOST_KEY")
        if self.anchors and not self.anchors.startswith(("file://", "sftp://")):
            raise ValueError("TACITE_ANCHORS is sftp://… or file:///…")
        if self.anchors.startswith("sftp://") and not (self.anchors_key and self.anchors_host_key):
            raise ValueError("sftp needs TACITE_ANCHORS_KEY and TACITE_ANCHORS_HOST_KEY")
        if not self.mail.startswith(("smtp://", "smtps://")):
            raise ValueError("TACITE_MAIL is smtp://… or smtps://…")
        if self.oidc_issuer and not (self.oidc_client and self.oidc_secret):
            raise ValueError("TACITE_OIDC_ISSUER needs TACITE_OIDC_CLIENT and TACITE_OIDC_SECRET")
        if self.profile == "production" and _leaves_in_clear(self.oidc_issuer):
            raise ValueError("TACITE_OIDC_ISSUER is https://…")
        if self.profile == "production" and self.oidc_issuer and not self.oidc_acr:
            raise ValueError("TACITE_OIDC_ISSUER needs TACITE_OIDC_ACR in production")
        if self.firms_issuer and not (self.firms_client and self.firms_secret):
            raise ValueError("TACITE_FIRMS_ISSUER needs TACITE_FIRMS_CLIENT and TACITE_FIRMS_SECRET")
        if self.firms_issuer and not (self.firms_levels and self.firms_verified_claims):
            raise ValueError("TACITE_FIRMS_ISSUER needs TACITE_FIRMS_LEVELS and TACITE_FIRMS_VERIFIED_CLAIMS")
        if self.profile == "production" and _leaves_in_clear(self.firms_issuer):
            raise ValueError("TACITE_FIRMS_ISSUER is https://…")
        if (self.engine_certificate is None) != (self.engine_key is None):
            raise ValueError("TACITE_ENGINE_CERTIFICATE and TACITE_ENGINE_KEY go together")
        if self.engine_certificate and not self.engine_ca:
            raise ValueError("TACITE_ENGINE_CERTIFICATE needs TACITE_ENGINE_CA")
        return self

    @model_validator(mode="after")
    def _check_queues(self) -> "Settings":
        """Keys are required where they are used, and refused where files that others send come in."""
        alone = next((each for each in self.queues if each not in PROCEDURE_QUEUES), None)
        if alone is not None:
            if len(self.queues) > 1:
                raise ValueError(f"TACITE_QUEUES: {alone} goes with no other queue")
            if found := sorted({"seal", "signatories", "agency_key"} & self.model_fields_set):
                names = ", ".join(f"TACITE_{name.upper()}" for name in found)
                raise ValueError(f"a worker that serves {alone} is not given {names}")
            if not self.examining:
                raise ValueError(f"{alone} needs TACITE_EXAMINING")
            return self
        needed = {"seal", "signatories", "timestamps"} if SIGNING in self.queues else set()
        needed |= {"agency"} if AGENCY in self.queues else set()
        if missing := sorted(needed - self.model_fields_set):
            raise ValueError("missing: " + ", ".join(f"TACITE_{name.upper()}" for name in missing))
        return self

    @model_validator(mode="after")
    def _check_companies(self) -> "Settings":
        for name, address in (("COMPANIES", self.companies), ("COMPANIES_SEARCH", self.companies_search)):
            if address and not address.startswith(("http://", "https://")):
                raise ValueError(f"TACITE_{name} is http://… or https://…")
            if self.profile == "production" and _leaves_in_clear(address):
                raise ValueError(f"TACITE_{name} is https://… in production")
        if self.companies and self.companies_key is None:
            raise ValueError("TACITE_COMPANIES needs TACITE_COMPANIES_KEY")
        return self


def _leaves_in_clear(address: str) -> bool:
    """Whether what is sent to a partner would leave this machine without TLS."""
    return bool(address) and not address.startswith("https://") and not _LOOPBACK.match(address)


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
