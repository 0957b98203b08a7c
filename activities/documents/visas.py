"""Visas of a decision: the texts, the delegation, the request, the opinion and the pieces that it is based on."""

from collections.abc import Iterator

from activities.documents.compose import CaseFile
from law.completion import piece_name
from law.decision import cited_codes
from law.opinion import OpinionForm, opinion_sentence
from law.texts import in_french, instant_in_french
from models.identifiers import printed_number
from models.store.cases import completions, opinions


def visas(case: CaseFile) -> tuple[str, ...]:
    """Return the visas of a decision in a case, one a line; the last one ends the list with a comma."""
    *others, last = _visas(case)
    return (*others, last.removesuffix(" ;") + ",")


def _visas(case: CaseFile) -> Iterator[str]:
    request = case.request
    yield from (f"Vu le {each} ;" for each in cited_codes(case.day))
    if case.signatory and case.signatory.delegation:
        yield f"Vu l’acte donnant délégation de signature à {case.signatory.name} : {case.signatory.delegation} ;"
    received = instant_in_french(case.local(request.received_at))
    if request.amends:
        amended = printed_number(request.amends)
        yield f"Vu la demande d’avenant n° {request.reference} à l’autorisation n° {amended}, reçue le {received} ;"
    else:
        named = f"demande préalable d’autorisation d’activité partielle n° {request.reference}"
        yield f"Vu la {named}, reçue le {received} ;"
    opinion = opinions.get_latest(case.connection, request.reference)
    words = opinion_sentence(opinion.form, request.law_day, opinion.given_on, opinion.due_on)
    if opinion.form in tuple(OpinionForm):
        yield f"Vu ce que la demande énonce de la consultation du comité : {words} ;"
    else:
        yield f"Vu l’{words} ;" if words.startswith("avis") else f"Vu la consultation de l’instance : {words} ;"
    for completion in completions.list_fulfilled(case.connection, request.reference):
        pieces = ", ".join(piece_name(each.code, each.label) for each in completion.pieces)
        ended = f" le {in_french(case.local(completion.ended_at).date())}" if completion.ended_at else ""
        yield f"Vu les pièces demandées et reçues{ended} : {pieces} ;"
