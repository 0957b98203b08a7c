"""What an employer says of its files from the page of one: what columns hold, and what codes mean."""

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from models.claim_files.fields import Field
from models.claim_files.profile import ImportProfile, merged
from starter.auth.credentials import PresentedCredential
from starter.context import AppContext
from starter.pages.components import code_rows
from starter.pages.components.code_rows import FORGOTTEN
from starter.pages.components.forms import form_submission
from starter.pages.components.resumption import TypedForm
from starter.pages.components.session_forms import session_form
from starter.pages.components.visitor import SessionOptional, redirect
from starter.pages.employer import claim_files
from starter.pages.employer.claim_files import COLUMN, CodePage
from starter.pages.employer.claim_month import MonthAddress, address_of
from starter.services import claim_uploads
from starter.services.claim_uploads import UploadAddress
from starter.services.upload_views import UploadView

router = APIRouter(include_in_schema=False)

PROFILE_NAME: Final = "Logiciel de paie"


@router.post(f"{claim_files.UPLOAD}/profile")
async def send_profile(
    context: AppContext,
    request: Request,
    visitor: SessionOptional,
    to: MonthAddress,
    upload_id: str,
    codes: CodePage = 0,
) -> Response:
    """Say what columns and codes mean, like `PUT /api/v1/requests/{reference}/claims/{month}/uploads/{id}/profile`."""

    def act(form: TypedForm, session: PresentedCredential) -> Response:
        def state(known: ImportProfile | None, file: UploadView) -> ImportProfile:
            stated = _body(known or ImportProfile(name=PROFILE_NAME), file, form.fields)
            return form_submission(ImportProfile, stated).read()

        claim_uploads.change_profile(context, session, UploadAddress(*to[:3]), upload_id, state)
        return redirect(address_of(to, "uploads", upload_id))

    def again(form: TypedForm, session: PresentedCredential, wrong: dict[str, str]) -> Response:
        return claim_files.view(context, request, session, to, upload_id, form, wrong, codes=codes)

    return await session_form(request, visitor, act, again, code_rows.POINTERS)


def _body(known: ImportProfile, file: UploadView, fields: Mapping[str, str]) -> dict[str, object]:
    """Return the profile that a form states with what is known; raises `InvalidRequest`."""
    columns = {
        each.header: fields[f"{COLUMN}{each.number}"]
        for each in file.unknown_headers
        if f"{COLUMN}{each.number}" in fields
    }
    said, before = code_rows.stated(fields), code_rows.explained(known)
    codes = {
        field: {code: of for code, of in merged(before[field], said[field]).items() if of != FORGOTTEN}
        for field in code_rows.FIELDS
    }
    stated = {
        "version": 1,
        "headers": merged({name: str(of) for name, of in known.headers.items()}, columns),
        "categories": codes[Field.CATEGORY],
        "modes": codes[Field.MODE],
    }
    return known.model_dump(mode="json") | stated
