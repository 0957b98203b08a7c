"""Courses of cases: what real acts append is grammatical, whatever their order; what is forged is told."""

from random import Random

import pytest

from models.store.database import Database
from models.store.journal import facts
from models.store.journal.course import Course
from tests.models.clocks import story
from tests.models.store.journal.random_courses import RandomCase

RECEIVED = ("request_received", "receipt_issued document=r1")
DECIDED = ("decision_registered decision=D1", "decision_signed decision=D1", "decision_notified decision=D1")
ASKED = ("completion_request_registered completion=P1", "completion_requested completion=P1")
TACIT = ("authorization_tacitly_granted", "attestation_issued document=a1")


def judged(*events: str) -> list[tuple[int, str]]:
    """What is wrong, by the number of the event; an event is its type and its data."""
    course, wrong = Course(), []
    for seq, each in enumerate(events, start=1):
        kind, *data = each.split()
        if what := course.follow(kind, dict(member.split("=") for member in data)):
            wrong.append((seq, what))
    return wrong


REAL = {
    "granted, handed over, closed": (*RECEIVED, *DECIDED, "handed_to_asp", "case_closed", "nominal_erased"),
    "pieces twice": (
        *(*RECEIVED, *ASKED, "completion_received completion=P1", "receipt_issued document=r2"),
        *("completion_request_registered completion=P2", "completion_requested completion=P2"),
        *("completion_received completion=P2", "receipt_issued document=r3", *TACIT),
    ),
    "receipts after the pieces": (
        *("request_received", *ASKED, "completion_received completion=P1"),
        *("receipt_issued document=r1", "receipt_issued document=r2"),
    ),
    "pieces cancelled, asked again, then refused": (
        *(*RECEIVED, *ASKED, "completion_request_cancelled completion=P1"),
        *("completion_request_registered completion=P2", "completion_requested completion=P2", *DECIDED),
    ),
    "a decision and pieces overtaken by silence": (
        *(*RECEIVED, "completion_request_registered completion=P1", "decision_registered decision=D1"),
        *(TACIT[0], "decision_voided decision=D1", "completion_request_voided completion=P1"),
        *("void_notice_issued document=v1", TACIT[1]),
    ),
    "a decision void before silence is recorded": (
        *(*RECEIVED, *DECIDED[:2], "decision_voided decision=D1", *TACIT, "void_notice_issued document=v1"),
    ),
    "a decision cancelled and another taken": (
        *(*RECEIVED, DECIDED[0], "decision_cancelled decision=D1"),
        *("decision_registered decision=D2", "decision_signed decision=D2", "decision_notified decision=D2"),
    ),
    "given up by the employer while pieces and a decision wait": (
        *(*RECEIVED, *ASKED, DECIDED[0], "request_desisted", "case_closed"),
    ),
    "on paper, held twice, its holder named": (
        *("request_received", "hand_over_held reason=paper", *TACIT, "receipt_issued document=r1"),
        *("hand_over_held reason=holder", "holder_stated", "hand_over_reviewed", "hand_over_released reason=paper"),
        *("hand_over_released reason=holder", "hand_over_held reason=authority"),
        *("hand_over_released reason=authority", "hand_over_held reason=authority"),
        *("hand_over_released reason=authority", "handed_to_asp"),
    ),
    "an opinion that its agent no longer waits for, and that comes": (
        *(*RECEIVED, *TACIT, "works_council_opinion_waived", "works_council_opinion_received", "case_closed"),
    ),
    "evicted for good": (*RECEIVED, *TACIT, "hand_over_held reason=eviction", "hand_over_given_up", "case_closed"),
    "beside the procedure": (
        *(*RECEIVED, "reminder_sent", "reminder_sent", "notice_refused", "checklist_attested version=1"),
        *("checklist_attested version=2", "incident_opened incident=1", "incident_opened incident=2"),
        *("incident_closed incident=1", *TACIT, "works_council_opinion_received", "document_read document=r1"),
        *("case_closed", "handed_to_asp", "document_read document=a1", "incident_closed incident=2"),
    ),
}


@pytest.mark.parametrize("events", REAL.values(), ids=REAL.keys())
def test_what_the_programs_append_is_never_told(events: tuple[str, ...]) -> None:
    assert judged(*events) == []


FORGED = {
    "a second reception": ((*RECEIVED, "request_received"), "déjà reçue"),
    "something before the reception": (("reminder_sent",), "aucune demande"),
    "a type that nobody appends": ((*RECEIVED, "decision_forged decision=D1"), "le type d’aucun"),
    "a receipt too many": ((*RECEIVED, "receipt_issued document=r2"), "récépissé"),
    "an attestation without silence": ((*RECEIVED, *DECIDED, "attestation_issued document=a1"), "attestation"),
    "a void notice without a void decision": ((*RECEIVED, *TACIT, "void_notice_issued document=v1"), "avis de cad"),
    "nominal data erased in a living case": ((*RECEIVED, *DECIDED, "nominal_erased"), "n’était pas clos"),
    "pieces cancelled that nobody asked for": ((*RECEIVED, "completion_request_cancelled completion=P1"), "pièces"),
    "pieces received that were not notified": ((*RECEIVED, ASKED[0], "completion_received completion=P1"), "pièces"),
    "pieces asked for while others are": (
        (*RECEIVED, *ASKED, "completion_request_registered completion=P2"),
        "en cours",
    ),
    "pieces asked for after the outcome": ((*RECEIVED, *TACIT, ASKED[0]), "en cours"),
    "pieces ended with the decision": (
        (*RECEIVED, ASKED[0], *DECIDED, "completion_request_voided completion=P1"),
        "pièces",
    ),
    "a decision notified that nobody registered": ((*RECEIVED, "decision_notified decision=D1"), "décision"),
    "a decision notified that nobody signed": ((*RECEIVED, DECIDED[0], DECIDED[2]), "décision"),
    "another decision notified": ((*RECEIVED, *DECIDED[:2], "decision_notified decision=D2"), "décision"),
    "a decision beside another": ((*RECEIVED, DECIDED[0], "decision_registered decision=D2"), "demeurait"),
    "a notified decision taken back": ((*RECEIVED, *DECIDED, "decision_voided decision=D1"), "décision"),
    "silence after a decision": ((*RECEIVED, *DECIDED, TACIT[0]), "issue"),
    "silence while pieces are asked for": ((*RECEIVED, *ASKED, TACIT[0]), "arrêté"),
    "desistment after silence": ((*RECEIVED, *TACIT, "request_desisted"), "issue"),
    "a holder named whom everybody can read": ((*RECEIVED, *TACIT, "holder_stated"), "titulaire"),
    "a holder named under another hold": (
        (*RECEIVED, *TACIT, "hand_over_held reason=limits", "holder_stated"),
        "titulaire",
    ),
    "a hold released that never was": ((*RECEIVED, *TACIT, "hand_over_released reason=limits"), "suspendait"),
    "a review of nothing": ((*RECEIVED, *TACIT, "hand_over_reviewed"), "suspendait"),
    "handed over twice": ((*RECEIVED, *DECIDED, "handed_to_asp", "handed_to_asp"), "transmission"),
    "handed over without an outcome": ((*RECEIVED, "handed_to_asp"), "transmission"),
    "closed without an outcome": ((*RECEIVED, "case_closed"), "sans issue"),
    "an opinion waived that came": (
        (*RECEIVED, "works_council_opinion_received", "works_council_opinion_waived"),
        "avis",
    ),
    "an opinion waived twice": (
        (*RECEIVED, *TACIT, "works_council_opinion_waived", "works_council_opinion_waived"),
        "avis",
    ),
    "a second opinion": (
        (*RECEIVED, "works_council_opinion_received", "works_council_opinion_received"),
        "avis",
    ),
}


@pytest.mark.parametrize(("events", "what"), FORGED.values(), ids=FORGED.keys())
def test_what_is_forged_is_told_with_its_number_alone(events: tuple[str, ...], what: str) -> None:
    [(seq, told)] = judged(*events)
    assert (seq, what in told) == (len(events), True), told


def test_a_forged_event_leaves_the_course_as_it_was() -> None:
    assert [seq for seq, _ in judged(*RECEIVED, TACIT[0], "request_desisted", TACIT[1], "request_received")] == [4, 6]


@pytest.mark.slow  # a property over whole lives of cases
def test_whatever_people_do_in_whatever_order_is_grammatical_and_what_events_state(database: Database) -> None:
    random, told = Random(5122), set[str]()
    for _ in range(12):
        case = RandomCase(database, random)
        case.live(60)
        told |= set(story(database, case.reference))
        with database.begin() as connection:
            assert facts.find_changed(connection, [case.reference]) == [], story(database, case.reference)
    assert len(told) >= 18, sorted(told)
