"""What a person does in Atlas: the tiles of its pages, one method each. These are the stand-in's pages.

When it is time for which tile is decided by the portal's pages, not here.
"""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tools.walk.browser import Browser, File, Page, WalkFailed
from tools.walk.people import Company

PASSWORD = "only for the stand-in"  # noqa: S105  of an account that exists on no real Atlas
HERE = ZoneInfo("Europe/London")  # the companies' clocks: a date on a form is a date here
JOB_TITLE = "Market Operations Manager"
PHONE = "020 7946 0018"  # a number that the regulator keeps for fiction
ADDRESS = {"street_address": "1 Quay Street", "locality": "Bristol", "postal_code": "BS1 4SB"}


class Atlas:
    """One company's Primary Certificate Admin in front of Atlas."""

    def __init__(self, base: str, company: Company) -> None:
        self.browser, self.company = Browser(base), company
        self.password = ""  # none until the invitation is accepted

    def register(self) -> None:
        """The form “Get Started with Atlas”."""
        page = self.browser.open("/register")
        admin = self.company.admin
        values = {
            "company_name": self.company.name,
            "company_number": self.company.number,
            "name": admin.name,
            "job_title": JOB_TITLE,
            "email": admin.email,
            "phone": PHONE,
        }
        self.browser.press(page, "Submit", values)

    def accept_invitation(self) -> None:
        """Set the password of the account."""
        self.browser.press(self._tile("invitation"), "Accept invitation", {"password": PASSWORD})
        self.password = PASSWORD

    def set_payment_method(self) -> None:
        """Choose the invoice, which is never written."""
        self.browser.press(self._tile("payment-method"), "Use this payment method", {"kind": "INVOICE"})

    def accept_quote(self) -> None:
        """Tick both boxes. Lost unless the quotation is of zero pounds."""
        page = self._tile("quote")
        amount = page.facts().get("Amount", "")
        if amount != "GBP 0.00":
            raise WalkFailed(f"The quotation in Atlas is of {amount or 'no amount'}, not of GBP 0.00.")
        self.browser.press(page, "Use this payment method", {"quotation": True, "msa": True})

    def may_request_identity(self) -> bool:
        """Whether the tile Request Identity Profile can be used."""
        return self._dashboard().text_of("#tile-identity-profiles-status") == "To do"

    def submit_identity_profile(self, values: dict[str, str]) -> None:
        """The organisation data, the same as in the portal."""
        self.browser.press(self._tile("identity-profiles"), "Submit identity profile", values)

    def identity_is_active(self) -> bool:
        """Whether the profile is released."""
        return self._tile("identity-profiles").facts().get("Status") == "Active"

    def generate_credentials(self, name: str) -> File:
        """View and Copy, then the CSV before the page is left: (its name, its content)."""
        page = self._tile("api-credentials")
        page = self.browser.press(
            page, "Generate API Credentials", {"delivery": "view-and-copy", "name": name}
        )
        file = self.browser.press(page, "Download CSV")
        return file.file_name, file.content

    def order_certificate(self, credential: str, csr: str) -> Page:
        """Generate mTLS Certificates, directly via the API, for the credential of this familiar name."""
        page = self._tile("mtls-certificates")
        box = page.soup.find("label", string=credential)
        value = page.soup.find(id=str(box.get("for"))) if box else None
        if value is None:
            raise WalkFailed(f"Atlas offers no API credential named {credential}.")
        values = {"route": "api", "api_credential_ids": [str(value.get("value"))], "csr": csr}
        return self.browser.press(page, "Continue", values)

    def certificate(self, ordered: Page) -> str:
        """The certificate in PEM, empty while it is being signed."""
        found = self.browser.open(ordered.url).soup.find("textarea", id="certificate")
        return found.get_text().strip() + "\n" if found else ""

    def mail_came_on(self, kind: str) -> date | None:
        """The date of an email of this kind, or None if it has not come."""
        for mail in self._tile("emails").soup.select("article.email"):
            said = {term.get_text(): term.find_next_sibling("dd") for term in mail.find_all("dt")}
            if (told := said.get("Kind")) and told.get_text() == kind and (sent := said.get("Sent")):
                return datetime.fromisoformat(sent.get_text()).astimezone(HERE).date()
        return None

    def _tile(self, slug: str) -> Page:
        return self.browser.open(self._dashboard().url + slug)

    def _dashboard(self) -> Page:
        """The account's first page; signs in where Atlas asks for it."""
        page = self.browser.open("/accounts")
        if page.path == "/":
            values = {"email": self.company.admin.email, "password": self.password}
            page = self.browser.press(page, "Sign in", values)
        return page


def read_csv(file: File) -> tuple[str, str]:
    """API key and API secret of the CSV."""
    row = next(csv.DictReader(io.StringIO(file[1].decode())), None)
    if not row or not row.get("API Key") or not row.get("API Secret"):
        raise WalkFailed("The CSV of Atlas holds no API key and API secret.")
    return row["API Key"], row["API Secret"]
