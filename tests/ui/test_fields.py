"""The form template pack: each kind of field, with and without an error, and the error summary.

How the whole page behaves in a browser is proved in test_chromium.py.
"""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.ui.gallery import Every, sent

FIELD = "{{ form|crispy }}"
# field -> selector of the element that shows the error by its red border
MARKED = {
    "name": "input#id_name.govuk-input.govuk-input--error",
    "secret": "input#id_secret.govuk-password-input__input.govuk-input--error",
    "email": "input#id_email[type=email].govuk-input--error",
    "number": "input#id_number[type=number].govuk-input--width-4.govuk-input--error",
    "note": "textarea#id_note.govuk-textarea.govuk-textarea--error",
    "country": "select#id_country.govuk-select.govuk-select--error",
    "way": "fieldset input#id_way_0.govuk-radios__input",
    "roles": "fieldset input#id_roles_0.govuk-checkboxes__input",
    "agree": "input#id_agree.govuk-checkboxes__input",
    "sent": "fieldset[role=group] input#id_sent_day.govuk-input--error",
    "evidence": "input#id_evidence[type=file].govuk-file-upload--error",
}


@pytest.fixture
def wrong() -> Every:
    return sent({"contradiction": "1"})


@pytest.mark.parametrize("name", MARKED)
def test_a_field_with_an_error_says_so_in_words_and_is_marked(soup, wrong, name) -> None:
    page = soup(FIELD, form=wrong)
    marked = page.select_one(MARKED[name])
    group = marked.find_parent(class_="govuk-form-group--error")
    message = group.select_one(".govuk-error-message")
    assert "Error:" in message.select_one(".govuk-visually-hidden").text
    assert len(message.text.strip()) > len("Error:")


@pytest.mark.parametrize("name", MARKED)
def test_the_error_is_tied_to_its_field_for_screen_readers(soup, wrong, name) -> None:
    page = soup(FIELD, form=wrong)
    marked = page.select_one(MARKED[name])
    fieldset = marked.find_parent("fieldset")
    described = (fieldset or marked)["aria-describedby"].split()
    assert f"id_{name}_error" in described
    assert all(page.find(id=each) for each in described)


def test_a_form_without_errors_shows_none(soup) -> None:
    page = soup(FIELD, form=Every())
    assert not page.select("[class*=error], [aria-invalid]")


def test_every_field_has_exactly_one_label_that_points_to_it(soup) -> None:
    page = soup(FIELD, form=Every())
    for element in page.select("input:not([type=hidden]), select, textarea"):
        assert len(page.select(f"label[for='{element['id']}']")) == 1


def test_ids_are_unique(soup, wrong) -> None:
    ids = [element["id"] for element in soup(FIELD, form=wrong).select("[id]")]
    assert len(ids) == len(set(ids))


def test_a_hint_is_tied_to_its_field(soup) -> None:
    page = soup(FIELD, form=Every())
    assert page.find(id="id_name")["aria-describedby"] == "id_name_helptext"
    assert page.find(id="id_name_helptext").text == "As in the register."


def test_only_fields_that_may_stay_empty_are_called_optional(soup) -> None:
    page = soup(FIELD, form=Every())
    said = {label["for"] for label in page.select("label") if "(optional)" in label.text}
    assert said == {"id_nickname"}


def test_neither_placeholders_nor_the_browsers_own_bubbles_are_used(soup) -> None:
    page = soup(FIELD, form=Every())
    assert not page.select("[placeholder], [required]")


def test_a_revealed_field_stands_once_and_under_its_choice(soup) -> None:
    page = soup(FIELD, form=sent({"way": "own"}))
    assert len(page.select("#id_tool")) == 1
    choice = page.select_one("input[data-reveals]")
    assert page.find(id=choice["data-reveals"]).select_one("#id_tool")
    assert choice["value"] == "own"
    assert choice.has_attr("checked")


def test_what_was_typed_stays_in_the_fields(soup) -> None:
    typed = {
        "name": "Northwind <b>",
        "sent_day": "3",
        "sent_month": "x",
        "note": "Hello",
    }
    page = soup(FIELD, form=sent(typed))
    assert page.find(id="id_name")["value"] == "Northwind <b>"
    assert [page.find(id=f"id_sent_{part}")["value"] for part in ("day", "month", "year")] == ["3", "x", ""]
    assert page.find(id="id_note").text.strip() == "Hello"


def test_a_typed_password_is_not_sent_back(soup) -> None:
    page = soup(FIELD, form=sent({"secret": "swordfish"}))
    assert "swordfish" not in str(page)


def test_each_line_of_the_error_summary_leads_to_a_field_that_takes_the_focus(soup, wrong) -> None:
    page = soup("{% error_summary form %}" + FIELD, form=wrong)
    links = page.select(".govuk-error-summary a")
    assert len(links) == len(MARKED)
    for link in links:
        assert page.find(id=link["href"].removeprefix("#")).name in ("input", "select", "textarea")


def test_an_error_of_the_whole_form_stands_first_in_the_summary(soup, wrong) -> None:
    items = soup("{% error_summary form %}", form=wrong).select(".govuk-error-summary li")
    assert items[0].text.strip() == "The two dates contradict each other."
    assert not items[0].a


def test_the_summary_names_the_field_instead_of_this_field_is_required(soup, wrong) -> None:
    text = soup("{% error_summary form %}" + FIELD, form=wrong).text
    assert "This field is required" not in text
    assert text.count("Choose an answer to “Country”") == 2
    assert text.count("Tell the reception first") == 2


def test_the_summary_leads_to_the_wrong_part_of_a_date(soup) -> None:
    form = sent({"sent_day": "3", "sent_month": "", "sent_year": "2026"})
    page = soup("{% error_summary form %}" + FIELD, form=form)
    (link,) = [a for a in page.select(".govuk-error-summary a") if "date of the email" in a.text]
    assert link.text == "The date of the email must include a month"
    assert link["href"] == "#id_sent_month"
    marked = [box["id"] for box in page.select("[id^=id_sent_].govuk-input--error")]
    assert marked == ["id_sent_month"]


def test_there_is_no_summary_without_errors_or_without_a_form(soup) -> None:
    assert soup("{% error_summary form nothing %}", form=Every()).text == ""


def test_one_field_can_be_drawn_alone(soup) -> None:
    page = soup("{{ form.email|as_crispy_field }}", form=Every())
    assert [element["id"] for element in page.select("input")] == ["id_email"]


def test_a_prefix_keeps_names_and_ids_apart(soup) -> None:
    page = soup("{% error_summary form %}" + FIELD, form=sent({}, prefix="b"))
    assert page.find(id="id_b-sent_day")["name"] == "b-sent_day"
    assert page.select_one(".govuk-error-summary a[href='#id_b-sent_day']")


def test_a_file_over_the_limit_is_refused_with_both_sizes(settings) -> None:
    settings.UPLOAD_LIMIT = 1024
    form = sent({}, {"evidence": SimpleUploadedFile("a.csv", b"x" * 2048)})
    assert form.errors["evidence"] == ["The file has 2.0\xa0KB. It must have 1.0\xa0KB or less."]


def test_an_empty_file_is_refused() -> None:
    form = sent({}, {"evidence": SimpleUploadedFile("a.csv", b"")})
    assert form.errors["evidence"] == ["The file is empty. Choose another one."]
