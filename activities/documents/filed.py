"""What was filed beside the terms, with the digests of the files, as receipts list it."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection

from activities.documents.compose import CaseFile
from activities.documents.contents import AttachedFile, Commitment, Filed
from law.commitments import CommitmentKind
from law.completion import piece_name
from law.grounds import Perimeter
from law.opinion import given_by_delegates, opinion_sentence
from models.store.cases import completions, files, opinions, requests
from models.store.cases.records import CommitmentRecord, OpinionRecord

_COMMITMENTS: Final[dict[str, str]] = {kind.value: kind.label for kind in CommitmentKind}
_TYPES: Final = {"application/pdf": "PDF", "image/jpeg": "image JPEG", "image/png": "image PNG"}
_SHOWN_OF_IBAN: Final = 4
"""Signs of an account shown at each end: its holder knows it again, nobody else can use it."""
_KIO: Final = 1024


def filed(case: CaseFile) -> Filed:
    """Read what the employer stated and attached, until now."""
    request, connection = case.request, case.connection
    nominal = requests.get_nominal(connection, request.reference)
    opinion = opinions.get_latest(connection, request.reference)
    return Filed(
        perimeter=Perimeter.of(request.perimeter).label,
        placement_on=request.placement_on,
        headcount=request.headcount,
        circumstances=nominal.circumstances,
        opinion=opinion_words(case, opinion),
        commitments=printed_commitments(request.commitments),
        account=f"{masked(nominal.iban)}, au nom de {nominal.holder}",
        files=attached_files(connection, request.reference),
    )


def opinion_words(case: CaseFile, opinion: OpinionRecord) -> str:
    """Return what the request states of the council's opinion, with a capital."""
    words = opinion_sentence(opinion.form, case.request.law_day, opinion.given_on, opinion.due_on)
    return words[0].upper() + words[1:]


def printed_commitments(commitments: Sequence[CommitmentRecord]) -> tuple[Commitment, ...]:
    """Return commitments with their labels."""
    return tuple(
        Commitment(label=_COMMITMENTS[each.kind], detail=each.detail, until_on=each.until_on) for each in commitments
    )


def masked(iban: str) -> str:
    """Return an account of which only both ends are shown: « FR14 … 2606 »."""
    return f"{iban[:_SHOWN_OF_IBAN]} … {iban[-_SHOWN_OF_IBAN:]}"


def _opinion_label(form: str) -> str:
    return "Avis des délégués du personnel" if given_by_delegates(form) else "Avis du comité"


def attached_files(connection: Connection, reference: str) -> tuple[AttachedFile, ...]:
    """Return the files of a case: the opinion's, then the pieces supplied, each once, in order of arrival."""
    versions = opinions.list_versions(connection, reference)
    labels = {each.file_id: _opinion_label(each.form) for each in versions if each.file_id}
    for completion in completions.list_supplied(connection, reference):
        words = {piece.code: piece_name(piece.code, piece.label) for piece in completion.pieces}
        for code, given in completion.supplied.items():
            if file_id := given.get("file"):
                labels.setdefault(file_id, words.get(code, code))
    stored = {each.id: each for each in files.list_of(connection, list(labels))}
    return tuple(
        AttachedFile(
            label=label,
            media_type=_TYPES.get(stored[file_id].media_type, stored[file_id].media_type),
            size=f"{-(-stored[file_id].size // _KIO)} Kio",
            sha256=stored[file_id].sha256,
        )
        for file_id, label in labels.items()
        if file_id in stored
    )
