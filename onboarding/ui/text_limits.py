"""The longest text that a form takes, said in a sentence."""

from django.core.validators import MaxLengthValidator

_TOO_LONG = (
    "This has %(show_value)d characters, and %(limit_value)d fit. Shorten it; what you typed is still here."
)


def refuse_longer(characters: int) -> MaxLengthValidator:
    """In place of a field's own limit: at that a browser cuts off what is pasted, and nobody is told."""
    return MaxLengthValidator(characters, _TOO_LONG)
