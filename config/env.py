"""The environment, read once into one typed object; a missing or bad value stops the start with a sentence.

Django's own settings are derived from it in config/settings.py; rooms read it as `settings.PORTAL`.
"""

import base64
import binascii
import json
import os
import re
import sys
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

DATA_KEY_BYTES = 32  # AES-256


def _vault_keys(value: Any) -> Any:
    """`id:base64,id:base64`, newest first -> ((id, 32 bytes), ...)."""
    if not isinstance(value, str):
        return value
    keys = []
    for part in filter(None, (piece.strip() for piece in value.split(","))):
        name, _, encoded = part.partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            raise ValueError(f"the key named {name!r} is not valid base64") from None
        if len(key) != DATA_KEY_BYTES:
            raise ValueError(f"the key named {name!r} has {len(key)} bytes; 32 are needed")
        keys.append((name, key))
    if not keys:
        raise ValueError("at least one key is needed, written as name:base64")
    if len({name for name, _ in keys}) != len(keys):
        raise ValueError("two keys have the same name")
    return tuple(keys)


def _comma_list(value: Any) -> Any:
    return tuple(filter(None, (v.strip() for v in value.split(",")))) if isinstance(value, str) else value


def _empty_is_none(value: Any) -> Any:
    return None if value == "" else value


def _key_vaults(value: Any) -> Any:
    """`{"company-slug": "https://NAME.vault.azure.net"}` -> the same as a mapping."""
    if not isinstance(value, str):
        return value
    try:
        vaults = json.loads(value)
    except ValueError:
        raise ValueError('write it like {"company-slug": "https://NAME.vault.azure.net"}') from None
    for slug, url in vaults.items() if isinstance(vaults, dict) else [("", value)]:
        if not isinstance(url, str) or not re.fullmatch(r"https://[A-Za-z0-9.-]+(:\d+)?/?", url):
            raise ValueError(f"the vault of {slug!r} needs an address like https://NAME.vault.azure.net")
    return {slug: url.rstrip("/") for slug, url in vaults.items()}


def _step_times(value: Any) -> Any:
    """`{"csr": [3, 8]}` -> step -> (usual, latest) in working days; which steps there are the journey knows."""
    if not isinstance(value, str):
        return value
    how = 'write it like {"csr": [3, 8]}: usual and latest time in working days, each from 1 to 250'
    try:
        times = json.loads(value)
    except ValueError:
        raise ValueError(how) from None
    pairs: list[Any] = list(times.values()) if isinstance(times, dict) else [None]
    for pair in pairs:
        whole = isinstance(pair, list) and len(pair) == 2 and all(type(days) is int for days in pair)
        if not whole or not 1 <= pair[0] <= pair[1] <= 250:
            raise ValueError(how)
    return {slug: tuple(pair) for slug, pair in times.items()}


def _existing_file(value: Path | None) -> Path | None:
    if value is not None and not value.is_file():
        raise ValueError(f"there is no file at {value}")
    return value


def _password_list(value: Path | None) -> Path | None:
    """A list in another form or order would find nothing, and nobody would be told."""
    if _existing_file(value) is None or value is None:
        return None
    with value.open("rb") as lines:
        hashes = [re.match(rb"([0-9A-Fa-f]{40})(:\d+)?\s*$", lines.readline(200)) for _ in range(2)]
    if not hashes[0] or (hashes[1] and hashes[1][1].upper() < hashes[0][1].upper()):
        raise ValueError("it must hold a SHA-1 hash on each line, ordered by hash")
    return value


def _time_zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("no such time zone is known; write it like Europe/London")
    return value


def _token_for_the_url(value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
    """Without a token nobody would look at Atlas, and nobody would be told."""
    if info.data.get("account_api_url") and not (value and value.get_secret_value()):
        raise ValueError("ACCOUNT_API_URL is set, so a token is needed; leave both empty to work without it")
    return value


OptionalUrl = Annotated[
    Annotated[str, Field(pattern=r"^https?://\S+$")] | None, BeforeValidator(_empty_is_none)
]
OptionalEmail = Annotated[
    Annotated[str, Field(pattern=r"^[^@\s<>,;:\"()]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$", max_length=254)]
    | None,
    BeforeValidator(_empty_is_none),
]
OptionalFile = Annotated[
    Path | None,
    BeforeValidator(lambda v: _existing_file(Path(v)) if v else None),
]


class Portal(BaseSettings):
    """Everything an operator can set, by the environment variable of the same name in capitals.

    A secret may also be given as a file: `SECRET_KEY_FILE=/run/secrets/secret_key` (see `_files`).
    Times are seconds unless the name says otherwise.
    """

    model_config = SettingsConfigDict(
        extra="ignore", frozen=True, hide_input_in_errors=True, env_ignore_empty=True
    )

    mode: Literal["demo", "test", "production"] = Field("production", validation_alias="PORTAL_MODE")
    secret_key: SecretStr = Field(min_length=32)
    audit_key: SecretStr = Field(min_length=32, description="keys the audit chain (HMAC-SHA256)")
    vault_keys: Annotated[tuple[tuple[str, bytes], ...], NoDecode, BeforeValidator(_vault_keys)] = Field(
        repr=False
    )
    base_url: str = Field(
        pattern=r"^https?://[^/\s]+$", description="address people type, without a final slash"
    )
    allowed_hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_comma_list)] = ()
    database_url: str = Field(pattern=r"^(postgres(ql)?|sqlite)://.*$", repr=False)
    prepared_statements: bool = Field(True, description="PostgreSQL keeps plans; not behind every PgBouncer")
    runtime_database_url: Annotated[SecretStr | None, BeforeValidator(_empty_is_none)] = Field(
        None, description="whom `grant_runtime_role` makes; only the process that migrates gets it"
    )
    redis_url: str = Field(pattern=r"^(rediss?|unix|memory|redis\+socket)://.*$", repr=False)
    email_url: str = Field("console://", pattern=r"^(smtp|smtps|console|file|memory)://.*$", repr=False)
    email_from: str = "Certificate onboarding <no-reply@localhost>"
    time_zone: Annotated[str, AfterValidator(_time_zone)] = "Europe/London"
    support_url: OptionalUrl = None
    support_email: OptionalEmail = Field(None, description="shown to everybody; gets the questions to ops")
    dip_url: OptionalUrl = None
    hvca_url: str = Field("https://emea.api.hvca.globalsign.com:8443/v2", pattern=r"^https://\S+$")
    hvca_root: OptionalFile = None
    account_api_url: OptionalUrl = None
    account_api_token: Annotated[SecretStr | None, AfterValidator(_token_for_the_url)] = Field(
        None, validate_default=True
    )
    account_api_root: OptionalFile = None
    account_api_calls_per_minute: int = Field(6000, ge=1, description="of all workers together")
    atlas_portal_url: OptionalUrl = None
    environment_name: str = Field("", description="shown beside the product's name, e.g. Demonstration")
    poll_speed: float = Field(1.0, gt=0, description="divides every look-again interval; the demo hurries")
    retention_days: int = Field(7, ge=0, le=365, description="default days that secrets outlive dip-upload")
    aia_hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_comma_list)] = Field(
        ("secure.globalsign.com",),
        description="where missing issuers' certificates may be fetched, over HTTP",
    )
    weak_keys: OptionalFile = Field(None, description="list of keys whose private half is known (badkeys)")
    breached_passwords: Annotated[OptionalFile, AfterValidator(_password_list)] = Field(
        None, description="list of stolen passwords, by SHA-1 (Have I Been Pwned)"
    )
    portal_keys: bool = Field(True, description="companies may have the portal make and keep their key")
    key_vaults: Annotated[dict[str, str], NoDecode, BeforeValidator(_key_vaults)] = Field(
        {}, description="which company's Azure Key Vault the portal may use: slug -> address"
    )
    step_times: Annotated[dict[str, tuple[int, int]], NoDecode, BeforeValidator(_step_times)] = Field(
        {}, description="step -> usual and latest time of its people, in working days"
    )
    vetting_hours: Literal["calendar", "working"] = Field(
        "calendar", description="whether GlobalSign's 72 hours go on at weekends and on bank holidays"
    )
    key_vault_root: OptionalFile = Field(None, description="authority of a stand-in for Azure; tests only")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    trust_proxy: bool = Field(False, description="believe X-Forwarded-Proto of the proxy in front")
    second_factor: bool = Field(False, description="demand a second factor; production always does")
    second_factor_grace_days: int = Field(14, ge=0, le=90, description="days until it is demanded")
    emergency_wait_hours: int = Field(
        24,
        ge=1,
        le=336,
        description="hours before an invitation agreed by ops goes out, and after its joining",
    )
    session_idle_minutes: int = Field(60, ge=5, le=720, description="minutes without use that end a session")
    oidc_name: str = Field("your organisation’s account", max_length=60, description="on the sign-in page")
    oidc_issuer: OptionalUrl = Field(None, description="OpenID Connect provider; empty: none")
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr | None = None
    oidc_second_factor: bool = Field(False, description="the provider asks everybody for a second factor")

    @model_validator(mode="after")
    def _oidc_is_whole(self) -> Self:
        """Half a provider would only fail when the first person signs in."""
        if self.oidc_issuer and not (self.oidc_client_id and self.oidc_client_secret):
            raise ValueError("OIDC_ISSUER is set; OIDC_CLIENT_ID and OIDC_CLIENT_SECRET must be set too")
        if self.oidc_issuer and self.mode == "production" and not self.oidc_issuer.startswith("https://"):
            raise ValueError("OIDC_ISSUER must begin with https:// in production")
        return self

    @model_validator(mode="after")
    def _vaults_are_azures(self) -> Self:
        """The portal's identity signs in there: its token goes nowhere else."""
        ends = (".vault.azure.net", ".vault.azure.cn", ".vault.usgovcloudapi.net")
        if self.mode != "production":
            return self
        if self.key_vault_root:
            raise ValueError("KEY_VAULT_ROOT is for tests only")
        for slug, url in self.key_vaults.items():
            if not (urlsplit(url).hostname or "").endswith(ends):
                raise ValueError(f"KEY_VAULTS: the vault of {slug} is not at an address of Azure ({url})")
        return self

    @property
    def broker_url(self) -> str:
        """REDIS_URL for Celery, which over TLS believes every certificate unless the address says otherwise."""
        if not self.redis_url.startswith("rediss:") or "ssl_cert_reqs=" in self.redis_url:
            return self.redis_url
        return f"{self.redis_url}{'&' if '?' in self.redis_url else '?'}ssl_cert_reqs=required"

    @property
    def demands_second_factor(self) -> bool:
        """Whether people who may change something must show two proofs at the sign-in."""
        return self.second_factor or self.mode == "production"

    @property
    def account_api(self) -> bool:
        """Whether workers can talk to Atlas's account side; without it people confirm (see docs/atlas.md)."""
        return bool(self.account_api_url and self.account_api_token)


def _files(environ: dict[str, str]) -> dict[str, str]:
    """`NAME_FILE` names a file whose content becomes `NAME` (how containers hand over secrets)."""
    read = {}
    for name, path in environ.items():
        wanted = name.removesuffix("_FILE")
        if name.endswith("_FILE") and wanted.lower() in _names() and path:
            try:
                read[wanted] = Path(path).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise SystemExit(f"{name}: the file {path} cannot be read ({error.strerror}).") from None
            except UnicodeDecodeError:
                raise SystemExit(f"{name}: the file {path} is not text in UTF-8.") from None
    return read


def _names() -> set[str]:
    return {("portal_mode" if name == "mode" else name) for name in Portal.model_fields}


def load(defaults: dict[str, str] | None = None) -> Portal:
    """Read the environment.

    `defaults` stand in for variables that are not set (the demo and the tests make their own).
    Raises SystemExit with one line per bad value: its name and a sentence.
    """
    for name, value in {**(defaults or {}), **_files(dict(os.environ))}.items():
        if not os.environ.get(name):  # compose hands over what is not set as an empty text
            os.environ[name] = value
    try:
        return Portal()  # type: ignore[call-arg]  # the values come from the environment
    except ValidationError as error:
        lines = [_sentence(problem) for problem in error.errors()]
        sys.stderr.write("The portal cannot start:\n" + "\n".join(lines) + "\n")
        raise SystemExit(2) from None


def _sentence(problem: Any) -> str:
    if not problem["loc"]:  # about several values together
        return f"  {problem['msg'].removeprefix('Value error, ')}."
    name = str(problem["loc"][0]).upper()
    if problem["type"] == "missing":
        return f"  {name} is not set. .env.example says what it is for."
    return f"  {name} is not right: {problem['msg'].removeprefix('Value error, ')}."
