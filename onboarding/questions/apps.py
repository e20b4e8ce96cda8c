"""App configuration of this room, and what it adds to the journey's pages when the portal starts."""

from django.apps import AppConfig


class QuestionsConfig(AppConfig):
    """Registers the room under the label `questions`."""

    name = "onboarding.questions"
    label = "questions"

    def ready(self) -> None:
        """Listen to journey/, which knows nothing of questions."""
        from onboarding.questions import page_parts, receivers  # noqa: F401  registers itself
