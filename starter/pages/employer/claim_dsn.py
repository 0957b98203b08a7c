"""A grid that begins with the people of a DSN: what a form asks for, so that no address names anybody."""

from functools import partial

from fastapi import APIRouter, Request
from starlette.responses import Response

from starter.auth.credentials import PresentedCredential
from starter.context import AppContext
from starter.pages.components import claim_terms_form
from starter.pages.components.claim_grid import DSN, dsn_grid
from starter.pages.components.resumption import TypedForm
from starter.pages.components.session_forms import Act, session_form
from starter.pages.components.visitor import SessionOptional, redirect
from starter.pages.employer import claim_files, claim_grid_views
from starter.pages.employer.claim_grid_views import Shown
from starter.pages.employer.claim_month import MonthAddress, address_of
from starter.services import claim_grids, claims, dsn_people

router = APIRouter(include_in_schema=False)


@router.post(f"{claim_files.UPLOAD}/grid")
async def begin_grid(
    context: AppContext, request: Request, visitor: SessionOptional, to: MonthAddress, upload_id: str
) -> Response:
    """Show the grid with the people of a DSN, their contracts and their hours of the month, to be spread over weeks."""

    def act(_: TypedForm, session: PresentedCredential) -> Response:
        reading = claim_grids.read_grid(context, session, to)
        if not reading.offered:
            return redirect(address_of(to))
        people = dsn_people.read_people(context, session, to, upload_id)
        last = reading.month.last
        fields = (claim_terms_form.typed(last) if last else {}) | {DSN: upload_id}
        return claim_grid_views.grid(request, session, to, reading, Shown(dsn_grid(people), fields, {}))

    def again(form: TypedForm, session: PresentedCredential, wrong: dict[str, str]) -> Response:
        return claim_files.view(context, request, session, to, upload_id, form, wrong)

    async def run(acting: Act, form: TypedForm, session: PresentedCredential) -> Response:
        return await claims.run_in_turn(context, session, to.reference, partial(acting, form, session))

    return await session_form(request, visitor, act, again, run=run)
