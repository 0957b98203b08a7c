"""Figures of the entry family."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.figures import Figure
from bench.http import CallResults


@dataclass(frozen=True)
class Round:
    """Results of each kind in one round, and bare password hashes per second."""

    empty: CallResults
    enrolled: CallResults
    signed_in: CallResults
    hashes: float
    of_unknown: CallResults
    of_known: CallResults
    new: CallResults
    taken: CallResults


def build_figures(rounds: Sequence[Round]) -> list[Figure]:
    """Return the figures of enrolments and sign-ins, and of what their response times reveal."""
    return [*_enrolments(rounds), *_sign_ins(rounds), *_times(rounds), _failed(rounds)]


def _values(rounds: Sequence[Round], of: Callable[[Round], float]) -> tuple[float, ...]:
    return tuple(of(each) for each in rounds)


def _enrolments(rounds: Sequence[Round]) -> list[Figure]:
    bound = (
        "One interpreter lock: the terms in force, a key for the process, a dozen statements through SQLAlchemy, two "
        "commits (the try is counted by itself)."
    )
    return [
        Figure(
            name="Calls of an empty endpoint in the time of an enrolment",
            unit="× empty",
            values=_values(rounds, lambda each: each.empty.rate() / each.enrolled.rate()),
            bound=bound,
        ),
        Figure(
            name="Enrolments a second",
            unit="/s",
            values=_values(rounds, lambda each: each.enrolled.rate()),
            bound=bound,
            beside="in 2020 the whole country: 340,000 firms, most of them in three weeks",
        ),
        Figure(
            name="Answer to an enrolment, 64 in flight: p99",
            unit="ms",
            values=_values(rounds, lambda each: each.enrolled.ms(0.99)),
            bound="400 ms of it are waited on purpose, so that the time tells nothing.",
        ),
    ]


def _sign_ins(rounds: Sequence[Round]) -> list[Figure]:
    bound = "The hash of the password is the work, on purpose; three short transactions are around it."
    return [
        Figure(
            name="Sign-ins a second, of the hash of a password alone",
            unit="× argon2",
            values=_values(rounds, lambda each: each.signed_in.rate() / each.hashes),
            bound=bound,
        ),
        Figure(
            name="Calls of an empty endpoint in the time of a sign-in",
            unit="× empty",
            values=_values(rounds, lambda each: each.empty.rate() / each.signed_in.rate()),
            bound=bound,
        ),
        Figure(
            name="Sign-ins a second",
            unit="/s",
            values=_values(rounds, lambda each: each.signed_in.rate()),
            bound=bound,
        ),
        Figure(
            name="A sign-in, 16 in flight: p99, of sixteen hashes in turn",
            unit="× 16 argon2",
            values=_values(rounds, lambda each: each.signed_in.ms(0.99) / (16_000 / each.hashes)),
            bound="Hashes take turns: each waits for those before it; no more are done at once than there are cores.",
        ),
        Figure(
            name="A sign-in, 16 in flight: p99",
            unit="ms",
            values=_values(rounds, lambda each: each.signed_in.ms(0.99)),
            bound=bound,
        ),
    ]


def _times(rounds: Sequence[Round]) -> list[Figure]:
    return [
        Figure(
            name="Refusal of an unknown login, of a wrong password",
            unit="×",
            values=_values(rounds, lambda each: each.of_unknown.ms(0.5) / each.of_known.ms(0.5)),
            bound="The same statements and the same hash: what differs is noise.",
        ),
        Figure(
            name="Answer to who enrols an enrolled establishment, of a new one",
            unit="×",
            values=_values(rounds, lambda each: each.taken.ms(0.5) / each.new.ms(0.5)),
            bound="Both are answered after the same wait, which is longer than either takes.",
        ),
    ]


def _failed(rounds: Sequence[Round]) -> Figure:
    return Figure(
        name="Enrolments and sign-ins that failed",
        unit="",
        values=_values(rounds, lambda each: float(each.enrolled.errors() + each.signed_in.errors())),
        limit=0,
        bound="Nothing may be lost.",
    )
