"""Keeping the filters of the list of companies under a name, for the person who did."""

from onboarding.ops.models import SavedView
from onboarding.people.decisions import StateConflict
from onboarding.people.models import User

MOST = 30  # of one person


def save_view(user: User, name: str, query: str) -> SavedView:
    """Store it; one of the same name is replaced. Raises StateConflict when there are too many."""
    own = SavedView.objects.filter(user=user)
    if own.count() >= MOST and not own.filter(name=name).exists():
        raise StateConflict(f"You have {MOST} saved views already. Delete one that you do not need.")
    made: SavedView = SavedView.objects.update_or_create(user=user, name=name, defaults={"query": query})[0]
    return made


def delete_view(user: User, pk: int) -> str:
    """Delete one of the person's own; its name, or empty where there is none (any more)."""
    found = SavedView.objects.filter(user=user, pk=pk).first()
    if found is None:
        return ""
    found.delete()
    return found.name
