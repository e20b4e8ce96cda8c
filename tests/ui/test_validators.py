"""What cannot be corrected once it was sent: good values are kept as the register writes them, others are explained."""

import pytest
from django.core.exceptions import ValidationError

from onboarding.ui import validators


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("01234567", "01234567"),
        ("1234567", "01234567"),  # a spreadsheet dropped the nought
        ("445790", "00445790"),
        (" sc 123456 ", "SC123456"),
        ("SC1234", "SC001234"),
        ("oc300001", "OC300001"),
        ("NI000001", "NI000001"),
        ("R0000123", "R0000123"),
        ("FC012345", "FC012345"),
        ("BR012345", "BR012345"),
        ("IP12345R", "IP12345R"),
        ("SP2494RS", "SP2494RS"),
        ("0123-4567", "01234567"),
    ],
)
def test_a_company_number_is_kept_as_companies_house_writes_it(typed: str, kept: str) -> None:
    assert validators.normalize_company_number(typed) == kept


@pytest.mark.parametrize("typed", ["12", "1", "12345"])
def test_a_number_that_lost_too_much_is_not_filled_up(typed: str) -> None:
    with pytest.raises(ValidationError, match=f"8 characters, and this one has {len(typed)}"):
        validators.normalize_company_number(typed)


@pytest.mark.parametrize(
    "typed", ["", "012345678", "HRB 123", "ZZ123456", "SC12345678", "GB123456789", "٠١٢٣٤٥٦٧"]
)
def test_what_is_no_company_number_is_told_the_forms(typed: str) -> None:
    with pytest.raises(ValidationError, match="SC123456"):
        validators.normalize_company_number(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "020 7946 0018",
        "(020) 7946-0018",
        "+44 (0)20 7946 0018",
        "00 44 20 7946 0018",
        "0117 496 0000 ext 12",
        "03069 990123",
        "0808 157 0123",
        "+353 1 234 5678",
    ],
)
def test_a_telephone_number_is_kept_as_it_was_typed(typed: str) -> None:
    assert validators.normalize_phone(f"  {typed} ") == typed


@pytest.mark.parametrize("typed", ["01603 123", "999", "020 7946", "12", "+44 20 7946", "+99 123 456 789"])
def test_a_number_that_cannot_be_dialled_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError, match="with its area code"):
        validators.normalize_phone(typed)


@pytest.mark.parametrize("typed", ["0800 1111 (fax)", "ring me", "020 7946 0018 reception", "0800 FLOWERS"])
def test_words_beside_a_number_are_not_dialled(typed: str) -> None:
    with pytest.raises(ValidationError, match="without words"):
        validators.normalize_phone(typed)


@pytest.mark.parametrize(
    ("typed", "country", "kept"),
    [
        ("bs14sb", "GB", "BS1 4SB"),
        ("EC1A 1BB", "GB", "EC1A 1BB"),
        ("ec1a  1bb", "GB", "EC1A 1BB"),
        ("BX1 1LT", "GB", "BX1 1LT"),
        ("BFPO 58", "GB", "BFPO 58"),
        ("je23ab", "JE", "JE2 3AB"),
        ("IM1 1AA", "IM", "IM1 1AA"),
        ("d02 x285", "IE", "D02 X285"),
        ("", "IE", ""),
        ("10115", "DE", "10115"),
    ],
)
def test_a_postcode_is_written_as_its_country_does(typed: str, country: str, kept: str) -> None:
    assert validators.normalize_postcode(typed, country) == kept


@pytest.mark.parametrize(
    ("typed", "country"), [("NR1", "GB"), ("", "GB"), ("ZZ1 1AA", "GB"), ("NR1 1AA", "JE"), ("1234", "DE")]
)
def test_half_a_postcode_or_another_countrys_is_refused_with_an_example(typed: str, country: str) -> None:
    with pytest.raises(
        ValidationError, match=f"full postcode of an address in {validators.country_name(country)}, like "
    ):
        validators.normalize_postcode(typed, country)


@pytest.mark.parametrize(
    ("typed", "code"), [("UK", "GB"), ("gb", "GB"), ("Scotland", "GB"), ("Ireland", "IE"), (" jersey ", "JE")]
)
def test_a_country_is_understood_by_code_and_by_name(typed: str, code: str) -> None:
    assert validators.normalize_country(typed) == code


def test_what_is_no_country_is_refused() -> None:
    with pytest.raises(ValidationError, match="from the list"):
        validators.normalize_country("XX")


def test_every_country_of_the_list_has_a_name_and_rules_for_its_postcode() -> None:
    listed = validators.list_countries()
    assert listed[0] == ("GB", "United Kingdom")
    assert len(listed) > 240
    for code, name in listed:
        assert name
        try:
            validators.normalize_postcode("?", code)
        except ValidationError as refused:
            assert name in str(refused)  # noqa: PT017  # countries without postcodes take anything
