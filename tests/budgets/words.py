"""How many words a page asks somebody to read.

Counted is what stands in <main>, folded parts too. Not counted are rows of data (table bodies, and lists marked
`data-rows`) and commands, which are copied and not read. Guides and the catalogue of the help are there to be read, and
are searched.
"""

from selectolax.lexbor import LexborHTMLParser

from onboarding.help import urls as help_urls

MOST_WORDS = 700
DATA = ("tbody", "[data-rows]", "select", "pre", "script", "style", "template")
TO_BE_READ = {f"help:{each.name}" for each in help_urls.urlpatterns} - {"help:check-file"}


def count_words(html: bytes) -> int:
    """What a person could read on a page, without the data and the commands on it."""
    main = LexborHTMLParser(html).css_first("main")
    if main is None:
        return 0
    while part := main.css_first(",".join(DATA)):  # one after the other: one may stand in another
        part.decompose()
    return len(main.text(separator=" ").split())
