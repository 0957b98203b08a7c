"""The scenarios of the demonstration: each plays one path through the procedure."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from scenarios.claims import three_months
from scenarios.dossier import LAST_MINUTE, Dossier, Stuck, View, today

Play = Callable[[Dossier], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Scenario:
    """One path: its name for programs, its French label, its département, and what happens."""

    name: str
    label: str
    department: str
    play: Play
    siret: str | None = None


async def grant(case: Dossier) -> None:
    """The agent grants on the sixth day, after the works council's opinion."""
    await case.file(headcount=120, works_council=await case.opinion())
    await case.advance(days=6)
    await case.attest()
    await case.decide({"outcome": "grant"})
    await case.wait_for("decision_notified")


async def partial_grant(case: Dossier) -> None:
    """The agent grants less than requested, with reasons (R. 5122-4)."""
    await case.file()
    await case.advance(days=10)
    grounds = [
        "La demande précise le nombre de salariés concernés (article R. 5122-2 du code du travail).",
        "La fermeture des accès concerne dix-huit salariés, les autres travaillent dans le second bâtiment.",
    ]
    await case.decide({"outcome": "grant", "employees": 18, "hours": "3600", "grounds": grounds})
    await case.wait_for("decision_notified")


async def refusal(case: Dossier) -> None:
    """A refusal on the last day, notified in time."""
    await case.file()
    await case.advance_to(await case.deadline() - timedelta(hours=3))
    await case.decide(_refused())
    await case.wait_for("decision_notified")


async def refusal_not_notified(case: Dossier) -> None:
    """A refusal at the last minute, whose signature is not time-stamped in time: it is void."""
    await case.file()
    async with case.outage:
        await case.advance_to(await case.deadline() - LAST_MINUTE)
        await case.decide(_refused(), expect=(202,))
        await case.wait_until_parked()
        await case.wait_for("authorization_tacitly_granted")
    await case.resume()
    await case.wait_for("attestation_issued")
    await case.wait_for("void_notice_issued")


async def late_decision(case: Dossier) -> None:
    """A decision posted after the deadline is rejected: 409, naming the tacit acceptance."""
    await case.file()
    await case.let_deadline_pass()
    answer = await case.decide(_refused(), expect=(409,))
    if not str(answer["type"]).endswith("deadline-passed"):
        raise Stuck(f"Le guichet a répondu {answer['type']}.")


async def completion(case: Dossier) -> None:
    """A missing piece stops the clock; once it is supplied, the whole delay runs again (CRPA L. 114-5)."""
    await case.file()
    await case.advance(days=5)
    await case.request_pieces(due_on=today() + timedelta(days=30))
    await case.wait_for("completion_requested")
    await case.advance(days=14)
    piece = {"code": "circumstances", "text": "Les accès sont fermés par arrêté municipal."}
    await case.employer.post(f"/requests/{case.reference}/completion", {"pieces": [piece]})
    await case.wait_until(_is_complete, "le récépissé de complétude")
    await case.advance(days=12)
    await case.decide({"outcome": "grant"})
    await case.wait_for("decision_notified")


async def late_completion_request(case: Dossier) -> None:
    """A request for pieces at the last minute, not notified in time: it is void."""
    await case.file()
    async with case.outage:
        await case.advance_to(await case.deadline() - LAST_MINUTE)
        await case.request_pieces(due_on=today() + timedelta(days=30))
        await case.wait_until_parked()
        await case.wait_for("authorization_tacitly_granted")
    await case.resume()
    await case.wait_for("attestation_issued")


def silence(**overrides: object) -> Play:
    """Nobody decides: silence counts as acceptance (R. 5122-4)."""

    async def play(case: Dossier) -> None:
        await case.file(**overrides)
        await case.let_deadline_pass()

    return play


async def desistment(case: Dossier) -> None:
    """The employer desists (désistement)."""
    await case.file()
    await case.advance(days=2)
    await case.employer.post(f"/requests/{case.reference}/desistment")
    await case.wait_until(lambda view: view["outcome"] == "desisted", "le désistement")


async def lapsed_draft(case: Dossier) -> None:
    """A draft is not filed before its filing window closes (R. 5122-3)."""
    accepted_until = await case.open_draft("disaster_or_weather", today() - timedelta(days=4))
    await case.advance_to(accepted_until + timedelta(minutes=1))
    answer = await case.employer.get(f"/drafts/{case.draft}")
    if answer["status"] != "lapsed":
        raise Stuck(f"Le brouillon est encore {answer['status']}.")


async def draft_filed_on_its_last_day(case: Dossier) -> None:
    """A draft is filed some hours before its window closes; then silence counts as acceptance."""
    placed_on = today() - timedelta(days=4)
    accepted_until = await case.open_draft("disaster_or_weather", placed_on)
    await case.advance_to(accepted_until - timedelta(hours=2))
    period = {"start_on": placed_on.isoformat(), "end_on": (placed_on + timedelta(days=59)).isoformat()}
    await case.file_draft(ground="disaster_or_weather", placement_on=placed_on.isoformat(), period=period)
    await case.let_deadline_pass()


def _in(law_on: str) -> Play:
    """Silence under the rules of another day, when only firms without a works council were exempt from its opinion."""
    return silence(law_on=law_on, works_council={"not_required": "no_council"})


def own_request(number: int, body: Mapping[str, object]) -> Scenario:
    """The user's own request, on which nobody decides; a blank page replaces the file of an opinion."""
    members = {name: value for name, value in body.items() if name != "siret"}

    async def play(case: Dossier) -> None:
        council = members.get("works_council")
        if isinstance(council, dict) and "opinion" in council:
            members["works_council"] = council | {"file": (await case.opinion())["file"]}
        await silence(**members)(case)

    siret = body.get("siret")
    return Scenario(
        f"case_{number}", f"Votre demande n° {number}", "75", play, siret if isinstance(siret, str) else None
    )


def _is_complete(view: View) -> bool:
    documents = view["documents"]
    return isinstance(documents, list) and any(each["kind"] == "completion_receipt" for each in documents)


def _refused() -> dict[str, object]:
    grounds = [
        "L’article R. 5122-1 du code du travail énumère les motifs de recours : aucun n’est établi.",
        "L’arrêté de fermeture invoqué ne s’applique pas à la rue de l’établissement.",
    ]
    return {"outcome": "refusal", "grounds": grounds}


_PENDING: Final = {"headcount": 120, "works_council": {"pending": True}}

IN_AN_OUTAGE: Final = (
    Scenario("refusal_not_notified_in_time", "Refus notifié trop tard : caduc", "93", refusal_not_notified),
    Scenario("late_completion_request", "Demande de pièces trop tardive : caduque", "59", late_completion_request),
)
"""Played together, alone, while the time-stamp authorities are broken."""
IN_PARALLEL: Final = (
    Scenario("grant", "Autorisation", "34", grant),
    Scenario("partial_grant", "Autorisation partielle", "67", partial_grant),
    Scenario("refusal_in_time", "Refus notifié à temps", "13", refusal),
    Scenario("decision_after_deadline_409", "Décision après l’échéance : 409", "75", late_decision),
    Scenario("completion", "Pièces fournies : le délai repart", "31", completion),
    Scenario("silence", "Silence", "75", silence()),
    Scenario("silence_corsica", "Silence, en Corse, avis du CSE à suivre", "2A", silence(**_PENDING)),
    Scenario("silence_overseas", "Silence, à La Réunion", "974", silence()),
    Scenario("desistment", "Désistement", "69", desistment),
    Scenario("three_months_of_claims", "Trois mois d’indemnisation", "38", three_months),
    Scenario("lapsed_draft", "Brouillon caduc", "44", lapsed_draft),
    Scenario("draft_filed_on_last_day", "Brouillon déposé le dernier jour", "35", draft_filed_on_its_last_day),
    Scenario("2_days_of_2020_03_28", "Deux jours (droit du 28 mars 2020)", "33", _in("2020-03-28")),
    Scenario("48_hours_of_2020_04_10", "48 heures (droit d’avril 2020)", "06", _in("2020-04-10")),
)
