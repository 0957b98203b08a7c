"""The reference of the API, drawn from the OpenAPI document that is served: the calls of each group, in words."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

Node = Mapping[str, object]
GROUPS: Final = (
    ("public", "Public", "Calculer un délai, vérifier un document, savoir si le service répond : sans compte."),
    ("adhesion", "Adhésion", "Adhérer, activer, corriger une adresse : avant d’avoir un compte."),
    ("compte", "Compte", "Se connecter, protéger son compte, gérer jetons, membres, mandats et habilitations."),
    ("employeur", "Employeur", "Déposer, suivre, compléter, se désister, lire les documents."),
    ("brouillon", "Brouillon", "Préparer une demande et la déposer plus tard."),
    ("indemnisation", "Demande d’indemnisation", "Envoyer un fichier de paie, déposer, corriger, lire, annuler."),
    ("messages", "Messages", "Échanger avec le service en charge d’un dossier."),
    ("agent", "Agent", "Lire le bureau et les dossiers, demander des pièces, décider."),
    ("unite", "Unité", "Gérer une unité : agents, délégations, absences."),
    ("visas", "Visa des demandes d’indemnisation", "Lire le bureau, donner son accord, refuser, instruire d’avance."),
    ("exploitation", "Exploitation", "Suivre le service, reprendre ce qui est arrêté, révoquer des jetons."),
    ("audit", "Audit", "Savoir qui a lu, qui a agi, et si la chaîne est entière."),
)
"""Slug of each page, tag of its calls in the document, what they are for."""
METHODS: Final = ("get", "post", "patch", "put", "delete")
MAX_DEPTH: Final = 3
"""How deep the members of a body are shown; what is deeper is in the document."""
PLACES: Final = {"path": "dans l’adresse", "query": "dans la requête", "header": "en-tête", "cookie": "témoin"}
TYPES: Final = {
    "string": "texte",
    "integer": "entier",
    "number": "nombre",
    "boolean": "oui ou non",
    "array": "liste",
    "object": "objet",
    "null": "rien",
}
FORMATS: Final = {"date": "date", "date-time": "instant", "binary": "fichier"}


class Row(NamedTuple):
    """A parameter or a member: its name, how deep it is, what it may be, whether it is required, what it means."""

    name: str
    depth: int
    kind: str
    required: bool
    description: str


class AnswerRow(NamedTuple):
    """One answer: its status, when it comes, its media type, and its members."""

    status: str
    description: str
    media: str
    members: list[Row]


class Call(NamedTuple):
    """One call of the API, as its page shows it."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    public: bool
    parameters: list[tuple[Row, str]]
    media: str
    body: list[Row]
    example: str
    answers: list[AnswerRow]


def calls_of(document: Node, tag: str) -> list[Call]:
    """Return the calls of a group, in the order of their addresses."""
    paths = _node(document["paths"])
    return [
        _call(document, path, method, _node(_node(paths[path])[method]))
        for path in paths
        for method in METHODS
        if method in _node(paths[path]) and tag in _list(_node(_node(paths[path])[method]).get("tags"))
    ]


def count_calls(document: Node) -> dict[str, int]:
    """Return how many calls each group has, by slug."""
    return {slug: len(calls_of(document, tag)) for slug, tag, _ in GROUPS}


def _call(document: Node, path: str, method: str, call: Node) -> Call:
    media, body, example = _body(document, _node(call.get("requestBody")))
    return Call(
        id=str(call["operationId"]),
        method=method.upper(),
        path=path,
        summary=str(call.get("summary", "")),
        description=str(call.get("description", "")),
        public=call.get("security") == [],
        parameters=[_parameter(document, _node(each)) for each in _list(call.get("parameters"))],
        media=media,
        body=body,
        example=example,
        answers=[_answer(document, status, _node(each)) for status, each in _node(call["responses"]).items()],
    )


def _parameter(document: Node, parameter: Node) -> tuple[Row, str]:
    schema = _node(parameter.get("schema"))
    said = str(parameter.get("description") or schema.get("description") or "")
    row = Row(str(parameter["name"]), 0, kind_of(document, schema), bool(parameter.get("required")), said)
    return row, PLACES[str(parameter["in"])]


def _body(document: Node, body: Node) -> tuple[str, list[Row], str]:
    for media, content in _node(body.get("content")).items():
        schema = _node(_node(content).get("schema"))
        example = _node(content).get("example")
        written = "" if example is None else json.dumps(example, ensure_ascii=False, indent=2)
        return str(media), list(_members(document, schema, 0)), written
    return "", [], ""


def _answer(document: Node, status: str, answer: Node) -> AnswerRow:
    content = _node(answer.get("content"))
    media = ", ".join(content)
    problem = media == "application/problem+json"
    schema = _node(_node(next(iter(content.values()), {})).get("schema"))
    members = [] if problem else list(_members(document, schema, 0))
    return AnswerRow(status, str(answer.get("description", "")), media, members)


def _members(document: Node, schema: Node, depth: int) -> Iterator[Row]:
    """Yield the members of a schema, and those of its members, as far as is worth showing."""
    known = _resolved(document, schema)
    required = _list(known.get("required"))
    for name, each in _node(known.get("properties")).items():
        member = _node(each)
        said = str(member.get("description") or "")
        yield Row(str(name), depth, kind_of(document, member), name in required, said)
        if depth + 1 < MAX_DEPTH:
            for inner in _inner(document, member):
                yield from _members(document, inner, depth + 1)


def _inner(document: Node, member: Node) -> Iterator[Node]:
    """Yield the object that a member holds, alone or in a list; alternatives are only named."""
    known = _resolved(document, member)
    if "items" in known:
        known = _resolved(document, _node(known["items"]))
    if "properties" in known:
        yield known


def kind_of(document: Node, schema: Node) -> str:
    """Say in French what a value may be: « texte parmi grant, refusal », « liste de textes »."""
    known = _resolved(document, schema)
    values = known.get("enum") or ([known["const"]] if "const" in known else [])
    if values:
        return "l’un de : " + ", ".join(str(each) for each in _list(values))
    for name in ("anyOf", "oneOf"):
        if name in known:
            kinds = [kind_of(document, _node(each)) for each in _list(known[name])]
            return " ou ".join(dict.fromkeys(each for each in kinds if each != "rien"))
    if "items" in known:
        return f"liste ({kind_of(document, _node(known['items']))})"
    return FORMATS.get(str(known.get("format")), TYPES.get(str(known.get("type", "object")), "objet"))


def _resolved(document: Node, schema: Node) -> Node:
    reference = schema.get("$ref")
    if not isinstance(reference, str):
        return schema
    found: Node = document
    for step in reference.removeprefix("#/").split("/"):
        found = _node(found[step])
    return found


def _node(value: object) -> Node:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else []
