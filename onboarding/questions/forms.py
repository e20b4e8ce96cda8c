"""The forms of a question: what is asked, what is answered, why it is closed."""

from django import forms

from onboarding.ui.secret_text import ForgetfulForm, refuse_secrets
from onboarding.ui.text_limits import refuse_longer

LONGEST, LONGEST_REASON = 4000, 500  # characters


class QuestionForm(ForgetfulForm):
    """What somebody asks ops."""

    text = forms.CharField(
        label="Your question",
        validators=[refuse_secrets, refuse_longer(LONGEST)],
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="What you did, what you saw, and the words of the message. Never type a password, a private key or a "
        "secret.",
        error_messages={"required": "Type your question; ops see nothing else."},
    )


class AnswerForm(ForgetfulForm):
    """What ops answer."""

    text = forms.CharField(
        label="Your answer",
        validators=[refuse_secrets, refuse_longer(LONGEST)],
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="It is emailed as you type it. Never type a password or a secret.",
        error_messages={"required": "Type the answer; it is what is sent."},
    )


class CloseForm(ForgetfulForm):
    """Why ops close a question without an answer."""

    reason = forms.CharField(
        label="Why is there no answer?",
        validators=[refuse_secrets, refuse_longer(LONGEST_REASON)],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It is emailed to who asked. For example: it was answered on the telephone.",
        error_messages={"required": "Say why; who asked reads it."},
    )
