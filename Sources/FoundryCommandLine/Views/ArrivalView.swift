import FoundryClient
import FoundryModel

/// What came of an image, layer by layer.
public struct ArrivalView {
    private let arrival: ImageArrival

    public init(_ arrival: ImageArrival) { self.arrival = arrival }

    public func lines(on terminal: Terminal) -> [String] {
        let new = arrival.layers.filter(\.isNew)
        let size = ByteCount(bytes: new.map(\.size).reduce(0, +))
        let came = new.isEmpty ? "every layer was here" : "\(new.count) of \(arrival.layers.count) layers came, \(size)"
        return [
            TextStyle.strong.applied(to: DisplayText.harmless(arrival.image.name), on: terminal) + " is here: " + came,
            "digest  \(DisplayText.harmless(arrival.image.digest))",
        ]
            + arrival.layers.map { layer in
                "layer   \(DisplayText.harmless(String(layer.digest.dropFirst(7).prefix(12))))  "
                    + "\(ByteCount(bytes: layer.size))" + (layer.isNew ? "" : ", was here")
            }
    }
}
