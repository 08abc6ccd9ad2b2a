/// How an error looks on each surface.
public struct ErrorSurface: Hashable, Sendable {
    public var httpStatus: Int
    /// Cloud Foundry's numeric code and title.
    public var cloudFoundryCode: Int
    public var cloudFoundryTitle: String
    /// Of the CLI: 2 usage, 3 not found, 4 refused, 5 not ready, 6 the platform failed, 7 not signed in.
    public var exitCode: Int32
    /// One sentence for the reference.
    public var meaning: String
}

extension ErrorCode {
    public var surface: ErrorSurface {
        switch self {
        case .badRequest: .request(400, 1001, "CF-MessageParseError", "The request cannot be understood.")
        case .bodyTooLarge: .request(413, 1001, "CF-MessageParseError", "The body is larger than the limit of 1 MiB.")
        case .notJSON:
            .request(
                400, 1001, "CF-MessageParseError", "The body is not JSON, or not YAML where a manifest is expected.")
        case .unknownField: .refused("A field is not known; the message names it and the nearest known one.")
        case .wrongType: .refused("A field has the wrong type.")
        case .unauthenticated: .init(401, 10002, "CF-NotAuthenticated", 7, "No token, or a wrong one.")
        case .forbidden: .init(403, 10003, "CF-NotAuthorized", 7, "The token or the certificate may not do this.")
        case .notFound: .missing("The thing does not exist.")
        case .unknownRequest: .init(404, 10000, "CF-NotFound", 3, "No such path.")
        case .methodNotAllowed: .init(405, 10000, "CF-NotFound", 2, "The path exists, the method does not.")
        case .conflict: .init(409, 10016, "CF-Conflict", 4, "Somebody else changed it at the same time; try again.")
        case .tooManyRequests:
            .init(429, 10013, "CF-RateLimitExceeded", 5, "A limit of waiting requests is reached; try again.")
        case .nameInvalid:
            .refused("A name must be a DNS label: a-z, 0-9, hyphens, beginning with a letter, at most 63.")
        case .nameTaken:
            .refused("The name stands twice in a manifest; or a token, a snapshot or a log drain of that name exists.")
        case .imageInvalid: .refused("The image reference cannot be read.")
        case .imageUnknown: .refused("No local image and no alias has this name; or the registry does not know it.")
        case .imageUnreachable: .refused("The registry cannot be reached.")
        case .imageUnsupported: .refused("The image is not one that this machine can run.")
        case .imageDenied: .refused("The registry asks for a name and a password, or for others.")
        case .imageMismatch: .refused("What came of an image is not what its digest says.")
        case .imageInterrupted: .refused("The registry broke off in the middle of an image.")
        case .imageInUse: .init(409, 10016, "CF-Conflict", 4, "An app runs from the image, or it is bundled.")
        case .imageUnfit: .refused("The image says that it does not open the files on the app's disk.")
        case .diskFull: .refused("The machine has no room for an image.")
        case .sizeInvalid: .refused("A size cannot be read, or is outside its limits.")
        case .policyUnknown: .refused("A word of a policy is not known.")
        case .policyConflict: .refused("Two words of a policy exclude each other, or one needs another.")
        case .environmentInvalid: .refused("A variable's name or value is not allowed.")
        case .mountInvalid: .refused("A mount path is not absolute, or is not allowed.")
        case .diskRequired: .refused("The image keeps data in a VOLUME, and neither --disk nor --ephemeral says where.")
        case .diskUnused: .refused("--disk is given, the image has no VOLUME, and no --mount says where it goes.")
        case .portInvalid: .refused("A port is outside its range, or cannot be chosen.")
        case .portTaken: .refused("Another route has the port.")
        case .portsExhausted: .refused("Every port of the range is in use.")
        case .publicRoutesDisabled: .refused("Public routes are not configured on this platform.")
        case .healthInvalid: .refused("A health check's figure is outside its limits.")
        case .capacityShort: .refused("No cell has room for it; the message says what is short.")
        case .appNotFound: .missing("No app has this name.")
        case .appBusy: .init(409, 10016, "CF-Conflict", 4, "Another operation on the app has not ended yet.")
        case .appCrashed: .init(422, 170_001, "CF-StagingError", 5, "The app's process ended too often.")
        case .appStartTimeout: .init(422, 170_001, "CF-StagingError", 5, "The app did not become healthy in time.")
        case .changeUndone:
            .init(
                422, 170_001, "CF-StagingError", 5,
                "A change did not become healthy; the app went back to what it was before.")
        case .cellLost:
            .platform(503, "The cell of a member is lost; it waits for the cell, for evidence or for a person.")
        case .memberNotRunning: .data("The member has no process that a command could run beside.")
        case .programNotFound: .refused("The member has no such program; `foundry exec` ends with 127.")
        case .programNotExecutable:
            .refused("The member has the file, and cannot run it; `foundry exec` ends with 126.")
        case .execBroken: .platform(503, "A command in a member was ended from outside; the message says by what.")
        case .volumeNotFound: .missing("No volume has this id.")
        case .volumeMissing: .data("The volume was made once, and is not on its cell.")
        case .volumeEmpty: .data("The volume was made once, and its data is gone.")
        case .volumeForeign: .data("The volume's label names another lineage, branch or machine.")
        case .volumeOlder: .data("The volume's label carries an older epoch than the record.")
        case .volumeNewer: .data("The volume's label carries a newer epoch than the order.")
        case .volumeUnreadable: .data("The volume's label cannot be read.")
        case .volumeUnsealed: .data("The volume was not sealed by its last holder.")
        case .volumeInUse: .data("The volume is in use by another member.")
        case .poolFull: .refused("The pool has no room for a volume, or a snapshot, of this size.")
        case .snapshotNotFound: .missing("No snapshot has this name or id.")
        case .snapshotForeign:
            .data("The snapshot's label cannot be read, or names another volume; it is left as it is.")
        case .releaseInvalid: .refused("A release has mistakes; the detail lists every one with its file and line.")
        case .releaseUntrusted: .refused("A release is not signed by a key that is trusted here.")
        case .releaseNotFound: .missing("No release of this name, or version, is installed.")
        case .releaseInUse: .init(409, 10016, "CF-Conflict", 4, "Instances run from the release.")
        case .releaseExists:
            .init(409, 10016, "CF-Conflict", 4, "This version of the release is installed, with other contents.")
        case .offeringNotFound: .missing("No offering has this name or id.")
        case .planNotFound: .missing("The offering has no such plan.")
        case .parameterInvalid: .refused("A parameter is not known, or its value is outside of its bounds.")
        case .serviceNotFound: .missing("No service instance has this name or id.")
        case .serviceTaken:
            .init(409, 60002, "CF-ServiceInstanceNameTaken", 4, "Another app or service instance has this name or id.")
        case .serviceBusy:
            .init(
                409, 60016, "CF-AsyncServiceInstanceOperationInProgress", 4,
                "An operation on the service instance has not ended yet.")
        case .serviceInUse: .init(422, 10006, "CF-AssociationNotEmpty", 4, "The service instance has bindings.")
        case .serviceWorkload: .refused("What runs for a service instance is no app of its own.")
        case .serviceNotReady: .data("The service instance does not serve now.")
        case .planNotUpdateable: .refused("The instance cannot go from its plan to this one.")
        case .maintenanceInfoConflict: .refused("The version that is named is not the one of the catalog.")
        case .bindingNotFound: .missing("No service binding, or key, has this name or id.")
        case .bindingTaken: .refused("A binding of this id or name exists, or the app is bound already.")
        case .verbFailed: .data("A verb of the release failed in the member; the message has its last words.")
        case .asyncRequired: .refused("The broker does this work asynchronously only: `accepts_incomplete=true`.")
        case .brokerVersion: .init(412, 1001, "CF-MessageParseError", 2, "The broker does not speak this version.")
        case .secretsUnreadable:
            .platform(500, "Secrets in the store cannot be read: their key file is missing or another one.")
        case .notRunning: .platform(503, "The platform is not running.")
        case .alreadyRunning: .init(409, 10016, "CF-Conflict", 4, "It runs already.")
        case .unreachable: .platform(503, "The API does not answer.")
        case .machineUnfit: .platform(503, "The machine lacks something that is needed; the message names it.")
        case .configurationInvalid: .platform(500, "The configuration cannot be used; the message names the key.")
        case .commandFailed: .platform(500, "A program that the platform runs failed; the detail has its words.")
        case .storeUnavailable: .platform(503, "The store cannot be read or written.")
        case .recordUnreadable: .platform(500, "A stored record cannot be read; it is left as it is.")
        case .backupInvalid: .refused("The file is no whole backup of this installation's store.")
        case .timedOut: .platform(504, "It took longer than its limit.")
        case .internalError: .platform(500, "A defect of the platform; its log has more.")
        case .usage: .request(400, 1001, "CF-MessageParseError", "The command line cannot be understood.")
        }
    }
}

extension ErrorSurface {
    fileprivate init(_ httpStatus: Int, _ code: Int, _ title: String, _ exitCode: Int32, _ meaning: String) {
        self.init(
            httpStatus: httpStatus, cloudFoundryCode: code, cloudFoundryTitle: title, exitCode: exitCode,
            meaning: meaning)
    }

    fileprivate static func request(_ status: Int, _ code: Int, _ title: String, _ meaning: String) -> Self {
        Self(status, code, title, 2, meaning)
    }
    fileprivate static func refused(_ meaning: String) -> Self {
        Self(422, 10008, "CF-UnprocessableEntity", 4, meaning)
    }
    fileprivate static func missing(_ meaning: String) -> Self { Self(404, 10010, "CF-ResourceNotFound", 3, meaning) }
    fileprivate static func data(_ meaning: String) -> Self { Self(409, 10016, "CF-Conflict", 5, meaning) }
    fileprivate static func platform(_ status: Int, _ meaning: String) -> Self {
        Self(status, 10001, status == 503 ? "CF-ServiceUnavailable" : "CF-ServerError", 6, meaning)
    }
}
