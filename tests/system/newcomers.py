"""A newcomer's way: an establishment that nobody knows enrols, is sent its code by mail, and activates it."""

import secrets

from tests.cases import a_siret, an_enrolment
from tests.system.people import until
from tests.system.population import Life


def enrolment(life: Life) -> None:
    """Enrol, wait for the code, activate; whoever lost the answer to that can sign in all the same."""
    siret, password = a_siret(), secrets.token_urlsafe(24)
    login = f"{siret}@tacite.invalid"
    answer = life.me.post("/enrolments", an_enrolment(siret=siret, email=login), key=f"enrolment-{siret}")
    assert answer.status_code == 201, answer.text
    code = until(lambda: life.codes.of(siret), f"the code of {siret}")
    life.me.post("/enrolments/activation", {"code": code, "password": password})
    entered = life.me.post("/session", {"login": login, "password": password})
    assert entered.status_code == 200, entered.text
