"""All samples, by chapter.

Each chapter's own file says how they are made.
"""

from __future__ import annotations

from tests.certs.doctor import issued, packed, requests, said, texts
from tests.certs.doctor.sample import Sample

CHAPTERS: dict[str, tuple[Sample, ...]] = {
    "CSRs and keys": requests.SAMPLES,
    "Certificates and chains": issued.SAMPLES,
    "PFX files and keystores": packed.SAMPLES,
    "Text, other files and API credentials": texts.SAMPLES,
    "Error messages": said.SAMPLES,
}
SAMPLES = tuple(sample for samples in CHAPTERS.values() for sample in samples)
