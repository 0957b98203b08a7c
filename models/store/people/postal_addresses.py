"""Where a letter reaches a firm: what the register of establishments says, never what somebody stated here."""

from sqlalchemy import Connection

from models.store.people import companies


def find(connection: Connection, siret: str) -> tuple[str, ...] | None:
    """Return the lines of the address, the firm’s name first: its head office’s, if that is elsewhere.

    None when no letter can be sent: unknown, closed, not disclosed or incomplete, or the register did not answer yet.
    """
    listed, address = companies.find_listed(connection, siret), companies.find_mailing_address(connection, siret)
    if listed is None or address is None or listed.state != "active" or not listed.name:
        return None
    return tuple(line for line in (listed.name, *address.lines, address.last_line, address.country) if line)
