"""Forms about companies and people.

What a valid form does is in founding.py.
"""

from django import forms
from django.core.validators import RegexValidator


class CompanyForm(forms.Form):
    """A new company and its Primary Certificate Admin."""

    name = forms.CharField(
        label="Registered company name",
        max_length=160,
        help_text="As in the register of companies, not a trading name.",
        validators=[RegexValidator(r"[A-Za-z0-9]", "Enter a name with at least one letter or digit.")],
    )
    number = forms.CharField(label="Company number", max_length=20)
    admin_name = forms.CharField(
        label="Full name of the Primary Certificate Admin",
        max_length=100,
        help_text="A current full-time employee of the company. GlobalSign vets this person.",
    )
    admin_email = forms.EmailField(
        label="Their e-mail address", max_length=254, help_text="The invitation to this portal goes there."
    )
