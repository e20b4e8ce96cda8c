"""docs/atlas-account-api.yaml as a judge: whether an answer is one that the contract promises.

Not here: the calls themselves.
"""

from functools import cache
from pathlib import Path
from typing import Any

import requests
import yaml
from openapi_schema_validator import OAS31Validator

CONTRACT = Path(__file__).parents[3] / "docs" / "atlas-account-api.yaml"


@cache
def document() -> dict[str, Any]:
    """The contract."""
    loaded = yaml.safe_load(CONTRACT.read_text("utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def operations() -> set[tuple[str, str]]:
    """(method, path) of every operation."""
    methods = {"get", "post", "put", "patch", "delete"}
    return {
        (method.upper(), path)
        for path, item in document()["paths"].items()
        for method in item
        if method in methods
    }


def judge(method: str, path: str, answer: requests.Response) -> None:
    """Fails unless status, media type and body are as the contract says for this path template."""
    promised = document()["paths"][path][method.lower()]["responses"].get(str(answer.status_code))
    assert promised is not None, f"{method} {path} must not answer {answer.status_code}"
    if "$ref" in promised:
        promised = document()["components"]["responses"][promised["$ref"].rpartition("/")[2]]
    content = promised.get("content")
    if content is None:
        assert answer.content == b""
        return
    media_type = answer.headers["Content-Type"].partition(";")[0]
    schema = {**content[media_type]["schema"], "components": document()["components"]}
    OAS31Validator(schema).validate(answer.json())
