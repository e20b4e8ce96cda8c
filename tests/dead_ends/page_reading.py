"""What a page offers to whoever reads it, and whether it is a dead end.

Who reads which pages is in crawler.py.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urldefrag, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

# Links that lead to where one came from, or nowhere else.
WAYS_BACK = (".govuk-back-link", ".govuk-breadcrumbs__link", ".govuk-skip-link", ".govuk-error-summary a")
FILE = re.compile(r"\.(csv|ics|zip|pem|cer|pfx|json|txt|sh|ps1|cmd)$")
# A sentence that says who has it, or that there is nothing to do (and the page says why).
AT_REST = re.compile(
    r"\b(nothing (more )?(for you )?to do|has to act|has it|is waiting for|waiting for \w+|was done by|"
    r"you have (finished|no)|your steps are done|nobody has|there is (nothing|no)\b.{0,80}\b(here|yet|now)|no access)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Page:
    """One page as somebody was shown it. `path` is its address without a fragment."""

    path: str
    html: str = field(repr=False)

    @cached_property
    def tree(self) -> LexborHTMLParser:
        """The page as a tree."""
        return LexborHTMLParser(self.html)

    @property
    def main(self) -> LexborNode | None:
        """The part that is this page's own."""
        return self.tree.css_first("main")


def read_attribute(node: LexborNode, name: str, default: str = "") -> str:
    """What an attribute holds; "" for one that holds nothing, `default` where there is none."""
    return (node.attributes[name] or "") if name in node.attributes else default


def list_links(page: Page) -> list[str]:
    """Every address of this portal to which the page leads by a link or a form that is fetched; in the page's order."""
    found = [read_attribute(link, "href") for link in page.tree.css("a[href]")]
    for form in page.tree.css("form"):
        if read_attribute(form, "method", "get").lower() == "get":
            buttons = [read_attribute(each, "formaction") for each in form.css("[formaction]")]
            found += [read_attribute(form, "action"), *buttons]
    return list(dict.fromkeys(filter(None, (resolve(page.path, each) for each in found))))


def has_link_without_address(page: Page) -> bool:
    """Whether something looks like a link and leads nowhere."""
    return page.tree.css_first('a[href=""], a:not([href])') is not None


def resolve(path: str, link: str) -> str:
    """An address of this portal without a fragment; empty for one that leads out of it or only within the page."""
    if link.startswith("#"):
        return ""
    there = urlsplit(urldefrag(urljoin(f"https://portal{path}", link)).url)
    if there.scheme != "https" or there.netloc != "portal":
        return ""
    return there.path + (f"?{there.query}" if there.query else "")


def is_dead_end(page: Page) -> bool:
    """Whether the page leaves its reader without anything to do and without a word why.

    It is none when its <main> has one of

    - a form that is posted: a button that does something;
    - a link or a form that is fetched, whose path is neither the page's own nor a file to download, and which is no way
      back: no back link, breadcrumb or error summary, and no page above this one but Your tasks, which says what is
      next;
    - a link that leads out of the portal (Atlas, an email to write);
    - a sentence of AT_REST, which says who has it or that there is nothing to do.
    """
    main = page.main
    if main is None:
        return True
    if any(read_attribute(form, "method", "get").lower() == "post" for form in main.css("form")):
        return False
    if any(True for _ in _list_ways_on(page, main)):
        return False
    return not AT_REST.search(" ".join(main.text(separator=" ").split()))


def _list_ways_on(page: Page, main: LexborNode) -> Iterator[str]:
    here = urlsplit(page.path).path
    back = {each.mem_id for each in main.css(", ".join(WAYS_BACK))}
    targets = [read_attribute(each, "href") for each in main.css("a[href]") if each.mem_id not in back]
    targets += [read_attribute(each, "action") for each in main.css("form")]
    targets += [read_attribute(each, "formaction") for each in main.css("[formaction]")]
    for target in targets:
        if target.startswith(("https:", "mailto:")):
            yield target
        there = urlsplit(resolve(page.path, target)).path
        above = there != "/" and here.startswith(there)
        if there and there != here and not above and not FILE.search(there):
            yield target
