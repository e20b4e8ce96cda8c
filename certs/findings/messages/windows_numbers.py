"""The numbers of Windows in a text, whichever way they are written: hex, signed or unsigned decimal, or by name."""

import re

# winerror.h of the Windows SDK: the names that certreq, certutil, curl and .NET print beside or instead of the number.
_NAMES = {
    "error_invalid_password": 0x80070056,
    "error_file_not_found": 0x80070002,
    "error_path_not_found": 0x80070003,
    "error_not_found": 0x80070490,
    "e_accessdenied": 0x80070005,
    "nte_bad_key_state": 0x8009000B,
    "nte_no_key": 0x8009000D,
    "nte_perm": 0x80090010,
    "nte_bad_public_key": 0x80090015,
    "nte_bad_keyset": 0x80090016,
    "nte_prov_type_not_def": 0x80090017,
    "nte_keyset_not_def": 0x80090019,
    "nte_not_supported": 0x80090029,
    "sec_e_invalid_token": 0x80090308,
    "sec_e_wrong_principal": 0x80090322,
    "sec_e_untrusted_root": 0x80090325,
    "sec_e_illegal_message": 0x80090326,
    "sec_e_cert_unknown": 0x80090327,
    "sec_e_cert_expired": 0x80090328,
    "sec_e_algorithm_mismatch": 0x80090331,
    "crypt_e_bad_encode": 0x80092002,
    "crypt_e_not_found": 0x80092004,
    "crypt_e_no_match": 0x80092009,
    "crypt_e_no_key_property": 0x8009200B,
    "crypt_e_no_decrypt_cert": 0x8009200C,
    "crypt_e_bad_msg": 0x8009200D,
    "crypt_e_no_revocation_check": 0x80092012,
    "crypt_e_revocation_offline": 0x80092013,
    "crypt_e_asn1_eod": 0x80093102,
    "crypt_e_asn1_corrupt": 0x80093103,
    "crypt_e_asn1_large": 0x80093104,
    "crypt_e_asn1_badtag": 0x8009310B,
    "cert_e_expired": 0x800B0101,
    "cert_e_untrustedroot": 0x800B0109,
    "cert_e_chaining": 0x800B010A,
    "cert_e_cn_no_match": 0x800B010F,
}
_NUMBER = re.compile(r"0x(8[0-9a-f]{7})|(?<![0-9])(-214[0-9]{7}|214[78][0-9]{6})(?![0-9])")


def list_numbers(text: str) -> set[str]:
    """Each HRESULT in `text` (small letters, with or without blanks) as 0x and eight hex digits."""
    found = {number for name, number in _NAMES.items() if name in text} if "_" in text else set()
    for hexadecimal, decimal in _NUMBER.findall(text):
        found.add(int(hexadecimal, 16) if hexadecimal else int(decimal) % 2**32)
    return {f"0x{number:08x}" for number in found}
