"""The steps that can be done for many clients at once, each as one definition: its files, its script, its words.

What the step itself is stands in journey/steps/.
"""

from collections.abc import Callable
from dataclasses import dataclass

from certs.artifact_type import ArtifactType
from certs.findings import Command, openssl_commands
from certs.findings.openssl_commands import FileNames
from onboarding.journey.definitions import StepSlug

SIZE = "A file or a zip has 1 MB or less."


@dataclass(frozen=True)
class BulkStep:
    """One step at many clients.

    `name` is its part of the addresses; `field` the step's form's own for a file; `most` files are taken at a time.
    `sent` is the file that goes to the portal, `needed` what must lie there before it can be made; without any the
    commands look by themselves whether something would be replaced. `shows_again`: its files are no secret, so a page
    may ask whose each is. `with_key` is the one sort of file with a private key that is taken.
    """

    slug: StepSlug
    name: str
    field: str
    most: int
    commands: Callable[[FileNames], tuple[Command, ...]]
    sent: Callable[[FileNames], str]
    needed: Callable[[FileNames], tuple[str, ...]]
    script: str
    makes: str
    label: str
    hint: str
    endings: tuple[str, ...]
    accepted: str
    column: str
    shows_again: bool = False
    with_key: ArtifactType | None = None


CSRS = BulkStep(
    slug=StepSlug.CSR,
    name="csr",
    field="csr_file",
    most=200,  # 20 ms each
    commands=openssl_commands.make_request,
    sent=lambda names: names.csr,
    needed=lambda names: (),
    script="make-csrs",
    makes="a key and a CSR",
    label="CSR files, or one zip with them",
    hint=f"At most 100 .csr files at a time, or 200 in a zip. {SIZE} Never a .key file, nor a zip of the folder.",
    endings=(".csr", ".pem", ".txt", ".req", ".zip"),
    accepted="Accepted as the CSR of this client.",
    column="CSR, to send",
    shows_again=True,
)
PFXS = BulkStep(
    slug=StepSlug.PFX,
    name="pfx",
    field="pfx",
    most=30,  # a third of a second each in the reader's process, one after the other
    commands=openssl_commands.make_pfx,
    sent=lambda names: names.pfx,
    needed=lambda names: (names.key, names.cer),
    script="make-pfxs",
    makes="a PFX",
    label="PFX files, or one zip with them",
    hint=f"At most 30 .pfx files at a time, also in a zip. {SIZE} Without a password, as the DIP wants them.",
    endings=(".pfx", ".p12", ".zip"),
    accepted="Accepted as the PFX of this client.",
    column="PFX, to send",
    with_key=ArtifactType.PFX,
)
