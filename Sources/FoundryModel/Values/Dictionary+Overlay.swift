extension Dictionary {
    /// With the entries of another, which win.
    public func overlaid(by other: Self) -> Self {
        var both = self
        for (key, value) in other { both[key] = value }
        return both
    }
}
