import FoundryModel

extension RandomValues {
    mutating func table<Value>(_ make: (inout Self) -> Value) -> [String: Value] {
        Dictionary(list { ($0.text(), make(&$0)) }, uniquingKeysWith: { first, _ in first })
    }

    mutating func secret() -> Secret { Secret(text()) }
    mutating func version() -> ReleaseVersion { ReleaseVersion("\(number()).\(number(0...9)).\(number(0...9))")! }
    mutating func releaseID() -> ReleaseID { ReleaseID(name: name(), version: version()) }
    mutating func parameterValue() -> ParameterValue {
        one(of: [.integer(Int64(number())), .boolean(flag()), .text(text())])
    }
    mutating func origin() -> ServiceOrigin {
        ServiceOrigin(by: text(), isBroker: flag(), context: table { $0.text() })
    }

    mutating func wishes() -> ServiceWishes {
        ServiceWishes(
            policy: ReleasePolicy(
                restartPolicy: some { $0.text() }, diskSync: some { $0.text() }, ioPerformance: some { $0.text() },
                fence: some { $0.text() }, whenLost: some { $0.text() }), memory: some { $0.text() },
            disk: some { $0.text() })
    }

    mutating func parameter() -> ReleaseParameter {
        ReleaseParameter(
            name: text(),
            kind: one(of: [
                .integer(minimum: Int64(number()), maximum: Int64(number())), .boolean, .text(longest: number()),
                .choice(list { $0.text() }),
            ]), defaultValue: some { $0.parameterValue() }, description: text(), needsRestart: flag())
    }

    mutating func releaseCheck() -> ReleaseCheck {
        ReleaseCheck(
            one(of: [.verb(text()), .engine(one(of: EngineProtocol.allCases)), .port, .process]),
            startPeriodMilliseconds: some { Int64($0.number()) }, intervalMilliseconds: some { Int64($0.number()) },
            timeoutMilliseconds: some { Int64($0.number()) })
    }

    mutating func manifest() -> ReleaseManifest {
        ReleaseManifest(
            name: name(), version: version(), title: text(), description: text(), documentation: some { $0.text() },
            tags: list { $0.text() },
            image: one(of: [.local(text()), .reference(text()), .packages(text()), .archive(text())]), port: number(),
            data: some { $0.text() }, tls: flag(), secrets: list { $0.text() }, values: table { $0.text() },
            health: releaseCheck(), readiness: some { $0.releaseCheck() }, cluster: some { $0.cluster() },
            plans: list {
                ReleasePlan(
                    name: PlanName("p-\($0.number())")!, description: $0.text(), members: $0.number(),
                    memory: $0.size(), cpu: $0.cpu(), disk: $0.some { $0.size() }, policy: $0.wishes().policy,
                    parameters: $0.table { $0.parameterValue() })
            }, parameters: list { $0.parameter() },
            binding: ReleaseBinding(
                parameters: list { $0.parameter() }, hasUsers: flag(), credentials: table { $0.text() }),
            verbs: list { $0.text() }, templates: templates())
    }

    mutating func templates() -> [ReleaseTemplate] {
        list { ReleaseTemplate(path: $0.text(), isExecutable: $0.flag()) }
    }

    mutating func cluster() -> ReleaseCluster { ReleaseCluster(start: one(of: ReleaseCluster.Start.allCases)) }

    mutating func release() -> ReleaseRecord {
        ReleaseRecord(
            manifest: manifest(), offering: id(), plans: table { $0.id() }, image: image(), digest: text(),
            signer: some { $0.text() }, isCurrent: flag(), installedAt: time(), installedBy: text())
    }

    mutating func serviceSecrets() -> ServiceSecrets {
        ServiceSecrets(
            named: table { $0.secret() },
            tls: some {
                ServiceCertificate(
                    authority: $0.text(), certificate: $0.text(), key: $0.secret(), expiresAt: $0.time())
            })
    }

    mutating func instance() -> ServiceInstanceRecord {
        ServiceInstanceRecord(
            id: id(), name: name(), workload: id(), offering: id(), release: releaseID(), plan: id(),
            parameters: table { $0.parameterValue() }, wishes: wishes(), secrets: serviceSecrets(), isFounded: flag(),
            operation: ServiceOperation(
                kind: one(of: [.create, .update, .delete]),
                state: one(of: [.inProgress, .succeeded, .failed(error())]),
                job: id(),
                before: some {
                    ServiceBefore(
                        release: $0.releaseID(), plan: $0.id(), parameters: $0.table { $0.parameterValue() },
                        wishes: $0.wishes())
                }, createdAt: time(), updatedAt: time()), origin: origin(), labels: table { $0.text() },
            annotations: table { $0.text() }, createdAt: time(), updatedAt: time())
    }

    mutating func binding() -> BindingRecord {
        BindingRecord(
            id: id(), instance: id(), app: some { $0.id() }, name: some { $0.text() }, user: some { $0.text() },
            password: some { $0.secret() }, parameters: table { $0.parameterValue() },
            state: one(of: [
                .binding(id()), .bound, .renewing(id()), .failed(error()), .unbinding(id()), .revoked,
            ]), appliedTo: some { BindingPlace(volume: $0.id(), branch: $0.number()) }, predecessor: some { $0.id() },
            retiresAt: some { $0.time() }, job: id(), origin: origin(), labels: table { $0.text() },
            annotations: table { $0.text() }, createdAt: time(), updatedAt: time())
    }

    mutating func brokerCredential() -> BrokerCredentialRecord {
        BrokerCredentialRecord(
            name: TokenName("c-\(number())")!, hash: text(), createdAt: time(), createdBy: text())
    }

    mutating func serviceSpec() -> ServiceSpec {
        ServiceSpec(
            instance: id(), values: table { $0.text() }, waiting: list { $0.text() }, templates: templates(),
            cluster: some { $0.cluster() }, verbs: list { $0.text() }, data: some { $0.text() })
    }

    mutating func serviceOrder() -> ServiceOrder {
        ServiceOrder(
            secrets: serviceSecrets(), isFounded: flag(),
            peers: list { PeerOrder(member: $0.id(), index: $0.number(), name: $0.text(), slot: $0.number()) })
    }

    mutating func boundServices() -> BoundServicesOrder {
        BoundServicesOrder(
            environment: table { $0.secret() }, files: table { $0.secret() },
            routes: list { BoundRoute(name: $0.text(), port: $0.number()) })
    }

    mutating func verbOrder() -> VerbOrder {
        VerbOrder(
            id: id(), member: id(), verb: text(), environment: table { $0.text() }, input: some { $0.secret() })
    }

    mutating func verbStatus() -> VerbStatus { VerbStatus(id: id(), outcome: one(of: [.done, .failed(error())])) }
}
