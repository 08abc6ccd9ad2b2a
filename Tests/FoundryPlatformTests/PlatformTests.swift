import Testing

/// Whole installations, one after the other: they share two cores with everything else.
@Suite("The platform", .serialized)
struct PlatformTests {}
