"""Whatever people may type in words of their own, in whatever form, must not be a private key or an API secret.

A field that is added is found here, and refuses both or stands in EXCEPTIONS with the reason. Not here: what the pages
do with what was refused.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

import onboarding
from onboarding.ui.secret_text import ForgetfulForm, refuse_secrets
from tests.certs.x509_factories import ec_key, key_pem

SECRET = "00112233445566778899aabbccddeeff00112233"  # as long as one of Atlas
NO_TEXT = (forms.EmailField, forms.ChoiceField)  # nothing but an address, or a member of a list, is taken

SOUGHT = "it is sought with; nothing is kept, and nobody else reads it"
READ = "its own reader takes nothing but what the label says, and refuses a private key"
NAMED = "a name, a title or a line of an address: nobody is asked there for words of their own"
CHOSEN = "it is hidden: the page sets it, and nobody types there"
NUMBERED = "Atlas's number of an account or profile, which has the shape of an API key"
TYPED_HERE = "this is where an API credential is typed"
EXAMINED = "it is examined and not kept"

EXCEPTIONS = {
    ("WayForm", "tool"): CHOSEN,
    ("CsrForm", "tool"): CHOSEN,
    ("PfxForm", "tool"): CHOSEN,
    ("CsrForm", "csr_text"): READ,
    ("CsrForm", "browser_csr"): READ,
    ("OwnCsrForm", "csr_text"): READ,
    ("CertificateForm", "certificate_text"): READ,
    ("ProofForm", "answer"): READ,
    ("ShareSecretForm", "api_key"): TYPED_HERE,
    ("CheckForm", "text"): EXAMINED,
    ("RegisteredForm", "account"): NUMBERED,
    ("RegisteredForm", "profile"): NUMBERED,
    ("FilterForm", "q"): SOUGHT,
    ("FilterForm", "age"): SOUGHT,
    ("FilterForm", "dcp"): SOUGHT,
    ("ActivityForm", "company"): SOUGHT,
    ("ActivityForm", "person"): SOUGHT,
    ("CertificateFilterForm", "q"): SOUGHT,
    **{
        (form, field): NAMED
        for form, fields in {
            "RegisterForm": ("name", "job_title"),
            "IdentityProfileForm": (
                *("profile_name", "organization", "street_address", "locality"),
                *("contact_name", "contact_job_title"),
            ),
            "SaveViewForm": ("name",),
            "DetailsForm": ("name",),
            "CompanyForm": ("name", "admin_name"),
            "JoinForm": ("name",),
            "AddKeyForm": ("name",),
            "AtlasUserForm": ("name", "role"),
        }.items()
        for field in fields
    },
}


Form = Any  # a class of forms: its base_fields are made by a metaclass


def _list_subclasses(kind: Form) -> Iterator[Form]:
    for each in kind.__subclasses__():
        yield each
        yield from _list_subclasses(each)


@cache
def _list_forms() -> tuple[Form, ...]:
    for each in pkgutil.walk_packages(onboarding.__path__, "onboarding."):
        if ".migrations" not in each.name and ".management" not in each.name:
            importlib.import_module(each.name)
    found = {each for each in _list_subclasses(forms.BaseForm) if each.__module__.startswith("onboarding.")}
    return tuple(sorted(found, key=lambda form: (form.__module__, form.__name__)))


def _list_text_fields() -> list[tuple[Form, str]]:
    """With the form of each; a password is nobody's to read, and stands in no field of words."""
    return [
        (form, name)
        for form in _list_forms()
        for name, field in form.base_fields.items()
        if isinstance(field, forms.CharField)
        and not isinstance(field, NO_TEXT)
        and not isinstance(field.widget, forms.PasswordInput)
    ]


def _takes(field: forms.Field, text: str) -> bool:
    try:
        field.clean(text)
    except ValidationError:
        return False
    return True


def _takes_a_secret(field: forms.Field) -> bool:
    key = key_pem(ec_key()).decode()
    return any(_takes(field, text) for text in (key, SECRET, f"the secret is {SECRET}"))


def test_all_forms_of_the_portal_are_found() -> None:
    names = {form.__name__ for form in _list_forms()}
    assert {
        "QuestionForm",
        "HandOverForm",
        "DecisionForm",
        "EmergencyForm",
        "RegisterForm",
        "JoinForm",
    } <= names
    assert len(_list_text_fields()) > 40


def test_every_field_of_words_refuses_a_private_key_and_an_api_secret() -> None:
    taking = {
        (form.__name__, name): form.__module__
        for form, name in _list_text_fields()
        if _takes_a_secret(form.base_fields[name])
    }
    new = {key: module for key, module in taking.items() if key not in EXCEPTIONS}
    assert not new, "give the field validators=[refuse_secrets], or say among the EXCEPTIONS why not"
    assert not set(EXCEPTIONS) - set(taking), "it is gone, or refuses both by now"


def test_a_form_that_refuses_secrets_does_not_show_them_again() -> None:
    refusing = [
        form for form, name in _list_text_fields() if refuse_secrets in form.base_fields[name].validators
    ]
    assert len(refusing) > 10
    assert [form for form in refusing if not issubclass(form, ForgetfulForm)] == []
