"""The départements, as data: code and name with its preposition (INSEE, code officiel géographique).

The preposition is stored because every document needs it (« préfet de l’Ain », « préfet du Nord »).
"""

from typing import Final

GENITIVES: Final = """\
01 de l’Ain
02 de l’Aisne
03 de l’Allier
04 des Alpes-de-Haute-Provence
05 des Hautes-Alpes
06 des Alpes-Maritimes
07 de l’Ardèche
08 des Ardennes
09 de l’Ariège
10 de l’Aube
11 de l’Aude
12 de l’Aveyron
13 des Bouches-du-Rhône
14 du Calvados
15 du Cantal
16 de la Charente
17 de la Charente-Maritime
18 du Cher
19 de la Corrèze
2A de la Corse-du-Sud
2B de la Haute-Corse
21 de la Côte-d’Or
22 des Côtes-d’Armor
23 de la Creuse
24 de la Dordogne
25 du Doubs
26 de la Drôme
27 de l’Eure
28 d’Eure-et-Loir
29 du Finistère
30 du Gard
31 de la Haute-Garonne
32 du Gers
33 de la Gironde
34 de l’Hérault
35 d’Ille-et-Vilaine
36 de l’Indre
37 d’Indre-et-Loire
38 de l’Isère
39 du Jura
40 des Landes
41 de Loir-et-Cher
42 de la Loire
43 de la Haute-Loire
44 de la Loire-Atlantique
45 du Loiret
46 du Lot
47 de Lot-et-Garonne
48 de la Lozère
49 de Maine-et-Loire
50 de la Manche
51 de la Marne
52 de la Haute-Marne
53 de la Mayenne
54 de Meurthe-et-Moselle
55 de la Meuse
56 du Morbihan
57 de la Moselle
58 de la Nièvre
59 du Nord
60 de l’Oise
61 de l’Orne
62 du Pas-de-Calais
63 du Puy-de-Dôme
64 des Pyrénées-Atlantiques
65 des Hautes-Pyrénées
66 des Pyrénées-Orientales
67 du Bas-Rhin
68 du Haut-Rhin
69 du Rhône
70 de la Haute-Saône
71 de Saône-et-Loire
72 de la Sarthe
73 de la Savoie
74 de la Haute-Savoie
75 de Paris
76 de la Seine-Maritime
77 de Seine-et-Marne
78 des Yvelines
79 des Deux-Sèvres
80 de la Somme
81 du Tarn
82 de Tarn-et-Garonne
83 du Var
84 de Vaucluse
85 de la Vendée
86 de la Vienne
87 de la Haute-Vienne
88 des Vosges
89 de l’Yonne
90 du Territoire de Belfort
91 de l’Essonne
92 des Hauts-de-Seine
93 de la Seine-Saint-Denis
94 du Val-de-Marne
95 du Val-d’Oise
971 de la Guadeloupe
972 de la Martinique
973 de la Guyane
974 de La Réunion
975 de Saint-Pierre-et-Miquelon
976 de Mayotte
"""

SEATS: Final = """\
01 Bourg-en-Bresse
02 Laon
03 Moulins
04 Digne-les-Bains
05 Gap
06 Nice
07 Privas
08 Charleville-Mézières
09 Foix
10 Troyes
11 Carcassonne
12 Rodez
13 Marseille
14 Caen
15 Aurillac
16 Angoulême
17 La Rochelle
18 Bourges
19 Tulle
2A Ajaccio
2B Bastia
21 Dijon
22 Saint-Brieuc
23 Guéret
24 Périgueux
25 Besançon
26 Valence
27 Évreux
28 Chartres
29 Quimper
30 Nîmes
31 Toulouse
32 Auch
33 Bordeaux
34 Montpellier
35 Rennes
36 Châteauroux
37 Tours
38 Grenoble
39 Lons-le-Saunier
40 Mont-de-Marsan
41 Blois
42 Saint-Étienne
43 Le Puy-en-Velay
44 Nantes
45 Orléans
46 Cahors
47 Agen
48 Mende
49 Angers
50 Saint-Lô
51 Châlons-en-Champagne
52 Chaumont
53 Laval
54 Nancy
55 Bar-le-Duc
56 Vannes
57 Metz
58 Nevers
59 Lille
60 Beauvais
61 Alençon
62 Arras
63 Clermont-Ferrand
64 Pau
65 Tarbes
66 Perpignan
67 Strasbourg
68 Colmar
69 Lyon
70 Vesoul
71 Mâcon
72 Le Mans
73 Chambéry
74 Annecy
75 Paris
76 Rouen
77 Melun
78 Versailles
79 Niort
80 Amiens
81 Albi
82 Montauban
83 Toulon
84 Avignon
85 La Roche-sur-Yon
86 Poitiers
87 Limoges
88 Épinal
89 Auxerre
90 Belfort
91 Évry-Courcouronnes
92 Nanterre
93 Bobigny
94 Créteil
95 Cergy
971 Basse-Terre
972 Fort-de-France
973 Cayenne
974 Saint-Denis
975 Saint-Pierre
976 Mamoudzou
"""
"""The town of each préfecture, where decisions are dated from (INSEE, code officiel géographique)."""

# Recalled, not verified against the decree: the départements whose service is a DDETS-PP (protection des populations).
_WITH_POPULATION_PROTECTION: Final = (
    "03 04 05 07 08 09 10 11 12 15 16 18 19 2A 2B 23 24 25 28 32 36 39 40 41 43 46 47 48 52 53 55 58 61 65 "
    "70 73 79 81 82 87 88 89 90"
)
WITH_POPULATION_PROTECTION: Final = frozenset(_WITH_POPULATION_PROTECTION.split())

# Paris and the départements around it: their units belong to the regional service itself.
INNER_PARIS_REGION: Final = frozenset(("75", "92", "93", "94"))

OVERSEAS_ZONES: Final = {
    "971": "America/Guadeloupe",
    "972": "America/Martinique",
    "973": "America/Cayenne",
    "974": "Indian/Reunion",
    "975": "America/Miquelon",
    "976": "Indian/Mayotte",
}
METROPOLITAN_ZONE: Final = "Europe/Paris"
