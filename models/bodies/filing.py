"""Bodies of filing requests (R. 5122-2). The usual working time is left out."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from law.grounds import Ground, Perimeter
from law.opinion import OpinionForm
from models.identifiers import UUID, BankAccount, Day, Hours, Message, Moment, Period, Siret
from models.texts import Prose, TextForm

FileId = Annotated[str, Field(pattern=f"^{UUID.pattern}$")]
People = Annotated[int, Field(ge=1, le=1_000_000, strict=True)]


class Commitment(Message):
    """Engagement souscrit (R. 5122-9, II) : ce qui est promis, jusqu’à quand."""

    kind: Literal["keep_jobs", "training", "workforce_planning", "recovery_plan"]
    detail: Annotated[str, TextForm("prose", max_length=2_000)]
    until_on: Day


class Opinion(Message):
    """Avis rendu par le CSE, ou constat qu’il n’en a pas rendu."""

    opinion: Literal["favourable", "unfavourable", "none_given"]
    given_on: Day
    file: FileId

    @property
    def form(self) -> OpinionForm:
        """Return the legal form of the opinion."""
        return OpinionForm.OPINION

    @property
    def given(self) -> "Opinion | None":
        """Return the opinion itself."""
        return self


class OpinionPending(Message):
    """L’avis suivra, dans les deux mois de la demande (R. 5122-2)."""

    pending: Literal[True]

    @property
    def form(self) -> OpinionForm:
        """Return the legal form of the opinion."""
        return OpinionForm.PENDING

    @property
    def given(self) -> Opinion | None:
        """Return None: there is no opinion yet."""
        return None


class OpinionNotRequired(Message):
    """Aucun avis n’est dû : moins de 50 salariés, ou pas de comité."""

    not_required: Literal["fewer_than_50", "no_council"]

    @property
    def form(self) -> OpinionForm:
        """Return the legal form of the opinion."""
        return OpinionForm(self.not_required)

    @property
    def given(self) -> Opinion | None:
        """Return None: no opinion is required."""
        return None


class DelegatesOpinion(Message):
    """À défaut de comité d’entreprise, avis des délégués du personnel (avant 2018)."""

    delegates: Opinion

    @property
    def form(self) -> OpinionForm:
        """Return the legal form of the opinion."""
        return OpinionForm.DELEGATES

    @property
    def given(self) -> Opinion | None:
        """Return the opinion of the delegates."""
        return self.delegates


def _form(value: object) -> str | None:
    keys = value if isinstance(value, dict) else getattr(value, "model_fields_set", ())
    return next((name for name in ("pending", "not_required", "delegates", "opinion") if name in keys), None)


WorksCouncil = Annotated[
    Annotated[Opinion, Tag("opinion")]
    | Annotated[OpinionPending, Tag("pending")]
    | Annotated[OpinionNotRequired, Tag("not_required")]
    | Annotated[DelegatesOpinion, Tag("delegates")],
    Discriminator(_form),
]


Commitments = Annotated[tuple[Commitment, ...], Field(max_length=20)]


class Substance(Message):
    """The part of a request that the law judges, without who files or what names persons or bank accounts."""

    ground: Ground
    perimeter: Perimeter
    placement_on: Day | None = None
    """Defaults to the first day of the period."""
    period: Period
    headcount: People
    employees: People
    hours: Hours
    works_council: WorksCouncil
    commitments: Commitments = ()
    other_employees: Annotated[bool, Field(strict=True)] = False
    """States that other employees are meant than in the requests for the same days."""
    law_on: Day | None = None
    """Training profile only: rules as on this day."""

    @property
    def placed_on(self) -> date:
        """Return the day on which employees are placed in short-time work."""
        return self.placement_on or self.period.start_on


class Filing(Substance):
    """Demande préalable d’autorisation (R. 5122-2), as posted to `/requests`."""

    siret: Siret | None = None
    """Needed only when the account covers several establishments."""
    circumstances: Prose
    bank_account: BankAccount
    direct_payment: Annotated[bool, Field(strict=True)] = False


class DraftBody(Message):
    """A new draft: what determines until when it may be filed."""

    ground: Ground
    placement_on: Day
    siret: Siret | None = None
    law_on: Day | None = None


class PaperFiling(Message):
    """A request received on paper before online filing, with its certain date and, if there is one, its scan."""

    received_at: Moment
    request: Filing
    file: FileId | None = None
    """The scanned request: kept with the case, its SHA-256 in the event of the reception."""
