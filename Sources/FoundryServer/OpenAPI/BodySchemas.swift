import FoundryModel

/// Bodies that are read field by field, with what each field takes. What they mean is in docs/reference/api.md.
enum BodySchemas {
    private static let text: JSONNode = ["type": "string"]
    private static let whole: JSONNode = ["type": "integer"]
    private static let flag: JSONNode = ["type": "boolean"]
    /// A text with a unit, or a number.
    private static let quantity: JSONNode = ["anyOf": [["type": "string"], ["type": "number", "minimum": 0]]]

    static let serviceInstance = serviceFields(needs: ["name", "relationships"])
    static let serviceChange = serviceFields(needs: [])
    static let servicePlanning = object(["guid": text, "instance": serviceChange], needs: ["instance"])
    private static let parameters: JSONNode = [
        "type": "object",
        "additionalProperties": ["anyOf": [["type": "integer"], ["type": "boolean"], ["type": "string"]]],
    ]
    private static let related = object(["data": object(["guid": text])])
    private static let metadata = object(["labels": ["type": "object"], "annotations": ["type": "object"]])

    private static func serviceFields(needs: [String]) -> JSONNode {
        object(
            [
                "type": words("managed"), "name": text, "parameters": parameters,
                "tags": ["type": "array", "items": ["type": "string"]],
                "relationships": object(["service_plan": related, "space": related]), "metadata": metadata,
                "maintenance_info": object(["version": text, "description": text]),
                "foundry": object([
                    "restart_policy": text, "disk_sync": text, "io_performance": text, "fence": text,
                    "when_lost": text, "memory": quantity, "disk": quantity,
                ]),
            ], needs: needs)
    }

    static let serviceBinding = object(
        [
            "type": words("app", "key"), "name": text, "parameters": parameters,
            "relationships": object(["service_instance": related, "app": related]), "metadata": metadata,
        ], needs: ["type", "relationships"])
    static let rotation = object(["overlap_seconds": whole])
    static let release = object(["upload": text, "signer": text, "image": text], needs: ["upload"])
    static let brokerCredential = object(["name": text], needs: ["name"])

    private static let brokerFields: [String: JSONNode] = [
        "service_id": text, "plan_id": text, "parameters": parameters, "context": ["type": "object"],
    ]
    static let brokerInstance = open(
        brokerFields.merging(["organization_guid": text, "space_guid": text]) { $1 }, needs: ["service_id", "plan_id"])
    static let brokerUpdate = open(brokerFields, needs: ["service_id"])
    static let brokerBinding = open(
        brokerFields.merging(["predecessor_binding_id": text]) { $1 }, needs: ["service_id", "plan_id"])

    /// Fields that are not known are passed over.
    private static func open(_ fields: [String: JSONNode], needs: [String]) -> JSONNode {
        ["type": "object", "properties": .object(fields), "required": .list(needs.map { .text($0) })]
    }

    private static func object(_ fields: [String: JSONNode], needs: [String] = []) -> JSONNode {
        let schema: JSONNode = ["type": "object", "properties": .object(fields), "additionalProperties": false]
        return needs.isEmpty ? schema : schema.with(["required": .list(needs.map { .text($0) })])
    }

    private static func words(_ words: String...) -> JSONNode {
        ["type": "string", "enum": .list(words.map { .text($0) })]
    }

    private static let checkKind = words("port", "http", "command", "engine", "process")

    private static let check = object([
        "type": checkKind, "http-endpoint": text, "command": text, "start-period": quantity, "interval": quantity,
        "timeout": quantity,
    ])

    private static func flatCheck(_ name: String) -> [String: JSONNode] {
        [
            name: check, name + "-type": checkKind, name + "-http-endpoint": text, name + "-command": text,
            name + "-interval": quantity, name + "-invocation-timeout": quantity,
        ]
    }

    private static let application = object(
        [
            "name": text, "image": text, "docker": object(["image": text]), "memory": quantity, "cpu": quantity,
            "disk": quantity, "disk_quota": quantity, "mount": text, "ephemeral": flag,
            "env": ["type": "object", "additionalProperties": ["type": "string"]],
            "restart-policy": words("consistent", "available"), "disk-sync": text, "io-performance": text,
            "tolerates": text, "fence": words("session", "power", "person"), "when-lost": words("wait", "empty"),
            "target-port": whole, "port": whole, "public": flag, "no-route": flag, "random-route": flag,
            "default-route": flag,
            "routes": ["type": "array", "items": object(["route": text, "protocol": text]), "maxItems": 1],
            "timeout": quantity, "instances": whole, "start": flag,
        ].merging(flatCheck("health-check")) { $1 }.merging(flatCheck("readiness-health-check")) { $1 },
        needs: ["name"])

    static let manifest = object(
        [
            "version": ["type": "integer", "enum": [1]],
            "applications": [
                "type": "array", "items": application, "minItems": 1,
                "maxItems": .number(ManifestLimits.applications),
            ],
        ], needs: ["applications"])

    private static let processCheck = object([
        "type": checkKind,
        "data": object([
            "endpoint": text, "command": text, "timeout": quantity, "invocation_timeout": quantity,
            "interval": quantity,
        ]),
    ])

    static let checks = object(["health_check": processCheck, "readiness_health_check": processCheck])

    static let scale = object([
        "memory_in_mb": whole, "disk_in_mb": whole, "memory": quantity, "cpu": quantity, "disk": quantity,
        "instances": whole, "restart": flag,
    ])

    static let token = object(
        ["name": text, "is_read_only": flag, "expires_in_seconds": whole], needs: ["name"])
    static let drain = object(["url": text], needs: ["url"])
    static let snapshot = object(["name": text, "instance": whole])
    static let clone = object(
        ["name": text, "snapshot": text, "instance": whole, "port": whole], needs: ["name"])
    static let rewind = object(["snapshot": text, "copy": text, "instead_of": text])
}
