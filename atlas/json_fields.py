"""The kinds of fields that answers of Atlas are made of, as annotations of records. pydantic goes by them when it reads
an answer; whoever makes a record in Python is not checked. Not here: records, see types, account_types, policy_types.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from cryptography import x509
from pydantic import (
    AfterValidator,
    AliasPath,
    BeforeValidator,
    FailFast,
    Field,
    StringConstraints,
    WrapValidator,
)
from pydantic_core import PydanticCustomError

K = TypeVar("K")
T = TypeVar("T")
LATEST_MOMENT = 253_402_300_799  # 9999-12-31T23:59:59Z, the last second a datetime can hold
_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z", re.ASCII)
_AMOUNT = re.compile(r"\d{1,12}\.\d\d", re.ASCII)
_PEM = r"^-----BEGIN CERTIFICATE-----\r?\n[A-Za-z0-9+/=\r\n]+-----END CERTIFICATE-----[ \t\r\n]*$"


def _unix_time(value: Any) -> datetime:
    if type(value) is not int or not 0 <= value <= LATEST_MOMENT:
        raise PydanticCustomError("time", "a time in Unix seconds was due")
    return datetime.fromtimestamp(value, UTC)


def _iso_time(value: Any) -> datetime:
    if isinstance(value, str) and _ISO.fullmatch(value):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            pass
    raise PydanticCustomError("time", "a UTC time in ISO 8601 was due")


def _amount(value: Any) -> Decimal:
    if not isinstance(value, str) or not _AMOUNT.fullmatch(value):
        raise PydanticCustomError("amount", "an amount with two decimals was due")
    return Decimal(value)


def _unless_empty(value: Any, read: Callable[[Any], Any]) -> Any:
    return read(value) if value else None


def _as_tuple(value: Any) -> Any:
    # pydantic takes a list of JSON for a tuple, but no longer once a function of ours has had it in hand.
    return tuple(value) if isinstance(value, list) else value


def null_is(default: Any) -> BeforeValidator:
    """null stands for `default`, as it does for a list that a program in Go has not filled."""
    return BeforeValidator(lambda value: default if value is None else value)


def empty_is(default: Any) -> BeforeValidator:
    """null, an empty text, list or object all stand for `default`. Not for numbers: nought is one."""
    return BeforeValidator(lambda value: value or default)


def wire_name(*path: str) -> Any:
    """The name that a member has in the answer, or the way to it, where that is not our own."""
    return Field(validation_alias=AliasPath(path[0], *path[1:]))


def gather(answer: Any, **parts: Callable[[dict[str, Any]], object]) -> Any:
    """An object of JSON, and under `<name>` each part of the record that its other members make up together."""
    if not isinstance(answer, dict):
        return answer
    return answer | {f"<{name}>": part(answer) for name, part in parts.items()}


def _without_nulls(members: Any) -> Any:
    if not isinstance(members, dict):
        return members or {}
    return {name: member for name, member in members.items() if member is not None}


def load_certificate(pem: str) -> x509.Certificate:
    """The certificate in a PEM text; ValueError if it is none, which a PemCertificate never raises."""
    return x509.load_pem_x509_certificate(pem.encode())


def _certificate(pem: str) -> str:
    try:
        load_certificate(pem)
    except ValueError:
        pass
    else:
        return pem
    raise PydanticCustomError("certificate", "a certificate in PEM form was due")


# None stands for null, zero, an empty text and an empty object alike.
Maybe = Annotated[T | None, WrapValidator(_unless_empty)]
Several = Annotated[tuple[T, ...], FailFast(), BeforeValidator(_as_tuple)]

# A map; names without anything in it, which is null, are left out.
Members = Annotated[Mapping[K, T], BeforeValidator(_without_nulls)]

Text = Annotated[str, StringConstraints(max_length=20_000)]
Texts = Several[Text]
# Ids go into addresses and our own records: one short word each, whatever its letters will be one day.
Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Serial = Annotated[str, StringConstraints(pattern=r"^[0-9A-Fa-f]{1,40}$", to_upper=True)]
PemCertificate = Annotated[
    str, StringConstraints(pattern=_PEM, max_length=100_000), AfterValidator(_certificate)
]
UnixTime = Annotated[datetime, BeforeValidator(_unix_time)]  # HVCA API document 2.1: all times are such
IsoTime = Annotated[datetime, BeforeValidator(_iso_time)]  # in UTC with the letter Z (account API)
Amount = Annotated[Decimal, BeforeValidator(_amount)]
