"""The controls of a request inform agents in French sentences, and hold nothing up."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from activities.register import StoredRegisterActs
from models.messages.case import Ref
from models.store.cases import requests
from models.store.database import Database
from tests.cases import an_employer, file_a_case


async def test_a_quiet_request_raises_no_signal(database: Database, acts: StoredRegisterActs) -> None:
    assert await acts.control(Ref(reference=file_a_case(database), id="")) == ()


async def test_what_an_agent_should_look_at_is_kept_as_french_sentences(
    database: Database, acts: StoredRegisterActs
) -> None:
    with database.begin() as connection:
        employer = an_employer(connection)
    other = file_a_case(database)
    first = file_a_case(database, employer=employer, headcount=30, employees=30)
    second = file_a_case(
        database,
        employer=employer,
        hours=Decimal(90_000),
        employees=60,
        bank_account={"iban": "FR7630006000011234567890189", "holder": "Autre"},
    )
    assert await acts.control(Ref(reference=other, id="")) == ("Compte bancaire déjà donné par 1 autre établissement.",)
    found = await acts.control(Ref(reference=second, id=""))
    assert found == await acts.control(Ref(reference=second, id=""))
    assert [sentence.split(" (")[0] for sentence in found] == [
        f"Période qui chevauche celle de la demande {first}.",
        "Compte bancaire différent de celui de la demande précédente.",
        "Salariés concernés",
        "Effectif",
        "Heures demandées",
    ]
    with database.begin() as connection:
        assert requests.get(connection, second).signals == found
        assert all("FR76" not in sentence for sentence in found)


@pytest.mark.parametrize(
    ("placement_on", "received_at", "signal"),
    [
        ("2020-03-02", "2020-04-20T12:00:00+02:00", "admise par tolérance."),
        ("2026-01-05", "2026-11-22T12:00:00+01:00", "pour une période à venir."),
        ("2026-11-10", "2026-11-22T12:00:00+01:00", None),
    ],
)
async def test_a_late_reception_is_a_signal(
    database: Database, acts: StoredRegisterActs, placement_on: str, received_at: str, signal: str | None
) -> None:
    reference = file_a_case(database, placement_on=placement_on, received_at=datetime.fromisoformat(received_at))
    found = await acts.control(Ref(reference=reference, id=""))
    assert [each for each in found if "délai de dépôt" in each] == (
        [f"Demande reçue après le délai de dépôt, {signal}"] if signal else []
    )


async def test_a_day_before_every_text_raises_no_signal_and_no_error(
    database: Database, acts: StoredRegisterActs
) -> None:
    period = {"start_on": "2013-05-01", "end_on": "2013-08-31"}
    reference = file_a_case(database, period=period, received_at=datetime(2013, 7, 15, 12, tzinfo=UTC))
    await acts.control(Ref(reference=reference, id=""))
