extension NewRelease {
    /// What is certain of any service: where it listens, and where its data lies.
    var frame: [String: File] {
        var files = ["release.yml": File(text: manifest)]
        if !packages.isEmpty {
            files["image/packages.txt"] = File(text: packages.map { $0 + "\n" }.joined())
            files["image/image.json"] = File(text: image(main: packages[0]))
        }
        return files
    }

    private var manifest: String {
        """
        format: 1
        name: \(name)
        version: 0.1.0               # of the release
        title: \(name)
        description: A service of \(packages.isEmpty ? image ?? "" : packages.joined(separator: ", ")).
        image: \(source)
        port: \(port)                   # inside the member; the route leads to it
        \(data.map { "data: \($0)                  # where the disk is mounted" } ?? "# data: /data                # where a disk is mounted; plans say how large it is")
        health: {port: true}         # who takes no connection is restarted; or {verb: alive}, of verbs/
        # verbs/start runs in place of the image's own program; verbs/ready says whether the route leads to it
        plans:
          small: {description: "One server, 256 MB", memory: 256M, cpu: 1\(data == nil ? "" : ", disk: 1G")}
        binding:                     # with verbs/bind and verbs/unbind each binding has {{user}} and {{password}}
          credentials:
            host: "{{host}}"
            port: "{{port}}"

        """
    }

    private var source: String {
        guard let image else { return "{packages: image}    # built from Debian packages, as image/ says" }
        return image.contains("@") ? "{reference: \"\(image)\"}" : "{local: \"\(image)\"}    # lies here already"
    }

    /// - Parameter main: its version is the image's.
    private func image(main: String) -> String {
        """
        {
          "versionPackage": "\(main)",
          "engine": "\(name)",
          "description": "\(main) from Debian packages",
          "config": {
            "ExposedPorts": { "\(port)/tcp": {} },
            "Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8"],
            "Entrypoint": ["\(main)"]
          }
        }

        """
    }
}
