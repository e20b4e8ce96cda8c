"""All samples, by chapter.

Each chapter's own file says how they are made.
"""

from __future__ import annotations

from tests.certs.doctor import (
    certificate_samples,
    csr_samples,
    error_message_samples,
    member_samples,
    pfx_samples,
    text_samples,
)
from tests.certs.doctor.sample import Sample

CHAPTERS: dict[str, tuple[Sample, ...]] = {
    "CSRs and keys": csr_samples.SAMPLES,
    "Certificates and chains": certificate_samples.SAMPLES,
    "PFX files and keystores": pfx_samples.SAMPLES,
    "Text, other files and API credentials": text_samples.SAMPLES,
    "Error messages": error_message_samples.SAMPLES,
    "Other programs, versions and makers": member_samples.SAMPLES,
}
SAMPLES = tuple(sample for samples in CHAPTERS.values() for sample in samples)
