"""Reading the latent space of a generation.

`index.space.near` answers "what is near this text?", `index.space.define` gives one entry whole;
`index.space.results` holds the replies they give, and `index.space.calibration` what a similarity
means. This file imports none of them, since the store keeps a calibration.
"""
