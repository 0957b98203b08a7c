"""A newcomer's journey: an unknown establishment enrols, receives its code by mail, and activates it."""

import secrets

from tests.cases import a_siret, an_enrolment
from tests.system.people import until
from tests.system.population import CaseActors


def enrolment(actors: CaseActors) -> None:
    """Enrol, wait for the code, activate; if the last answer is lost, signing in must still work."""
    siret, password = a_siret(), secrets.token_urlsafe(24)
    login = f"{siret}@tacite.invalid"
    answer = actors.me.post("/enrolments", an_enrolment(siret=siret, email=login), key=f"enrolment-{siret}")
    assert answer.status_code == 201, answer.text
    code = until(lambda: actors.codes.of(siret), f"the code of {siret}")
    actors.me.post("/enrolments/activation", {"code": code, "password": password})
    entered = actors.me.post("/session", {"login": login, "password": password})
    assert entered.status_code == 200, entered.text
