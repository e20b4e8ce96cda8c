"""Problems of the portal itself, in the steps that its workers have a part in.

What Atlas or a key vault refuses is in the files beside this one.
"""

from onboarding.journey.definitions import Actor, StepSlug
from onboarding.journey.problems.codes import ProblemCode
from onboarding.journey.problems.shape import ProblemDefinition

PROBLEMS: tuple[ProblemDefinition, ...] = (
    ProblemDefinition(
        code=ProblemCode.PORTAL_LOOK_ENDED,
        title="The portal could not finish its part of this step",
        what_happened=(
            "The portal began its part of this step several times, and each time the program that does it was"
            " ended before it had finished."
        ),
        why=(
            "The portal has stopped trying, so that other companies are not held up. What you did is kept, and"
            " nothing is sent twice."
        ),
        what_to_do=(
            "Ops see this problem on their board, fix its cause, and tell you when. Ops: search the log of the workers"
            " for the onboarding's step and the word SIGKILL or WorkerLostError; too little memory is the most"
            " frequent cause.",
            "When they have told you, try this step again.",
        ),
        next_actor=Actor.OPS,
        steps=(
            StepSlug.REGISTER,
            StepSlug.INVITATION,
            StepSlug.PAYMENT_METHOD,
            StepSlug.QUOTE,
            StepSlug.IDENTITY_PROFILE,
            StepSlug.VERIFICATION,
            StepSlug.CSR,
            StepSlug.CERTIFICATE,
            StepSlug.PFX,
            StepSlug.PROOF,
        ),
        messages=("WorkerLostError", "SIGKILL"),
    ),
)
