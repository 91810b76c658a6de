"""The values of options that a line leaves out."""

NEIGHBOURS = 5  # n= of `/near`
WALK_SEED, WALK_STEPS = 1, 6  # seed= and steps= of `/latent wander`; the same line, the same walk
GAPS = 10  # n= of `/near-admin gaps`
AUDITED = 20  # n= of `/near-admin log`
