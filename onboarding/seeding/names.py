"""Names of companies and people: plain, Welsh, and as long as a column takes. A number always gives the same one.

Addresses end in `.example`, which nobody can own (RFC 2606 section 2); telephone numbers are those that Ofcom keeps
free for films and books (01632 960000 to 960999).
"""

import random
import unicodedata
from dataclasses import dataclass

from django.utils.text import slugify

DOMAIN = ".example"
STRIDE = 7919  # prime to the number of names, so that neighbours have unlike ones


def _list(words: str, between: str | None = None) -> tuple[str, ...]:
    return tuple(words.split(between))


PLACES = _list(
    "Ashford Barrow Bodmin Boston Bude Buxton Chard Corby Deal Diss Epping Frome Gosport Hythe Ilkley Keswick "
    "Kendal Leek Louth Ludlow March Malton Neath Newark Oakham Otley Poole Penrith Redcar Ripon Rugby Ryde Selby "
    "Settle Skipton Stroud Tenby Thame Thirsk Tring Truro Ware Wells Whitby Wick Wigan Yate Yeovil"
)
FIRST_WORDS = _list(
    "Amber Anchor Beacon Bluestone Bright Broad Cedar Chalk Clear Coastal Copper Crown Dale Dawn Eastern Elm Ember "
    "Falcon Fenland First Forge Granite Green Harbour Heath High Iron Island Kestrel Lantern Lime Lowland Meridian "
    "Mill Moor Northern Oak Orchard Peak Quay Ridge River Rowan Sable Severn Silver Slate Solent Southern Spring "
    "Stone Summit Thames Tidal Tower Trent Union Vale Valley Western White Willow"
)
SECOND_WORDS = _list(
    "Energy;Power;Metering;Supply;Grid Services;Heat Networks;Renewables;Data Collection;Electricity Trading;"
    "Community Energy;Flexibility;Storage",
    ";",
)
WELSH_FIRST_WORDS = _list(
    "Ynni Cymru;Trydan Glân;Cwmni Gwynt y Môr;Golau'r Dyffryn;Dŵr a Thân;Ynni Cymunedol Tŷ'r Ysgol;Mesuryddion Môn;"
    "Haul Llŷn;Grid y Gorllewin;Pŵer Eryri;Ynni Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch",
    ";",
)
LONG = (
    "{first} and {place} Electricity Metering, Settlement, Data Collection, Data Aggregation and Customer Connection "
    "Services ({second} Division) Public Limited Company"
)
GIVEN_NAMES = _list(
    "Aisha Alan Angharad Anwen Beth Callum Carys Chidi Chloe Daniel Deepa Dylan Efa Eleri Emily Farah Ffion Gareth "
    "George Gwen Hannah Harpreet Hywel Imran Ioan Isla Jack James Jin Karen Kwame Lauren Leila Llŷr Lucy Mair Megan "
    "Mohammed Nia Niamh Oluwaseun Owain Priya Rhys Rosa Ruth Siân Siobhán Sofia Tomos Wei Yusuf Zofia"
)
FAMILY_NAMES = _list(
    "Adeyemi Ahmed Ali Begum Bevan Brown Campbell Chen Clarke Davies Eastwood Edwards Evans Fraser Gill Green "
    "Griffiths Hall Hughes Hussain Jackson James Jones Kaur Khan Kowalska Lewis Llewellyn MacDonald Morgan Murphy "
    "Okafor O’Brien Owen Patel Powell Price Pritchard Pugh Reid Roberts Rowlands Shah Singh Smith Thomas Walker "
    "Watkins Williams Wood Wright Ó’Súilleabháin Featherstonehaugh Vaughan-Williams"
)
USUAL, ALL = len(FIRST_WORDS) * len(SECOND_WORDS), len(FIRST_WORDS) * len(SECOND_WORDS) * len(PLACES) * 40


@dataclass(frozen=True)
class CompanyName:
    """A registered name, the address of the company's page and its registered number, all of them unlike others'."""

    name: str
    slug: str
    number: str


def name_company(index: int) -> CompanyName:
    """The company of this number: of ten one is long and one is Welsh."""
    place_in_all = index * STRIDE % ALL
    rest, first = divmod(place_in_all, len(FIRST_WORDS))
    rest, second = divmod(rest, len(SECOND_WORDS))
    again, place = divmod(rest, len(PLACES))
    parts = {"first": FIRST_WORDS[first], "second": SECOND_WORDS[second], "place": PLACES[place]}
    if index % 10 == 3:
        name = LONG.format(**parts)
    elif index % 10 == 7:
        name = f"{WELSH_FIRST_WORDS[index // 10 % len(WELSH_FIRST_WORDS)]} {parts['place']} Cyf"
    else:
        name = "{first} {place} {second} Ltd".format(**parts)
    if again or index % 10 == 7:
        name = f"{name} ({index})"
    slug = f"{slugify(name)[:45].strip('-')}-{index}"
    return CompanyName(name[:160], slug, f"{index:08d}")


def name_person(rng: random.Random) -> str:
    """A given name and a family name."""
    return f"{rng.choice(GIVEN_NAMES)} {rng.choice(FAMILY_NAMES)}"


def make_address(name: str, place: str, number: int) -> str:
    """An email address in lower case and ASCII; `number` tells namesakes at one place apart."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    local = ".".join("".join(c for c in word if c.isalnum()) for word in plain.split())
    return f"{local}{number or ''}@{place}{DOMAIN}"


def make_telephone(rng: random.Random) -> str:
    """A number that rings nowhere."""
    return f"01632 960{rng.randrange(1000):03d}"
