"""The shipped content: rule packs, layer specifications, policy, classes, wording, and the seal on them."""
