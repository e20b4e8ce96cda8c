"""Whose task a step is, as ops tell it apart: in the addresses of their lists and in the numbers of their board."""

from onboarding.journey.steps import Actor

ACTOR_GROUPS: dict[str, tuple[Actor, ...]] = {
    "companies": (Actor.COMPANY,),
    "globalsign": (Actor.GLOBALSIGN, Actor.ATLAS),
    "us": (Actor.PORTAL, Actor.OPS),
}
