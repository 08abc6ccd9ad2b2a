import Glibc

exit(FoundrySim.run(Array(CommandLine.arguments.dropFirst())))
