"""The synthetic people of the demo and what they answer. Nobody here exists.

Answers are digits in the order of the items asked: the PHQ-9 and its difficulty
item, then the GAD-7 and, in English, its difficulty item. A difficulty item is
asked only where something scored above zero.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Visit:
    """One screening: how many days ago, at what hour (UTC), what was answered."""

    days_ago: int
    hour: int
    answers: str
    submits: bool = True


@dataclass(frozen=True)
class Person:
    """A synthetic patient. `then` is what the clinic did: leave, claim or close."""

    number: str
    given: str
    family: str
    born: str
    visits: tuple[Visit, ...]
    language: str = "en"
    then: str = "leave"
    reachable: bool = False


PEOPLE = (
    Person(
        number="D-1001",
        given="Amara",
        family="Okafor",
        born="1991-04-12",
        reachable=True,
        visits=(
            Visit(28, 15, "1110000000" + "11000000"),
            Visit(14, 14, "2111100001" + "21110001"),
            Visit(1, 19, "2221110011" + "22211102"),
        ),
    ),
    Person(
        number="D-1002",
        given="Ben",
        family="Castillo",
        born="1978-09-30",
        then="claim",
        visits=(
            Visit(21, 16, "3332221222" + "33222222"),
            Visit(7, 20, "2222111011" + "22211111"),
        ),
    ),
    Person(
        number="D-1003",
        given="Carmen",
        family="Delgado",
        born="1985-01-23",
        language="es-US",
        visits=(
            Visit(20, 18, "1101000000" + "1110000"),
            Visit(3, 21, "2211100001" + "2211100"),
        ),
    ),
    Person(
        number="D-1004",
        given="Dmitri",
        family="Larsen",
        born="1969-12-05",
        then="close",
        visits=(
            Visit(25, 14, "3333322233" + "33333333"),
            Visit(11, 14, "3332222112" + "32222212"),
        ),
    ),
    Person(
        number="D-1005",
        given="Eun-ji",
        family="Han",
        born="1999-07-18",
        reachable=True,
        visits=(Visit(2, 3, "1110000020" + "10000000"),),
    ),
    Person(
        number="D-1006",
        given="Frank",
        family="Abbott",
        born="1958-03-02",
        visits=(Visit(6, 15, "000000000" + "0000000"),),
    ),
    Person(
        number="D-1007",
        given="Grace",
        family="Lindqvist",
        born="1994-11-27",
        visits=(
            Visit(16, 17, "1111000000" + "22211101"),
            Visit(5, 17, "1111000000" + "32222112"),
        ),
    ),
    Person(
        number="D-1008",
        given="Hassan",
        family="Mirza",
        born="1982-06-14",
        visits=(Visit(9, 22, "1121101001" + "11110000"),),
    ),
    Person(
        number="D-1009",
        given="Ines",
        family="Moreau",
        born="2001-02-08",
        visits=(Visit(5, 4, "222111012", submits=False),),
    ),
    Person(
        number="D-1010",
        given="Jonah",
        family="Whitfield",
        born="1973-10-19",
        then="close",
        visits=(
            Visit(30, 13, "3333333223" + "22222222"),
            Visit(15, 13, "2222221112" + "11111111"),
            Visit(8, 13, "1111110001" + "11100000"),
        ),
    ),
    Person(
        number="D-1011",
        given="Keisha",
        family="Barnes",
        born="1990-08-08",
        visits=(Visit(12, 1, "0110000000" + "01100000"),),
    ),
    Person(
        number="D-1012",
        given="Luis",
        family="Fuentes",
        born="1988-05-25",
        language="es-US",
        visits=(Visit(8, 23, "2212110001" + "1211000"),),
    ),
    Person(
        number="D-1013",
        given="Mei",
        family="Tanaka",
        born="1965-09-09",
        visits=(Visit(10, 15, "1000000000" + "10000000"),),
    ),
    Person(
        number="D-1014",
        given="Noah",
        family="Petrov",
        born="1997-12-31",
        then="claim",
        visits=(Visit(4, 2, "3332222003" + "33322222"),),
    ),
    Person(
        number="D-1015",
        given="Olivia",
        family="Sandoval",
        born="1980-04-04",
        visits=(
            Visit(18, 14, "1111111000" + "11111101"),
            Visit(4, 14, "0100000000" + "01000000"),
        ),
    ),
    Person(
        number="D-1016",
        given="Priya",
        family="Raman",
        born="1993-03-15",
        visits=(Visit(1, 14, "2111111001" + "22221111"),),
    ),
)

# Who a visitor of the demo may be: the links are made anew at every start.
VISITORS = (
    Person("D-2001", "Alex", "Rivera", "1990-01-15", ()),
    Person("D-2002", "Lucía", "Rivera", "1988-06-02", (), language="es-US"),
)
