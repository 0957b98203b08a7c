"""The département of a commune, by its INSEE code, or by its postcode when there is nothing better (R. 5122-2).

The INSEE code decides. A postcode only suggests: some serve communes of two départements (about seventy in France),
overseas CEDEX codes use numbers of other territories, and Corsica writes 20 for both of its départements.
"""

import re
from typing import Final

from law.departments import GENITIVES

CODES: Final = frozenset(line.split(" ", 1)[0] for line in GENITIVES.splitlines())
COMMUNE: Final = re.compile(r"(?:\d\d|2[AB])\d{3}", re.ASCII)
POSTCODE: Final = re.compile(r"(?<!\w)\d{5}(?!\w)", re.ASCII)

LEFT_GUADELOUPE: Final = frozenset(("97123", "97127"))
"""INSEE codes of Saint-Barthélemy and Saint-Martin until 2007: collectivities of their own since."""
POSTCODES_OF_COLLECTIVITIES: Final = frozenset(("97133", "97150"))
"""Postcodes of Saint-Barthélemy and Saint-Martin, which still begin like those of Guadeloupe."""
_BORDERS: Final = """\
01 38 39 69 71 73 74
02 08 51 59 60 77 80
03 18 23 42 58 63 71
04 05 06 26 83 84
05 26 38 73
06 83
07 26 30 38 42 43 48 84
08 51 55
09 11 31 66
10 21 51 52 77 89
11 31 34 66 81
12 15 30 34 46 48 81 82
13 30 83 84
14 27 50 61
15 19 43 46 48 63
16 17 24 79 86 87
17 24 33 79 85
18 23 36 41 45 58
19 23 24 46 63 87
21 39 52 58 70 71 89
22 29 35 56
23 36 63 87
24 33 46 47 87
25 39 70 90
26 38 84
27 28 60 61 76 78 95
28 41 45 61 72 78 91
29 56
2A 2B
30 34 48 84
31 32 65 81 82
32 40 47 64 65 82
33 40 47
34 81
35 44 49 50 53 56
36 37 41 86 87
37 41 49 72 86
38 42 69 73
39 70 71
40 47 64
41 45 72
42 43 63 69 71
43 48 63
44 49 56 85
45 58 77 89 91
46 47 82
47 82
49 53 72 79 85 86
50 53 61
51 52 55 77
52 55 70 88
53 61 72
54 55 57 67 88
55 88
57 67
58 71 89
59 62 80
60 76 77 80 95
61 72
62 80
64 65
67 68 88
68 88 90
69 71
70 88 90
73 74
75 92 93 94
76 80
77 89 91 93 94 95
78 91 92 95
79 85 86
81 82
83 84
86 87
91 92 94
92 93 94 95
93 94 95
"""
NEIGHBOURS: Final = frozenset(
    frozenset((first, other)) for first, *others in map(str.split, _BORDERS.splitlines()) for other in others
)
"""Pairs of départements with a common border, each written once above: only they share postcodes."""
CORSICAN_POSTCODES: Final = {"200": "2A", "201": "2A", "202": "2B", "206": "2B"}
"""First three digits of a Corsican postcode; other ones are CEDEX codes, which prove nothing."""


def department_of_commune(code: str) -> str | None:
    """Return the code of the département of a commune; None abroad, in a collectivity, or when there is no such code.

    Communes of 97 and 98 have a prefix of three digits: 97411 is in 974, 97701 (Saint-Barthélemy) in no département.
    """
    if not COMMUNE.fullmatch(code) or code in LEFT_GUADELOUPE:
        return None
    prefix = code[:3] if code[:2] in {"97", "98"} else code[:2]
    return prefix if prefix in CODES else None


def department_of_postcode(code: str) -> str | None:
    """Return the département that a postcode suggests; None when it suggests none. It never proves one."""
    if not POSTCODE.fullmatch(code) or code in POSTCODES_OF_COLLECTIVITIES:
        return None
    if code.startswith("20"):
        return CORSICAN_POSTCODES.get(code[:3])
    return department_of_commune(code)


def contradicts(postcode: str, department: str) -> bool:
    """Whether a postcode cannot belong to a département: it suggests another one, which is no neighbour."""
    suggested = department_of_postcode(postcode)
    return suggested not in {None, department} and frozenset((suggested, department)) not in NEIGHBOURS
