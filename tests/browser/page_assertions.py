"""What is looked for on a page that a browser has open: axe, the content security policy, its width, its status.

Which pages are looked at is the business of page_states.py.
"""

from importlib import resources

from playwright.sync_api import BrowserContext, Page

AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What colours may depend on: the policy forbids style attributes, so elements and classes, and what these stand in.
LOOKS = """() => {
  const look = (each) => [each.localName, ...[...each.classList].sort(), each.disabled ? ':disabled' : ''].join('.');
  const whole = (each) => each.localName === 'body' ? '' : `${whole(each.parentElement)} ${look(each)}`;
  window.looks = new Map();
  for (const each of document.querySelectorAll('body *')) {
    if (!each.getClientRects().length) continue;
    const key = whole(each);
    if (!window.looks.has(key)) window.looks.set(key, []);
    window.looks.get(key).push(each);
  }
  return [...window.looks.keys()];
}"""
RUN = """async ([tags, fresh]) => {
  const options = {resultTypes: ['violations'], preload: false};
  const page = await axe.run({...options,
    runOnly: {type: 'tag', values: tags}, rules: {'color-contrast': {enabled: false}}});
  if (!fresh.length) return page.violations;
  const contrast = await axe.run({include: fresh.flatMap((look) => window.looks.get(look))},
    {...options, runOnly: {type: 'rule', values: ['color-contrast']}});
  return [...page.violations, ...contrast.violations];
}"""
WATCH = """window.refused = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.refused.push(event.violatedDirective + " " + event.blockedURI);
});"""
SHOWN = """() => [...document.querySelectorAll('[hidden]:not([hidden="until-found"])')]
  .filter((each) => each.getClientRects().length).map((each) => each.outerHTML.slice(0, 120))"""
WIDE = """() => {
  const wide = document.documentElement.scrollWidth, window_ = document.documentElement.clientWidth;
  if (wide <= window_) return "";
  const guilty = [...document.querySelectorAll("body *")].filter(
    (each) => each.getBoundingClientRect().right > window_ + 1);
  return `${wide} px wide in a window of ${window_}: ${guilty.slice(-1)[0]?.outerHTML.slice(0, 200)}`;
}"""
# A word may end its line at a space, and behind a hyphen or a stroke. What is longer than a word (a made-up name, an
# email address, a fingerprint) breaks where it must.
BROKEN = r"""() => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const apart = 'code, pre, kbd, textarea, select, .app-mono, .govuk-visually-hidden, .govuk-skip-link';
  while (walker.nextNode()) {
    const text = walker.currentNode, around = text.parentElement;
    if (around.closest(apart) || !around.getClientRects().length) continue;
    for (const token of text.data.matchAll(/\S+/g)) {
      if (token[0].length > 24 || token[0].includes('@')) continue;
      for (const word of token[0].matchAll(/[^-\u2013\/]+/g)) {
        const range = document.createRange(), start = token.index + word.index;
        range.setStart(text, start);
        range.setEnd(text, start + word[0].length);
        const lines = [...range.getClientRects()].filter((each) => each.width);
        if (lines.length && Math.max(...lines.map((each) => each.top)) - lines[0].top > lines[0].height / 2)
          found.push(`${word[0]} in ${around.outerHTML.slice(0, 120)}`);
      }
    }
  }
  return [...new Set(found)];
}"""
# Each row a card: below one another, each cell with the name of its column.
UNSTACKED = """() => [...document.querySelectorAll('main table')].flatMap((table) => {
  const heads = [...table.querySelectorAll('thead th')].map((each) => each.textContent.trim());
  return [...table.querySelectorAll('tbody tr')].flatMap((row) => {
    const cells = [...row.querySelectorAll('td[data-label]')], wrong = [];
    const named = (head) => head === 'Choose' || cells.some((cell) => cell.dataset.label === head);
    const missing = heads.filter((head) => head && !named(head)).slice(1); // the first is the card's own heading
    if (missing.length) wrong.push(`a card lacks ${missing}: ${row.outerHTML.slice(0, 200)}`);
    if (!row.querySelector('th')) wrong.push(`a card has no heading: ${row.outerHTML.slice(0, 200)}`);
    for (const cell of cells) {
      const label = getComputedStyle(cell, '::before').content;
      if (!cell.getClientRects().length || !label.includes(cell.dataset.label))
        wrong.push(`not shown under its column: ${cell.outerHTML.slice(0, 200)}`);
    }
    const tops = cells.filter((cell) => cell.clientHeight).map((cell) => cell.getBoundingClientRect().top);
    if (new Set(tops).size !== tops.length) wrong.push(`cells stand side by side: ${row.outerHTML.slice(0, 200)}`);
    return wrong;
  });
})"""
STATUS = "() => performance.getEntriesByType('navigation')[0].responseStatus"
PHONE, TABLET, DESKTOP = 320, 768, 1280  # CSS pixels


def watch(context: BrowserContext) -> BrowserContext:
    """From now on every page of this browser remembers what the content security policy refused."""
    context.add_init_script(WATCH)
    return context


def status_of(tab: Page) -> int:
    """The HTTP status of the page that is open, however one came to it."""
    status: int = tab.evaluate(STATUS)
    return status


_looked_at: set[str] = set()


def violations(tab: Page) -> list[str]:
    """What axe finds: the rule and the first piece of the page that breaks it.

    Contrast takes two thirds of the time, so it is measured on what stands as nothing did before in this run.
    """
    if not tab.evaluate("'axe' in window"):
        tab.evaluate(AXE)
    fresh = [look for look in tab.evaluate(LOOKS) if look not in _looked_at]
    found = tab.evaluate(RUN, [TAGS, fresh])
    _looked_at.update(fresh)
    return [f"{rule['id']}: {rule['nodes'][0]['html']}" for rule in found]


def refused_by_the_policy(tab: Page) -> list[str]:
    """What the content security policy has refused on this page."""
    refused: list[str] = tab.evaluate("window.refused")
    return refused


def shown_though_hidden(tab: Page) -> list[str]:
    """What the page says is hidden and a person sees all the same."""
    shown: list[str] = tab.evaluate(SHOWN)
    return [f"hidden, but shown: {each}" for each in shown]


def too_wide(tab: Page, width: int = PHONE) -> list[str]:
    """What makes the page scroll sideways in a window of `width` pixels."""
    tab.set_viewport_size({"width": width, "height": 800})
    said: str = tab.evaluate(WIDE)
    return [said] if said else []


def broken_words(tab: Page, width: int) -> list[str]:
    """Words that end in the middle on one line and go on in the next, in a window of `width` pixels."""
    tab.set_viewport_size({"width": width, "height": 800})
    found: list[str] = tab.evaluate(BROKEN)
    return [f"broken at {width} px: {each}" for each in found]


def unstacked_tables(tab: Page) -> list[str]:
    """Tables that are none of cards on a telephone, and cards that lack a column."""
    tab.set_viewport_size({"width": PHONE, "height": 800})
    found: list[str] = tab.evaluate(UNSTACKED)
    return found
