"""Known error messages: which words of a pasted text betray which finding.

The rows are in messages/, one table for each family of programs; the findings' sentences in catalogue/. No text is ever
repeated.
"""

import re
from collections.abc import Callable
from functools import cache

from certs.findings import Finding
from certs.findings.catalogue import CATALOGUE, finding
from certs.findings.codes import FindingCode
from certs.findings.messages import (
    azure_rows,
    connection_rows,
    openssl_rows,
    reader_rows,
    shell_rows,
    windows_rows,
)
from certs.findings.messages.known_message import RAW, REGEX, KnownMessage
from certs.findings.messages.plain_text import squeeze, tidy
from certs.findings.messages.windows_numbers import list_numbers

MAX_FINDINGS = 4  # findings from one text

KNOWN_MESSAGES: tuple[KnownMessage, ...] = (
    *openssl_rows.ROWS,
    *connection_rows.ROWS,
    *windows_rows.ROWS,
    *azure_rows.ROWS,
    *reader_rows.ROWS,
    *shell_rows.ROWS,
)
_CUT_SHORT = {FindingCode.PROOF_CUT_OFF, FindingCode.PROOF_NO_CONNECTION, FindingCode.PROOF_FILE}
_OF_PROXY = _CUT_SHORT | {FindingCode.PROOF_PROXY_REFUSED, FindingCode.PROOF_NO_NAME}
_NOT_READ = {
    FindingCode.OPENSSL_CANNOT_READ_CERTIFICATE,
    FindingCode.OPENSSL_NO_KEY,
    FindingCode.OPENSSL_REQUEST_UNREADABLE,
    FindingCode.FILE_NOT_FOUND,
}
# What the cause says, its symptoms in the same text need not say again, and they may be wrong about it.
SYMPTOMS: dict[FindingCode, set[FindingCode]] = {
    FindingCode.PROOF_PROXY_SIGN_IN: _OF_PROXY | {FindingCode.PROOF_PROXY_UNKNOWN},
    FindingCode.PROOF_PROXY_REFUSED: _CUT_SHORT | {FindingCode.PROOF_NO_NAME},
    FindingCode.PROOF_PROXY_UNKNOWN: _OF_PROXY,
    FindingCode.PROOF_NOT_TLS: _CUT_SHORT | {FindingCode.PROOF_HANDSHAKE},
    FindingCode.PROOF_HANDSHAKE: _CUT_SHORT,
    FindingCode.PROOF_TLS_VERSION: _CUT_SHORT | {FindingCode.PROOF_HANDSHAKE},
    FindingCode.PROOF_REVOCATION: _CUT_SHORT | {FindingCode.PROOF_SERVER_TRUST},
    FindingCode.PROOF_SERVER_NAME: _CUT_SHORT | {FindingCode.PROOF_SERVER_TRUST},
    FindingCode.PROOF_SERVER_DATE: _CUT_SHORT | {FindingCode.PROOF_SERVER_TRUST},
    FindingCode.PROOF_SERVER_TRUST: _CUT_SHORT,
    FindingCode.PROOF_NO_NAME: _CUT_SHORT,
    FindingCode.PFX_RC2: {FindingCode.PROOF_FILE, FindingCode.OPENSSL_LEGACY, FindingCode.NODE_UNSUPPORTED},
    FindingCode.OPENSSL_MAC: {FindingCode.PROOF_FILE},
    FindingCode.OPENSSL_LEGACY: {FindingCode.OPENSSL_MAC, FindingCode.NODE_UNSUPPORTED},
    FindingCode.OPENSSL_CONFIG: _NOT_READ | {FindingCode.OPENSSL_NO_FILE},
    FindingCode.OPENSSL_NO_FILE: _NOT_READ,
    FindingCode.OPENSSL_CANNOT_WRITE: _NOT_READ,
    FindingCode.OPENSSL_OTHER_KEY: _NOT_READ,
    FindingCode.OPENSSL_CSR_FOR_CERTIFICATE: _NOT_READ,
    FindingCode.OPENSSL_KEY_LOCKED: {
        FindingCode.OPENSSL_PASS_PHRASE,
        FindingCode.OPENSSL_NO_KEY,
        FindingCode.OPENSSL_MAC,
    },
    FindingCode.OPENSSL_LONG_DASH: {FindingCode.OPENSSL_OPTION, FindingCode.OPENSSL_PASS_PHRASE},
    FindingCode.OPENSSL_MISSING: {FindingCode.OPENSSL_NO_FILE, FindingCode.FILE_NOT_FOUND},
    FindingCode.PROGRAM_MISSING: {FindingCode.OPENSSL_NO_FILE, FindingCode.FILE_NOT_FOUND},
    FindingCode.KEYSTORE_PASSWORD: {FindingCode.JAVA_KEY_PASSWORD},
    FindingCode.JAVA_OLD: {FindingCode.KEYSTORE_PASSWORD, FindingCode.JAVA_KEY_PASSWORD},
    FindingCode.MACOS_MAC: {FindingCode.OPENSSL_MAC},
    FindingCode.WINDOWS_NO_REQUEST: {FindingCode.WINDOWS_NOT_A_CERTIFICATE},
}
Ask = Callable[[str, str], bool]
Row = tuple[
    FindingCode, tuple[str, ...], tuple[Ask, ...], tuple[Ask, ...]
]  # code, one of these, all these, none of these


def recognise_messages(text: str) -> tuple[Finding, ...]:
    """The findings that a pasted message betrays, most telling first; none if it holds no known message."""
    return tuple(finding(code) for code in _list_codes(text)[:MAX_FINDINGS])


def _list_codes(text: str) -> list[FindingCode]:
    raw = tidy(text)
    plain = squeeze(raw)
    if not plain:
        return []
    plain = "\n".join((plain, *sorted(list_numbers(raw) | list_numbers(plain))))
    codes = dict.fromkeys(row[0] for row in _compiled() if _matches(row, raw, plain))
    silenced = {symptom for code in codes for symptom in SYMPTOMS.get(code, ())}
    return [code for code in codes if code not in silenced]


def _matches(row: Row, raw: str, plain: str) -> bool:
    """The first words are asked without a call: nearly every row ends with them."""
    _, words, asks, unless = row
    for word in words:
        if word in plain:
            break
    else:
        if words:
            return False
    return all(ask(raw, plain) for ask in asks) and not any(ask(raw, plain) for ask in unless)


@cache
def _compiled() -> tuple[Row, ...]:
    return tuple(_compile_row(row) for row in KNOWN_MESSAGES)


def _compile_row(row: KnownMessage) -> Row:
    first = next((piece for piece in row.pieces if not piece.startswith(REGEX)), "")
    others = tuple(piece for piece in row.pieces if piece != first)
    words = _words(first) if first else ()
    return row.code, words, tuple(map(_compile, others)), tuple(map(_compile, row.unless))


def _words(piece: str) -> tuple[str, ...]:
    return tuple("".join(each.split()) for each in piece.split(" | "))


@cache
def _compile(piece: str) -> Ask:
    """What asks for one piece."""
    if piece.startswith(RAW):
        search = re.compile(piece.removeprefix(RAW)).search
        return lambda raw, plain: search(raw) is not None
    if piece.startswith(REGEX):
        search = re.compile(piece.removeprefix(REGEX)).search
        return lambda raw, plain: search(plain) is not None
    words = _words(piece)
    return lambda raw, plain: any(word in plain for word in words)


def pieces_of_messages(code: FindingCode) -> tuple[str, ...]:
    """The pieces of messages by which a search finds this finding."""
    return tuple(
        words.strip()
        for message in KNOWN_MESSAGES
        if message.code == code
        for piece in message.pieces
        if not piece.startswith(REGEX)
        for words in piece.split(" | ")
    )


assert {message.code for message in KNOWN_MESSAGES} <= set(CATALOGUE)
