/// The files of the installation's own certificate authority, all PEM, keys of mode 0600.
extension Paths {
    /// Signs every certificate of the installation; clients trust it and nothing else.
    public var authority: String { "\(tls)/ca.pem" }

    /// - Parameter holder: `server`, `cell`, `router`.
    public func certificate(of holder: String) -> String { "\(tls)/\(holder).pem" }
    public func key(of holder: String) -> String { "\(tls)/\(holder).key" }
}
