"""Pages to enrol and to activate: plain forms, without a script."""

from fastapi import APIRouter

router = APIRouter(include_in_schema=False)
