"""Who publishes this installation: what the legal pages of the site must say, from the JSON file `TACITE_PUBLISHER`.

Nothing is invented: what the file leaves out, the pages say is not stated. `docs/operating.md` has an example.
"""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
WebAddress = Annotated[Line, StringConstraints(pattern=r"^(https://\S+)?$")]
Contact = Annotated[Line, StringConstraints(pattern=r"^((https://|mailto:)\S+)?$")]
Conformity = Literal["none", "partial", "full"]
"""How far the site conforms to RGAA (law n° 2005-102, art. 47): never above `none` without an audit."""

CONFORMITY_LABELS: Final[dict[Conformity, str]] = {
    "none": "non conforme",
    "partial": "partiellement conforme",
    "full": "totalement conforme",
}


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Host(_Part):
    """Who hosts the site (law n° 2004-575)."""

    name: Line = ""
    address: Line = ""
    telephone: Line = ""


class Accessibility(_Part):
    """The statement of accessibility: the result of an audit, if there was one (decree n° 2019-768)."""

    state: Conformity = "none"
    audited_on: date | None = None
    auditor: Line = ""
    rate: Annotated[int, Field(ge=0, le=100)] | None = None
    """Per cent of the criteria of RGAA that are met."""
    gaps: tuple[Line, ...] = ()
    """What does not conform, one sentence each."""
    plan: WebAddress = ""
    """Address of the plan for the years to come."""

    @model_validator(mode="after")
    def _check(self) -> "Accessibility":
        if self.state != "none" and (self.audited_on is None or not self.auditor or self.rate is None):
            raise ValueError("a state of conformity needs audited_on, auditor and rate")
        return self


class Publisher(_Part):
    """Publisher, host, contacts, accessibility."""

    name: Line = ""
    address: Line = ""
    director: Line = ""
    """Director of publication: name and quality."""
    email: Line = ""
    telephone: Line = ""
    hours: Line = ""
    """When the telephone is answered."""
    data_protection: Contact = ""
    """How to reach the data protection officer, `mailto:…` or `https://…`."""
    security: Contact = ""
    """Where vulnerabilities are reported, for `/.well-known/security.txt`; without it, the contact page."""
    host: Host = Host()
    accessibility: Accessibility = Accessibility()


@cache
def publisher(file: Path | None) -> Publisher:
    """Read the file once, or return what is known without one; raises `ValidationError` when it is wrong."""
    return Publisher() if file is None else Publisher.model_validate_json(file.read_bytes())
