"""THE TABLE of the tour: which moment is seen, which part of its page, and the one sentence beside it.

A moment that is not in the table is passed over; whose moments they are, says recorder.py.
"""

from __future__ import annotations

from dataclasses import dataclass

HEIGHT, WIDTH = 760, 900  # CSS pixels


@dataclass(frozen=True)
class Picture:
    """A picture: its moment, its title, its sentence, from where (CSS selector) and how large it is."""

    moment: str
    title: str
    sentence: str
    at: str = ""
    height: int = HEIGHT
    width: int = WIDTH

    @property
    def file(self) -> str:
        """The picture's name in docs/tour/."""
        return f"{self.moment}.png"


CHAPTERS: dict[str, tuple[Picture, ...]] = {
    "A company joins": (
        Picture(
            "board",
            "The ops board",
            "Ops see how many cases are with whom, then who is stuck, why, since when and what would help.",
            height=900,
            width=1200,
        ),
        Picture(
            "add-company",
            "Add a company",
            "Ops name the company and its Primary Certificate Admin, who gets an email and sets a password.",
        ),
        Picture(
            "sign-in",
            "Sign in",
            "Nobody signs up: accounts are made by ops or by invitation.",
            height=640,
        ),
        Picture(
            "company",
            "The company's page",
            "A Certificate Admin of the company starts the onboarding; UIT and production each have their own.",
        ),
        Picture(
            "start",
            "The journey begins",
            "One panel says what happens now; below it stand all steps, and what opens each.",
            at="h1",
            height=1000,
        ),
    ),
    "Vetting and quote": (
        Picture(
            "do-register",
            "A step",
            "Each step says what to have ready, what to do with the exact names of tiles and buttons, "
            "what comes next, and what to do if it does not work.",
            height=900,
        ),
        Picture(
            "answers",
            "Check your answers",
            "What Atlas does not let anybody change later is shown once more before it is sent.",
            height=820,
        ),
        Picture(
            "atlas",
            "The stand-in Atlas",
            "In a demonstration the pages of GlobalSign Atlas are played by a local stand-in that says so.",
            height=640,
        ),
        Picture(
            "do-quote",
            "Accept the £0 quote",
            "Where the portal can look into Atlas, it closes the step by itself when the quote is accepted there.",
            at="#your-part",
        ),
    ),
    "Verification": (
        Picture(
            "do-identity-profile",
            "Request the identity profile",
            "Company and contact are filled in already; the profile cannot be changed once it is sent.",
            at="#your-part",
            height=900,
        ),
        Picture(
            "wait-verification",
            "A wait",
            "A wait says for what, since when, how long it usually takes, until when at most, and who acts.",
            height=860,
        ),
        Picture(
            "journey",
            "The journey, half-way",
            "A step that is done says when and who finished it; one that waits says until when.",
            at="h1",
            height=1060,
        ),
        Picture(
            "late",
            "A wait that is late",
            "Past its limit the page says whom to write to and what to quote.",
            height=820,
        ),
        Picture(
            "rejected",
            "A problem",
            "A problem has a name, what was seen, why it matters, what to do and who has to act.",
            height=900,
        ),
    ),
    "Credentials, CSR and certificate": (
        Picture(
            "do-csr",
            "Create the CSR",
            "The page recommends one way to make the key and says why; what is read next is about the chosen way only.",
            height=900,
        ),
        Picture(
            "commands",
            "Commands to copy",
            "The command is ready to copy for one's own system, with this onboarding's file names.",
            at="#your-part",
            height=800,
        ),
        Picture(
            "do-api-credentials",
            "Bring the API credentials",
            "Atlas shows the secret once; the CSV goes straight into the portal, which encrypts it.",
            at="#your-part",
            height=700,
        ),
        Picture(
            "wait-certificate",
            "The certificate is ordered",
            "The portal orders the mTLS certificate and collects it; a Certificate Admin may also paste it.",
        ),
    ),
    "The bundle": (
        Picture(
            "do-pfx",
            "Build the PFX",
            "The way that is recommended is the one that can reach the key.",
            at="#your-part",
            height=560,
        ),
        Picture(
            "proof",
            "The bundle is proved",
            "Before the DIP sees it, a test sign-in to Atlas proves that key, secret and PFX belong together.",
            height=700,
        ),
        Picture(
            "again",
            "A fresh sign-in",
            "Whoever wants a secret out of the vault shows once more who they are.",
            height=640,
        ),
        Picture(
            "download",
            "Download the PFX",
            "The PFX comes without a password for the DIP, with one for other uses, or as PEM.",
            height=860,
        ),
        Picture(
            "end",
            "The onboarding is complete",
            "The page says when key, secret and PFX will be destroyed here; fingerprints and dates stay.",
            height=820,
        ),
        Picture(
            "history",
            "What happened",
            "Every move is on record with who made it and when, each entry chained to the one before.",
            height=820,
        ),
    ),
    "Around the journey": (
        Picture(
            "tasks",
            "Your tasks",
            "The page lists what is for you to do, what nobody in the team has taken on, and what waits for others.",
        ),
        Picture(
            "team",
            "The team",
            "People and their roles; where there is only one Certificate Admin, the page warns.",
        ),
        Picture(
            "help",
            "Problems and guides",
            "The catalogue of problems can be searched with the words of an error message.",
            height=820,
        ),
    ),
}

PICTURES_BY_MOMENT: dict[str, Picture] = {
    picture.moment: picture for pictures in CHAPTERS.values() for picture in pictures
}
