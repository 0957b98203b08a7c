"""The claim of a month without a file: a grid of people and weeks, checked, shown with its sums, then filed.

What is typed travels in the form alone until it is filed: no cookie, row or log holds it, and an ended session gives it
back (`starter.pages.components.resumption`). It is filed by the very act of the API’s `lines`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from fastapi import APIRouter, Request
from pydantic import TypeAdapter
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from models.bodies.claim import ClaimBody
from starter.auth.credentials import PresentedCredential
from starter.context import AppContext, Context
from starter.http.problems import InvalidRequest, problem
from starter.http.request_body import read
from starter.pages.components import claim_grid_faults, claim_terms_form
from starter.pages.components.claim_grid import DSN, Grid, TooManyPeople, known_grid, rows, typed_grid
from starter.pages.components.form_keys import keyed_submission
from starter.pages.components.resumption import TypedForm
from starter.pages.components.said import redirect_saying
from starter.pages.components.session_forms import Act, session_form
from starter.pages.components.typed import whole
from starter.pages.components.visitor import SessionOptional, SessionRequired, redirect
from starter.pages.employer import claim_grid_views, claim_month
from starter.pages.employer.claim_grid_views import Shown
from starter.pages.employer.claim_month import MonthAddress, address_of
from starter.services import claim_grids, claims, dsn_people
from starter.services.claim_grids import MAX_PEOPLE, GridReading
from starter.services.claim_views import ClaimAddress
from starter.services.claims import ClaimPreview

router = APIRouter(include_in_schema=False)

PATH: Final = f"{claim_month.PATH}/grid"
MAX_FIELDS: Final = 240
"""Of a form: the values of the people shown, a field for each of the others, what is said of the establishment."""
CHANGES: Final = ("add", "edit")
"""Buttons that have no line read."""
TOO_MANY: Final = f"Une grille prend {MAX_PEOPLE} salariés au plus : au-delà, envoyez un fichier."
HOW_LONG: Final = "Indiquez la durée de votre aménagement du temps de travail, en mois."
OTHERS: Final = {f"/{each}": each for each in (*claim_terms_form.NAMES, "reference_months")}
"""Pointers of what a claim states beside its lines, and their fields."""
_BODY: Final = TypeAdapter(ClaimBody)


@dataclass(frozen=True)
class Sent:
    """A form of a grid that a session sent, for the month that was read."""

    context: Context
    session: PresentedCredential
    to: ClaimAddress
    reading: GridReading
    fields: Mapping[str, str]
    grid: Grid

    def body(self) -> dict[str, object]:
        """Return the claim that it states, in the form of the API."""
        stated: dict[str, object] = {"month": f"{self.to.month:%Y-%m}", "part": self.to.part}
        stated |= claim_terms_form.members(self.fields)
        stated |= {"replaces": self.fields["replaces"]} if "replaces" in self.fields else {}
        if "reference_months" in self.fields:
            stated["reference_months"] = whole(self.fields["reference_months"])
        stated["monthly_reimbursement"] = "monthly" in self.fields
        return stated | {"lines": [line for _, _, line in rows(self.grid, self.reading.weeks)]}

    def beside(self, refused: InvalidRequest) -> dict[str, str]:
        """Return the sentence of each value that the API refuses."""
        places = [(number, week) for number, week, _ in rows(self.grid, self.reading.weeks)]
        return claim_grid_faults.beside_values(refused.faults, places, OTHERS)

    def missing(self) -> dict[str, str]:
        """Return a sentence for what the API would not miss: people without hours, how long a late arrangement is."""
        late = self.reading.month.late
        is_missing = late is not None and late.correction is None and "reference_months" not in self.fields
        return ({"reference_months": HOW_LONG} if is_missing else {}) | claim_grid_faults.without_hours(
            self.grid, self.reading.weeks
        )


@router.get(PATH)
def grid_page(context: AppContext, request: Request, visitor: SessionRequired, to: MonthAddress) -> Response:
    """Show the grid, with the people of the version that is put right, or of an earlier month."""
    reading = claim_grids.read_grid(context, visitor, to)
    if not reading.offered:
        return redirect(address_of(to))
    known = claim_grids.find_known_people(context, visitor, reading)
    grid = known_grid(known.people, reading.weeks, with_hours=known.with_hours)
    last = reading.month.last
    fields = claim_terms_form.typed(last) if last else {}
    shown = Shown(grid, fields, {}, None if known.with_hours else known.month)
    return claim_grid_views.grid(request, visitor, to, reading, shown)


@router.post(PATH)
async def send_grid(context: AppContext, request: Request, visitor: SessionOptional, to: MonthAddress) -> Response:
    """Change the grid, check it, or file its claim, like `POST /api/v1/requests/{reference}/claims` with lines."""

    def act(form: TypedForm, session: PresentedCredential) -> Response:
        sent = _sent(context, session, to, form)
        if not sent.reading.weeks or sent.reading.month.direct:
            return redirect(address_of(to))
        asked = form.fields.get("do", "check")
        if asked == "file":
            return _file(request, sent)
        return _check(request, sent) if asked == "check" else _change(request, sent, asked)

    def again(form: TypedForm, session: PresentedCredential, wrong: dict[str, str]) -> Response:
        return _view(request, _sent(context, session, to, form), wrong)

    async def run(acting: Act, form: TypedForm, session: PresentedCredential) -> Response:
        if form.fields.get("do") in CHANGES:
            return await run_in_threadpool(acting, form, session)
        return await claims.run_in_turn(context, session, to.reference, partial(acting, form, session))

    return await session_form(request, visitor, act, again, run=run, max_fields=MAX_FIELDS)


def _sent(context: Context, session: PresentedCredential, to: ClaimAddress, form: TypedForm) -> Sent:
    """Return a form with its grid; raises 413 for more people than any page of a grid holds."""
    reading = claim_grids.read_grid(context, session, to)
    try:
        grid = typed_grid(form.fields)
    except ValueError as hostile:
        raise problem("too-large", TOO_MANY) from hostile
    return Sent(context, session, to, reading, form.fields, grid.kept() if form.fresh else grid)


def _change(request: Request, sent: Sent, asked: str) -> Response:
    """Show the grid with one more person, or at other people; once checked, with what is wrong of them."""
    act, _, number = asked.partition("-")
    if act == "add":
        try:
            return _view(request, replace(sent, grid=sent.grid.plus_one()), {})
        except TooManyPeople:
            return _view(request, sent, {"form": TOO_MANY})
    if act == "show" and number.isdigit():
        sent = replace(sent, grid=sent.grid.showing(int(number)))
    return _view(request, sent, _preview(sent)[1] if "checked" in sent.fields else {})


def _check(request: Request, sent: Sent) -> Response:
    preview, wrong = _preview(sent)
    if preview is None:
        return _view(request, _at_first_wrong(sent, wrong), wrong)
    shown = Shown(sent.grid, sent.fields, {})
    return claim_grid_views.check(request, sent.session, sent.to, sent.reading, shown, preview)


def _file(request: Request, sent: Sent) -> Response:
    """File the claim; whatever the admission refuses is said above the grid."""
    wrong = sent.missing()
    if not wrong:
        submission = keyed_submission(ClaimBody, address_of(sent.to), sent.body(), sent.fields)
        try:
            claims.receive_claim(sent.context, sent.session, sent.to.reference, submission)
            if DSN in sent.fields:
                dsn_people.forget(sent.context, sent.session, sent.to, sent.fields[DSN])
            return redirect_saying(address_of(sent.to), "claim", sent.session)
        except InvalidRequest as refused:
            wrong = sent.beside(refused)
    return _view(request, _at_first_wrong(sent, wrong), wrong)


def _preview(sent: Sent) -> tuple[ClaimPreview | None, dict[str, str]]:
    """Return what the grid comes to, or what is wrong in it."""
    wrong = sent.missing()
    try:
        preview = claims.preview_claim(sent.context, sent.session, sent.to.reference, read(_BODY, sent.body()))
    except InvalidRequest as refused:
        return None, sent.beside(refused) | wrong
    return (None, wrong) if wrong else (preview, {})


def _at_first_wrong(sent: Sent, wrong: Mapping[str, str]) -> Sent:
    """Return the grid where its first wrong value is shown."""
    number = claim_grid_faults.first_wrong(wrong)
    return replace(sent, grid=sent.grid.showing(number)) if number else sent


def _view(request: Request, sent: Sent, wrong: Mapping[str, str]) -> Response:
    shown = Shown(sent.grid, sent.fields, wrong)
    return claim_grid_views.grid(request, sent.session, sent.to, sent.reading, shown)
