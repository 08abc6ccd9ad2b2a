/// The rules that keep members apart.
enum Firewall {
    /// Replaces the table in one transaction: at no moment is it missing, once it was there.
    ///
    /// - Parameter interfaces: a pattern that the host ends of all members match: `fab12cd.*`.
    static func rules(table: String, interfaces: String) -> String {
        """
        add table inet \(table)
        flush table inet \(table)
        table inet \(table) {
            chain input {
                type filter hook input priority filter; policy accept;
                iifname "\(interfaces)" ct state established,related accept
                iifname "\(interfaces)" drop
            }
            chain forward {
                type filter hook forward priority filter; policy accept;
                iifname "\(interfaces)" drop
                oifname "\(interfaces)" drop
            }
        }

        """
    }
}
