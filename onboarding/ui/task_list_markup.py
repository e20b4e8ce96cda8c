"""The list of an onboarding's steps in their stages, drawn by functions: it is most of the journey's page.

A stage has `title`, `steps` and perhaps `state`; a step has `title`, `state` and `url`, and perhaps `hint` and `note`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from onboarding.ui.component_markup import NOTHING, draw_state

_STAGES = '<ol class="app-stages">\n{}</ol>\n'
_STAGE = (
    '<li>\n<h{level} class="app-stage__heading">\n<span class="app-stage__number">{number}.</span>\n'
    '<span>{title}</span>\n{state}</h{level}>\n<ul class="govuk-task-list app-task-list">\n{steps}</ul>\n</li>\n'
)
_STEP = (
    '<li class="govuk-task-list__item{} app-task-list__item--{}">\n'
    '<div class="govuk-task-list__name-and-hint">\n{}\n{}{}</div>\n'
    '<div class="govuk-task-list__status" id="task-{}-status">{}</div>\n</li>\n'
)
_WITH_LINK = SafeString(" govuk-task-list__item--with-link")
_LINK = '<a class="govuk-link govuk-task-list__link" href="{}" aria-describedby="{}task-{}-status">{}</a>'
_HINT = '<div id="task-{}-hint" class="govuk-task-list__hint">{}</div>\n'


def draw_task_list(stages: Sequence[Mapping[str, Any]], level: int) -> SafeString:
    """Stages with their steps."""
    drawn = (_draw_stage(stage, number, level) for number, stage in enumerate(stages, 1))
    return format_html(_STAGES, SafeString("".join(drawn)))


def _draw_stage(stage: Mapping[str, Any], number: int, level: int) -> SafeString:
    steps = (
        _draw_step(step, SafeString(f"{number}-{place}")) for place, step in enumerate(stage["steps"], 1)
    )
    return format_html(
        _STAGE,
        level=level,
        number=number,
        title=stage["title"],
        state=format_html("{}\n", draw_state(stage["state"])) if stage.get("state") else NOTHING,
        steps=SafeString("".join(steps)),
    )


def _draw_step(step: Mapping[str, Any], number: SafeString) -> SafeString:
    hint, note = step.get("hint"), step.get("note")
    return format_html(
        _STEP,
        _WITH_LINK if step["url"] else NOTHING,
        step["state"],
        _draw_title(
            step["url"], step["title"], number, SafeString(f"task-{number}-hint ") if hint else NOTHING
        ),
        format_html(_HINT, number, hint) if hint else NOTHING,
        format_html('<div class="app-task-list__note">{}</div>\n', note) if note else NOTHING,
        number,
        draw_state(step["state"]),
    )


def _draw_title(url: str | None, title: str, number: SafeString, described_by: SafeString) -> SafeString:
    return (
        format_html(_LINK, url, described_by, number, title) if url else format_html("<div>{}</div>", title)
    )
