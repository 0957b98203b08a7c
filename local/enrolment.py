"""Enrol an employer as anonymous would: over HTTP, with the code that arrives by mail (development only)."""

import asyncio
import re
import secrets
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from local.caller import Caller
from local.mail import received
from models.store.people.accounts import Establishment

PERSON: Final = {"name": "Jeanne Martin", "quality": "responsable des ressources humaines"}
EMAIL: Final = "employer@tacite.invalid"
CODE: Final = re.compile(r"(?m)^\s+((?:[A-Z2-9]{5}-){3}[A-Z2-9]{5})\s*$")
SIRET: Final = re.compile(r"\b\d{14}\b")
MAIL_TIMEOUT: Final = 90.0
"""Seconds that a mail may take on a busy machine."""
POLL_INTERVAL: Final = 0.1


class NoMail(Exception):
    """A mail or a receipt did not arrive in time; a French sentence."""


async def enrol(site: str, mailbox: Path, establishments: Sequence[Establishment], password: str = "") -> str:
    """Enrol establishments for one person and return the token of the last activation, which covers them all.

    Without a `password` the person has one that nobody knows.
    """
    anonymous = Caller(site, "")
    version = (await anonymous.get("/enrolments/terms"))["version"]
    password = password or secrets.token_urlsafe(24)
    token = ""
    for each in establishments:  # one by one: many mails to one mailbox at once look like an attack
        await anonymous.post("/enrolments", enrolment_body(each, EMAIL, str(version)))
        code = await mailed_code(mailbox, each.siret)
        activated = await anonymous.post("/enrolments/activation", {"code": code, "password": password})
        token = str(activated["token"])
    return token


async def get_receipt(employer: Caller, siret: str) -> bytes:
    """Wait for the sealed receipt of an enrolment; raises `NoMail`."""
    limit = time.monotonic() + MAIL_TIMEOUT
    while True:
        answer = await employer.read(f"/enrolments/{siret}/receipt", 200, 503)
        if answer.status == 200:
            return answer.raw
        if time.monotonic() > limit:
            raise NoMail("Le récépissé d’adhésion n’est pas venu.")
        await asyncio.sleep(POLL_INTERVAL)


def enrolment_body(establishment: Establishment, email: str, version: str) -> dict[str, object]:
    """The body of `POST /enrolments` for an establishment."""
    terms = {"version": version, "accepted": True}
    return establishment.model_dump() | {"person": PERSON, "email": email, "terms": terms}


async def mailed_code(mailbox: Path, siret: str) -> str:
    """Read the mailbox until the code of an establishment is there; raises `NoMail`."""
    limit = time.monotonic() + MAIL_TIMEOUT
    while True:
        known = await asyncio.to_thread(_mailed_codes, mailbox)
        if siret in known:
            return known[siret]
        if time.monotonic() > limit:
            raise NoMail(f"Le code d’activation n’est pas venu pour : {siret}.")
        await asyncio.sleep(POLL_INTERVAL)


def _mailed_codes(mailbox: Path) -> dict[str, str]:
    """The last code mailed for each establishment, by SIRET."""
    mails = [(SIRET.search(str(mail["subject"])), mail) for mail in received(mailbox)]
    codes = [(siret[0], CODE.search(mail.get_content())) for siret, mail in mails if siret]
    return {siret: code[1] for siret, code in codes if code}
