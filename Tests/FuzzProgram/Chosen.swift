import FoundryFuzz

/// Set once, before the first input.
nonisolated(unsafe) var chosen = FuzzGround.manifest
