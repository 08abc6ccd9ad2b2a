extension NewRelease {
    /// Redis with a user for each binding, whole.
    var store: [String: File] {
        [
            "release.yml": File(text: manifest), "templates/redis.conf": File(text: configuration),
            "verbs/start": File(text: Self.start, isProgram: true),
            "verbs/ready": File(text: Self.ready, isProgram: true),
            "verbs/admin": File(text: Self.admin, isProgram: true),
            "verbs/bind": File(text: Self.bind, isProgram: true),
            "verbs/unbind": File(text: Self.unbind, isProgram: true),
            "drill/write": File(text: Self.write, isProgram: true),
            "drill/read": File(text: Self.read, isProgram: true),
        ]
    }

    private var manifest: String {
        """
        format: 1
        name: \(name)
        version: 0.1.0               # of the release
        title: \(name)
        description: Keys and values, each acknowledged write on the disk.
        image: {local: "\(Self.usualImage)"}    # or `packages: image`: built from Debian packages, as image/ says
        port: \(port)                   # inside the member; the route leads to it
        data: \(data ?? Self.usualData)                  # where the disk is mounted
        secrets: [admin_password]    # made for each instance: /foundry/secrets/admin_password
        health: {protocol: redis}    # who does not answer is restarted; verbs/ready: whether the route leads to it
        plans:
          small: {description: "One server, 256 MB", memory: 256M, cpu: 1, disk: 1G}
        parameters:                  # users set them; templates know them by their names
          max_clients: {type: integer, minimum: 10, maximum: 10000, default: 100, description: Clients at once}
        binding:                     # verbs/bind makes a user for each
          credentials:
            uri: "redis://{{user}}:{{password}}@{{host}}:{{port}}/0"
            host: "{{host}}"
            port: "{{port}}"
            username: "{{user}}"
            password: "{{password}}"

        """
    }

    /// Rendered to /foundry/config/redis.conf.
    private var configuration: String {
        """
        # /foundry/config/redis.conf of each member
        port \(port)
        protected-mode no
        maxclients {{max_clients}}
        appendonly yes
        appendfsync always

        """
    }

    private static let start = """
        #!/bin/sh
        # Becomes the server. The administrator's line is made anew; those of bound users stay.
        set -eu; umask 077
        users=$FOUNDRY_DATA/users.acl
        hash=$(printf %s "$(cat /foundry/secrets/admin_password)" | sha256sum)
        printf 'user default off\\nuser admin on #%s ~* &* +@all\\n' "${hash%% *}" >"$users.new"
        [ ! -e "$users" ] || sed '/^user \\(default\\|admin\\) /d' "$users" >>"$users.new"
        sync "$users.new" && mv "$users.new" "$users"
        exec redis-server /foundry/config/redis.conf --dir "$FOUNDRY_DATA" --aclfile "$users"

        """

    private static let admin = """
        #!/bin/sh
        # admin WORD...: one command to the server
        export REDISCLI_AUTH="$(cat /foundry/secrets/admin_password)"
        exec redis-cli -p "$(sed -n 's/^port //p' /foundry/config/redis.conf)" --user admin --no-auth-warning -e "$@"

        """

    private static let ready = """
        #!/bin/sh
        exec "${0%/*}/admin" PING

        """

    private static let bind = """
        #!/bin/sh
        # The password comes on standard input. Run twice, it sets the same user again.
        set -eu
        read -r password
        hash=$(printf %s "$password" | sha256sum)
        printf '#%s' "${hash%% *}" | "${0%/*}/admin" -x ACL SETUSER "$FOUNDRY_BINDING_USER" reset on '~*' '&*' +@all -@admin -@dangerous
        "${0%/*}/admin" ACL SAVE

        """

    private static let unbind = """
        #!/bin/sh
        "${0%/*}/admin" ACL DELUSER "$FOUNDRY_BINDING_USER" && "${0%/*}/admin" ACL SAVE

        """

    /// The drill's words to the server, with the credentials of a binding.
    private static let client = """
        export REDISCLI_AUTH="$FOUNDRY_CREDENTIAL_PASSWORD"
        redis() { timeout 10 redis-cli -e -h "$FOUNDRY_CREDENTIAL_HOST" -p "$FOUNDRY_CREDENTIAL_PORT" --user "$FOUNDRY_CREDENTIAL_USERNAME" --no-auth-warning "$@"; }
        """

    private static let write = """
        #!/bin/sh
        # Numbers come in; what was acknowledged goes out.
        \(client)
        while read -r number; do redis SADD drill "$number" >/dev/null && echo "$number" || exit 1; done

        """

    private static let read = """
        #!/bin/sh
        \(client)
        redis SMEMBERS drill

        """
}
