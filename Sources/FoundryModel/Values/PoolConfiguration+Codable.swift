/// One key says which it is: `{"file": 10737418240}`, `{"device": "/dev/sdb"}`, `{"directory": "/srv/foundry"}`.
extension PoolConfiguration {
    private enum Key: String, CodingKey {
        case file, device, directory
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        guard container.allKeys.count == 1, let key = container.allKeys.first else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "one of file, device, directory is expected"))
        }
        switch key {
        case .file: self = .file(size: try container.decode(ByteCount.self, forKey: key))
        case .device: self = .device(try container.decode(String.self, forKey: key))
        case .directory: self = .directory(try container.decode(String.self, forKey: key))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .file(let size): try container.encode(size, forKey: .file)
        case .device(let path): try container.encode(path, forKey: .device)
        case .directory(let path): try container.encode(path, forKey: .directory)
        }
    }
}
