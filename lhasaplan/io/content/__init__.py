"""The shipped content: rule packs, layer specifications, policy, classes, translations, and the seal on them."""
