"""Problems of talking to Atlas, wherever in the journey they occur.

Sources are the error answers of the HVCA API document 2.1 and failure mode F49.
"""

from onboarding.journey.definitions import Actor, StepSlug
from onboarding.journey.problems.codes import ProblemCode
from onboarding.journey.problems.shape import ProblemDefinition

TALKS_TO_ATLAS = (
    StepSlug.REGISTER,
    StepSlug.INVITATION,
    StepSlug.PAYMENT_METHOD,
    StepSlug.QUOTE,
    StepSlug.IDENTITY_PROFILE,
    StepSlug.VERIFICATION,
    StepSlug.CERTIFICATE,
    StepSlug.PROOF,
)

PROBLEMS: tuple[ProblemDefinition, ...] = (
    ProblemDefinition(
        code=ProblemCode.ATLAS_DOWN,
        title="Atlas does not answer",
        what_happened=(
            "The portal asked Atlas several times, and Atlas did not answer or said that it is busy."
        ),
        why="The portal cannot see what happens in Atlas for now. What you did there is not lost.",
        what_to_do=(
            "You need not do anything: open the step again later and the portal asks again.",
            (
                "If you can work in the Atlas portal yourself, go on there and say here what you saw, with"
                " its date."
            ),
            "If it lasts longer than a day, tell the people who run this portal.",
        ),
        next_actor=Actor.GLOBALSIGN,
        steps=TALKS_TO_ATLAS,
        messages=("Service busy, please retry later", "Rate Limit Reached", "503", "429"),
    ),
    ProblemDefinition(
        code=ProblemCode.ATLAS_UNEXPECTED,
        title="Atlas answered something this portal does not know",
        what_happened=(
            "Atlas answered, and the answer is none that this portal expects. The portal does not guess what "
            "it means."
        ),
        why="The step stays as it was. Nothing was sent twice and nothing is lost.",
        what_to_do=(
            "Tell the people who run this portal and give them the time and your onboarding code.",
            (
                "If you can do the step in the Atlas portal yourself, do it there and say here what you saw,"
                " with its date."
            ),
        ),
        next_actor=Actor.OPS,
        steps=TALKS_TO_ATLAS,
    ),
)
