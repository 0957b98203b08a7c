"""An employer who enrols as anybody does: through the doors, with the code that a mail brings (development only)."""

import asyncio
import re
import secrets
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from local.caller import Answer, Caller
from local.mail import received
from models.store.people.accounts import Establishment

PERSON: Final = {"name": "Jeanne Martin", "quality": "responsable des ressources humaines"}
EMAIL: Final = "employer@tacite.invalid"
CODE: Final = re.compile(r"(?m)^\s+((?:[A-Z2-9]{5}-){3}[A-Z2-9]{5})\s*$")
SIRET: Final = re.compile(r"\b\d{14}\b")
PATIENCE: Final = 90.0
"""Seconds that a mail may take on a busy machine."""
PAUSE: Final = 0.1


class NoMail(Exception):
    """The code did not come; a French sentence."""


async def enrolled(site: str, mailbox: Path, places: Sequence[Establishment], email: str = EMAIL) -> str:
    """Enrol establishments for one person and return the token of the last activation, which covers them all."""
    anybody = Caller(site, "")
    version = (await anybody.get("/enrolments/terms"))["version"]
    password = secrets.token_urlsafe(24)
    await asyncio.gather(*(anybody.post("/enrolments", stated(each, email, str(version))) for each in places))
    first, *others = await _codes(mailbox, [place.siret for place in places])
    last = await _activated(anybody, first, password)  # it makes the account that the others join
    for code in others:  # in turn: many passwords of one login at once look like guesses
        last = await _activated(anybody, code, password)
    return str(last["token"])


async def receipt(employer: Caller, siret: str) -> bytes:
    """Read the receipt of an enrolment, which is sealed soon after it."""
    limit = time.monotonic() + PATIENCE
    while True:
        answer = await employer.read(f"/enrolments/{siret}/receipt", 200, 503)
        if answer.status == 200:
            return answer.raw
        if time.monotonic() > limit:
            raise NoMail("Le récépissé d’adhésion n’est pas venu.")
        await asyncio.sleep(PAUSE)


def stated(place: Establishment, email: str, version: str) -> dict[str, object]:
    """What somebody states to enrol an establishment."""
    terms = {"version": version, "accepted": True}
    return place.model_dump() | {"person": PERSON, "email": email, "terms": terms}


async def _codes(mailbox: Path, sirets: Sequence[str]) -> list[str]:
    """Read the mailbox until the code of each establishment is there; raises `NoMail`."""
    limit = time.monotonic() + PATIENCE
    while True:
        known = await asyncio.to_thread(_told, mailbox)
        if set(sirets) <= set(known):
            return [known[siret] for siret in sirets]
        if time.monotonic() > limit:
            missing = ", ".join(sorted(set(sirets) - set(known)))
            raise NoMail(f"Le code d’activation n’est pas venu pour : {missing}.")
        await asyncio.sleep(PAUSE)


def _told(mailbox: Path) -> dict[str, str]:
    """The last code that was mailed for each establishment."""
    mails = [(SIRET.search(str(mail["subject"])), mail) for mail in received(mailbox)]
    codes = [(found[0], CODE.search(mail.get_content())) for found, mail in mails if found]
    return {siret: code[1] for siret, code in codes if code}


async def _activated(anybody: Caller, code: str, password: str) -> Answer:
    return await anybody.post("/enrolments/activation", {"code": code, "password": password})
