"""What a person does at each step that says “To do”, and how a person ends a wait that the portal cannot see.

The order of the steps, and waiting, are in journey.py.
"""

from __future__ import annotations

from datetime import date, datetime

from tools.walk.atlas import ADDRESS, HERE, JOB_TITLE, PHONE, Atlas, read_csv
from tools.walk.browser import Browser, File, Page, Value, WalkFailed
from tools.walk.computer import Computer, command
from tools.walk.people import Company

CREDENTIAL = "dip_onboarding"
SAVE, CHECK, CONFIRM = "Save and continue", "Check your answers", "Confirm"


def is_manual(page: Page) -> bool:
    """Whether the portal asks for a person's word here, because it does not look into Atlas by itself."""
    return page.text_of("#act") in ("Your part here", "Confirm it here")


def on(field: str, day: date) -> dict[str, Value]:
    """The three boxes of a date."""
    return {f"{field}_day": str(day.day), f"{field}_month": str(day.month), f"{field}_year": str(day.year)}


def today() -> date:
    """The date on the companies' calendars."""
    return datetime.now(HERE).date()


class Steps:
    """One company's way through the twelve steps; `own_key` makes key and PFX on the company's own computer."""

    def __init__(self, browser: Browser, atlas: Atlas, company: Company, *, own_key: bool) -> None:
        self.browser, self.atlas, self.company, self.own_key = browser, atlas, company, own_key
        self.computer = Computer()
        self.csv: File = ("", b"")
        self.certificate_order: Page | None = None
        self.portal_looks = True  # into Atlas, by itself; the first page tells
        self.portal_keeps_pfx = True

    def act(self, slug: str, page: Page) -> None:
        """Do the person's part of an open step. WalkFailed if a page refuses."""
        getattr(self, "do_" + slug.replace("-", "_"))(page)

    def end_wait(self, slug: str, page: Page) -> bool:
        """Confirm what the portal cannot see by itself; False if there is nothing to confirm yet."""
        evidence = getattr(self, "see_" + slug.replace("-", "_"))(page)
        if not evidence:
            return False
        self.browser.press(page, CONFIRM, evidence)
        return True

    def registration(self) -> dict[str, Value]:
        """The answers that stay the same whoever sends them."""
        return {
            "name": self.company.admin.name,
            "job_title": JOB_TITLE,
            "email": self.company.admin.email,
            "mailbox_readers": f"Only {self.company.admin.name}",
            "phone": PHONE,
            "reception_briefed": "The front desk",
            "full_time_employee": True,
        }

    def do_register(self, page: Page) -> None:
        """Registration: sent by the portal, or sent on Atlas's own page and told here."""
        values = self.registration()
        self.portal_looks = not page.has_field("submitted_on_day")
        if not self.portal_looks:
            self.atlas.register()
            values |= on("submitted_on", today())
        self._checked(page, values)

    def see_invitation(self, page: Page) -> dict[str, Value]:
        """The two emails."""
        confirmation, invitation = (self.atlas.mail_came_on(kind) for kind in ("CONFIRMATION", "INVITATION"))
        if not confirmation or not invitation:
            return {}
        return {**on("confirmation_on", confirmation), **on("invitation_on", invitation)}

    def do_invitation(self, page: Page) -> None:
        """Accept the invitation in Atlas."""
        self.atlas.accept_invitation()
        self._answer(page, {**on("accepted_on", today()), "accepted_by": self.company.admin.name})

    def do_payment_method(self, page: Page) -> None:
        """Set the payment method in Atlas."""
        self.atlas.set_payment_method()
        self._answer(page, on("set_on", today()))

    def see_quote(self, page: Page) -> dict[str, Value]:
        """The quotation email."""
        came = self.atlas.mail_came_on("QUOTATION_READY")
        return on("seen", came) if came else {}

    def do_quote(self, page: Page) -> None:
        """Accept the quotation in Atlas."""
        self.atlas.accept_quote()
        values: dict[str, Value] = {"amount": "0.00", "quotation": True, "msa": True}
        self._answer(page, {**values, **on("accepted_on", today())})

    def see_identity_profile(self, page: Page) -> dict[str, Value]:
        """The tile."""
        return on("seen", today()) if self.atlas.may_request_identity() else {}

    def do_identity_profile(self, page: Page) -> None:
        """The organisation data: sent by the portal, or typed into Atlas too."""
        admin = self.company.admin
        profile = {
            "profile_name": "DIP",
            "organization": self.company.name,
            "company_number": self.company.number,
            **ADDRESS,
            "phone": PHONE,
            "contact_name": admin.name,
            "contact_job_title": JOB_TITLE,
            "contact_email": admin.email,
        }
        values: dict[str, Value] = dict(profile)  # the portal's list of countries stands on the right one
        if not self.portal_looks:
            self.atlas.submit_identity_profile({**profile, "country": "GB"})
            values |= on("submitted_on", today())
        self._checked(page, values)

    def see_verification(self, page: Page) -> dict[str, Value]:
        """The verification email, once Atlas shows Active too."""
        came = self.atlas.mail_came_on("VERIFICATION")
        if not came or not self.atlas.identity_is_active():
            return {}
        return {**on("verified_on", came), "atlas_status": "active"}

    def do_api_credentials(self, page: Page) -> None:
        """Generate them in Atlas and bring the CSV; a portal that does not look into Atlas gets them pasted."""
        self.csv = self.atlas.generate_credentials(CREDENTIAL)
        values: dict[str, Value] = {"name": CREDENTIAL, "way": "csv"}
        if self.portal_looks:
            self.browser.press(page, SAVE, values, {"csv": self.csv})
            return
        key, secret = read_csv(self.csv)
        self.browser.press(page, SAVE, {**values, "way": "paste", "api_key": key, "api_secret": secret})

    def do_csr(self, page: Page) -> None:
        """By the portal, or with the command of the page."""
        if not self.own_key:
            self.browser.press(self._choose_way(page, "This portal makes it"), SAVE)
            return
        page = self._choose_way(page, "OpenSSL", "Linux")
        self.computer.run(command(page, "make-csr"))
        file = self.computer.only(".csr")
        self.browser.press(page, SAVE, {"csr_text": file[1].decode()})

    def see_certificate(self, page: Page) -> dict[str, Value]:
        """Order it in Atlas with the CSR that the portal keeps, then copy it."""
        if self.certificate_order is None:
            csr = self.browser.open(page.link("Download the CSR")).content.decode()
            self.certificate_order = self.atlas.order_certificate(CREDENTIAL, csr)
        pem = self.atlas.certificate(self.certificate_order)
        return {"certificate_text": pem} if pem else {}

    def do_pfx(self, page: Page) -> None:
        """By the portal, or with the commands of the page; then the portal checks it, and may keep it."""
        if not self.own_key:
            self.browser.press(self._choose_way(page, "This portal builds it"), SAVE)
            return
        page = self._choose_way(page, "OpenSSL", "Linux")
        self.computer.save(self.browser.open(page.link("Download the certificate")))
        self.computer.run(command(page, "make-pfx"))
        self.computer.run(command(page, "check-pfx"))
        self.portal_keeps_pfx = self.portal_looks
        values: dict[str, Value] = {"keep": "keep" if self.portal_keeps_pfx else "forget"}
        self.browser.press(page, SAVE, values, {"pfx": self.computer.only(".pfx")})

    def see_proof(self, page: Page) -> dict[str, Value]:
        """Sign in to Atlas with the command of the page, and paste what it printed."""
        key, secret = read_csv(self.csv)
        return {"answer": self.computer.run(command(page, "prove"), f"{key}\n{secret}\n")}

    def do_dip_upload(self, page: Page) -> None:
        """The upload itself happens in the DIP; here its date, and what became of the copies."""
        self.browser.press(page, SAVE, {**on("uploaded_on", today()), "copies": ["csv", "pfx"]})

    def _choose_way(self, page: Page, way: str, system: str = "") -> Page:
        """From the step's page to one of its ways, whatever was chosen before, and to the commands for a system."""
        if page.has_link("Choose another way"):
            page = self.browser.open(page.link("Choose another way"))
        page = self.browser.open(page.link(way))
        return self.browser.open(page.link(system)) if system else page

    def _checked(self, page: Page, values: dict[str, Value]) -> None:
        """Through “Check your answers”: every answer must stand there before it is sent."""
        page = self.browser.press(page, CHECK, values)
        shown = set(page.facts().values())
        missing = [value for value in values.values() if isinstance(value, str) and value not in shown]
        dates = [name for name in values if name.endswith(("_day", "_month", "_year"))]
        if len(missing) > len(dates):
            raise WalkFailed(
                f"The page “{page.heading()}” does not show these answers: {', '.join(missing)}."
            )
        self.browser.press(page, "Confirm" if dates else "Send to Atlas")

    def _answer(self, page: Page, values: dict[str, Value]) -> None:
        """Say what was done in Atlas, unless the portal sees it by itself."""
        if is_manual(page):
            self.browser.press(page, SAVE, values)
