import FoundryModel

/// What a fence's evidence says, whatever it is worth to a volume.
extension FenceRecord {
    /// A machine that rejoins under the cell's name proves nothing about the one before.
    func isAgainst(_ volume: VolumeRecord) -> Bool {
        cell == volume.cell && (volume.incarnation == nil || volume.incarnation == incarnation)
    }

    var hasPowerEvidence: Bool {
        evidence.contains {
            switch $0 {
            case .power: true
            case .word, .expiry, .person: false
            }
        }
    }

    /// A person answers for it that the machine is off.
    public var hasWordOfPerson: Bool {
        evidence.contains {
            switch $0 {
            case .person: true
            case .word, .expiry, .power: false
            }
        }
    }

    /// Its cell gave its word never to start the volume under this epoch.
    func promises(_ volume: VolumeID, at epoch: Epoch) -> Bool {
        evidence.contains {
            switch $0 {
            case .word(let promises): promises.cover(volume, at: epoch)
            case .expiry, .power, .person: false
            }
        }
    }
}

extension [VolumePromise] {
    func cover(_ volume: VolumeID, at epoch: Epoch) -> Bool { contains { $0.volume == volume && $0.epoch >= epoch } }
}
