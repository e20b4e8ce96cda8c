"""Serial numbers as HVCA writes them: 32 upper-case hex digits, for others drop the zero in front or the case.
Not here: whether there is such a certificate.
"""

import re

DIGITS = 32  # 16 octets, the first of which is 01 in all that is known of HVCA
_HEX = re.compile(r"[0-9A-Fa-f]{1,40}", re.ASCII)  # RFC 5280 section 4.1.2.2: at most 20 octets


def is_serial(text: str) -> bool:
    """Whether this can be a serial number at all."""
    return _HEX.fullmatch(text) is not None


def normal_serial(text: str) -> str:
    """The full form of a serial number. What is none is left as it is, for HVCA to refuse in its own words."""
    return text.upper().zfill(DIGITS) if is_serial(text) else text
